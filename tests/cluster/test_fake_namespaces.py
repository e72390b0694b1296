import pytest
from kubernetes import client

from cluster.manifests import config_map, deployment, pod, refused, wait_until, wait_until_gone

POD_SECURITY = pytest.mark.since("1.23", "pod security admission")


@pytest.mark.since("1.21", "the label kubernetes.io/metadata.name")
def test_a_new_namespace_is_active_and_named_by_a_label(core, namespace):
    found = core.read_namespace(namespace)

    assert found.status.phase == "Active"
    assert found.metadata.labels["kubernetes.io/metadata.name"] == namespace


def test_a_new_namespace_gets_a_service_account_and_the_cluster_s_authority(core, namespace):
    wait_until(core.list_namespaced_service_account, namespace, holds=lambda each: each.metadata.name == "default")
    authority = wait_until(
        core.list_namespaced_config_map, namespace, holds=lambda each: each.metadata.name == "kube-root-ca.crt"
    )

    assert authority.data["ca.crt"].startswith("-----BEGIN CERTIFICATE-----")


def test_deleting_a_namespace_deletes_what_is_in_it_first(core, apps, namespace):
    core.create_namespaced_config_map(namespace, config_map("one"))
    apps.create_namespaced_deployment(namespace, deployment("web"))

    core.delete_namespace(namespace)
    wait_until_gone(core.list_namespace, field_selector=f"metadata.name={namespace}")

    with refused(404):
        core.read_namespaced_config_map("one", namespace)
    assert not core.list_namespaced_pod(namespace).items


def test_nothing_new_enters_a_namespace_that_is_going(fake, core):
    fake.switch(namespace_deletion_seconds=60)
    core.create_namespace({"metadata": {"name": "going"}})
    deleted = core.delete_namespace("going")

    assert core.read_namespace("going").status.phase == "Terminating"
    assert deleted
    with refused(403, "because it is being terminated"):
        core.create_namespaced_config_map("going", config_map("one"))


def test_a_namespace_waits_for_the_finalizers_of_what_is_in_it(core, namespace):
    held = config_map("held")
    held["metadata"]["finalizers"] = ["tests.example.com/hold"]
    core.create_namespaced_config_map(namespace, held)

    core.delete_namespace(namespace)
    wait_until_gone(core.list_namespaced_config_map, namespace, field_selector="metadata.name=kube-root-ca.crt")
    phase = core.read_namespace(namespace).status.phase
    core.patch_namespaced_config_map("held", namespace, {"metadata": {"finalizers": None}})

    assert phase == "Terminating"
    wait_until_gone(core.list_namespace, field_selector=f"metadata.name={namespace}")


@pytest.fixture
def restricted(core, namespace):
    """A namespace that enforces the restricted Pod Security Standard."""
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    core.patch_namespace(namespace, {"metadata": {"labels": labels}})
    wait_until(core.list_namespaced_service_account, namespace, holds=lambda each: each.metadata.name == "default")
    return namespace


def test_a_pod_that_keeps_the_restricted_standard_is_admitted(core, restricted):
    assert core.create_namespaced_pod(restricted, pod("web"))


@POD_SECURITY
@pytest.mark.parametrize(
    ("container", "spec", "word"),
    [
        ({"securityContext": {"privileged": True}}, {}, "privileged"),
        ({}, {"hostNetwork": True}, "hostNetwork"),
        ({}, {"volumes": [{"name": "host", "hostPath": {"path": "/etc"}}]}, "hostPath"),
    ],
)
def test_a_pod_that_breaks_the_restricted_standard_is_refused(core, restricted, container, spec, word):
    body = pod("web", **container)
    body["spec"] |= spec

    with refused(403, word):
        core.create_namespaced_pod(restricted, body)


@POD_SECURITY
def test_a_deployment_that_breaks_the_standard_is_stored_and_says_why_it_has_no_pods(core, apps, restricted):
    apps.create_namespaced_deployment(restricted, deployment("web", securityContext={"privileged": True}))

    events = wait_until(
        core.list_namespaced_event,
        restricted,
        holds=lambda event: event.reason == "FailedCreate",
    )

    assert "privileged" in events.message
    assert not core.list_namespaced_pod(restricted).items


def test_what_an_object_owns_is_deleted_with_it(core, namespace):
    owner = core.create_namespaced_config_map(namespace, config_map("owner"))
    owned = config_map("owned")
    owned["metadata"]["ownerReferences"] = [reference_to(owner)]
    core.create_namespaced_config_map(namespace, owned)

    core.delete_namespaced_config_map("owner", namespace)

    wait_until_gone(core.list_namespaced_config_map, namespace, field_selector="metadata.name=owned")


def test_what_an_object_owns_outlives_it_when_it_is_orphaned(core, namespace):
    owner = core.create_namespaced_config_map(namespace, config_map("owner"))
    owned = config_map("owned")
    owned["metadata"]["ownerReferences"] = [reference_to(owner)]
    core.create_namespaced_config_map(namespace, owned)

    core.delete_namespaced_config_map("owner", namespace, body=client.V1DeleteOptions(propagation_policy="Orphan"))
    wait_until_gone(core.list_namespaced_config_map, namespace, field_selector="metadata.name=owner")

    assert not core.read_namespaced_config_map("owned", namespace).metadata.owner_references


def reference_to(owner):
    return {"apiVersion": "v1", "kind": "ConfigMap", "name": owner.metadata.name, "uid": owner.metadata.uid}

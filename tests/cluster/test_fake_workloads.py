import pytest
from kubernetes import client

from cluster.manifests import (
    condition,
    config_map,
    deployment,
    pod_template,
    service,
    stateful_set,
    wait_until,
    wait_until_gone,
)

SECRET_VARIABLE = {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "tokens", "key": "token"}}}


@pytest.fixture
def ns(fake, core):
    """A namespace on a fake cluster that the test may tell how rollouts end."""
    core.create_namespace({"metadata": {"name": "work"}})
    return "work"


def complete(found):
    status, spec = found.status, found.spec
    return (
        status.observed_generation == found.metadata.generation
        and (status.updated_replicas or 0) == spec.replicas
        and (status.available_replicas or 0) == spec.replicas
        and (status.replicas or 0) == spec.replicas
    )


def test_a_deployment_rolls_out_and_its_pods_are_ready(core, apps, ns):
    apps.create_namespaced_deployment(ns, deployment("web", replicas=2))

    rolled_out = wait_until(apps.list_namespaced_deployment, ns, holds=complete)
    pods = core.list_namespaced_pod(ns, label_selector="app=web").items

    assert rolled_out.status.ready_replicas == 2
    assert condition(rolled_out, "Available").status == "True"
    assert condition(rolled_out, "Progressing").reason == "NewReplicaSetAvailable"
    assert [condition(pod, "Ready").status for pod in pods] == ["True", "True"]
    assert {pod.metadata.owner_references[0].name for pod in pods} == {"web"}


def test_a_new_template_replaces_the_pods(core, apps, ns):
    apps.create_namespaced_deployment(ns, deployment("web"))
    wait_until(apps.list_namespaced_deployment, ns, holds=complete)
    old = core.list_namespaced_pod(ns).items[0].metadata.name

    apps.patch_namespaced_deployment(
        "web", ns, {"spec": {"template": {"metadata": {"annotations": {"restarted": "yes"}}}}}
    )
    wait_until(apps.list_namespaced_deployment, ns, holds=lambda each: each.metadata.generation == 2 and complete(each))

    assert old not in {pod.metadata.name for pod in core.list_namespaced_pod(ns).items}


def test_scaling_down_to_nothing_leaves_no_pods(core, apps, ns):
    apps.create_namespaced_deployment(ns, deployment("web", replicas=2))
    wait_until(apps.list_namespaced_deployment, ns, holds=complete)

    apps.patch_namespaced_deployment_scale("web", ns, {"spec": {"replicas": 0}})

    wait_until_gone(core.list_namespaced_pod, ns)
    assert apps.read_namespaced_deployment_scale("web", ns).spec.replicas == 0


def test_a_broken_rollout_leaves_the_old_pods_running(fake, core, apps, ns):
    apps.create_namespaced_deployment(ns, deployment("web"))
    wait_until(apps.list_namespaced_deployment, ns, holds=complete)
    old = core.list_namespaced_pod(ns).items[0].metadata.name
    fake.roll_out("ImagePullBackOff", namespace=ns, name="web")

    image = [{"name": "main", "image": "registry.example.com/web:broken"}]
    apps.patch_namespaced_deployment("web", ns, {"spec": {"template": {"spec": {"containers": image}}}})
    stuck = wait_until(apps.list_namespaced_deployment, ns, holds=lambda each: each.status.unavailable_replicas)

    assert stuck.status.ready_replicas == 1
    assert old in {pod.metadata.name for pod in core.list_namespaced_pod(ns).items}


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("ImagePullBackOff", "ImagePullBackOff"),
        ("CrashLoopBackOff", "CrashLoopBackOff"),
        ("Never", "ContainerCreating"),
    ],
)
def test_a_rollout_fails_in_the_way_a_test_asks_for(fake, core, apps, ns, outcome, reason):
    fake.roll_out(outcome, namespace=ns, name="web", message="no such thing", log="the last words")
    apps.create_namespaced_deployment(ns, deployment("web"))

    pod = wait_until(core.list_namespaced_pod, ns, holds=lambda each: each.status.container_statuses)

    state = pod.status.container_statuses[0]
    assert state.state.waiting.reason == reason
    if outcome == "CrashLoopBackOff":
        assert state.last_state.terminated.message == "no such thing"
        assert core.read_namespaced_pod_log(pod.metadata.name, ns) == "the last words"
    assert condition(apps.read_namespaced_deployment("web", ns), "Available").status == "False"


def test_what_was_stuck_comes_up_when_the_rule_is_gone(fake, apps, ns):
    fake.roll_out("CrashLoopBackOff", namespace=ns)
    apps.create_namespaced_deployment(ns, deployment("web"))
    wait_until(apps.list_namespaced_deployment, ns, holds=lambda each: each.status.unavailable_replicas)

    fake.roll_out_normally()

    assert wait_until(apps.list_namespaced_deployment, ns, holds=complete)


def test_a_pod_without_room_is_unschedulable(fake, core, apps, ns):
    fake.roll_out("Unschedulable", message="0/1 nodes are available: 1 Insufficient cpu.")
    apps.create_namespaced_deployment(ns, deployment("web"))

    pod = wait_until(core.list_namespaced_pod, ns, holds=lambda each: condition(each, "PodScheduled"))

    scheduled = condition(pod, "PodScheduled")
    assert (scheduled.status, scheduled.reason) == ("False", "Unschedulable")
    assert "Insufficient cpu" in scheduled.message


@pytest.mark.parametrize(
    ("outcome", "word"),
    [("QuotaExceeded", "exceeded quota"), ("SecurityRefused", "unable to validate against any security context")],
)
def test_pods_that_the_server_refuses_are_told_on_the_deployment(fake, apps, ns, outcome, word):
    fake.roll_out(outcome)
    apps.create_namespaced_deployment(ns, deployment("web"))

    refused = wait_until(apps.list_namespaced_deployment, ns, holds=lambda each: condition(each, "ReplicaFailure"))

    assert condition(refused, "ReplicaFailure").reason == "FailedCreate"
    assert word in condition(refused, "ReplicaFailure").message


def test_a_deadline_that_passes_is_told_on_the_deployment(fake, apps, ns):
    fake.roll_out("ProgressDeadlineExceeded", name="web")
    apps.create_namespaced_deployment(ns, deployment("web"))

    late = wait_until(apps.list_namespaced_deployment, ns, holds=lambda each: condition(each, "Progressing"))

    progressing = condition(late, "Progressing")
    assert (progressing.status, progressing.reason) == ("False", "ProgressDeadlineExceeded")


def test_a_pod_waits_for_the_secret_it_refers_to(core, apps, ns):
    apps.create_namespaced_deployment(ns, deployment("web", env=[SECRET_VARIABLE]))
    waiting = wait_until(core.list_namespaced_pod, ns, holds=lambda each: each.status.container_statuses)

    core.create_namespaced_secret(ns, {"metadata": {"name": "tokens"}, "stringData": {"token": "t"}})

    reason = waiting.status.container_statuses[0].state.waiting
    assert (reason.reason, reason.message) == ("CreateContainerConfigError", 'secret "tokens" not found')
    assert wait_until(apps.list_namespaced_deployment, ns, holds=complete)


def test_a_stateful_set_has_numbered_pods_with_bound_claims(core, apps, ns):
    apps.create_namespaced_stateful_set(ns, stateful_set("db", replicas=2))

    ready = wait_until(apps.list_namespaced_stateful_set, ns, holds=lambda each: each.status.ready_replicas == 2)

    assert ready.status.current_revision == ready.status.update_revision
    assert [pod.metadata.name for pod in core.list_namespaced_pod(ns).items] == ["db-0", "db-1"]
    claims = core.list_namespaced_persistent_volume_claim(ns).items
    assert [(claim.metadata.name, claim.status.phase) for claim in claims] == [
        ("data-db-0", "Bound"),
        ("data-db-1", "Bound"),
    ]
    assert {claim.spec.storage_class_name for claim in claims} == {"standard"}


def test_a_broken_update_of_a_stateful_set_stops_at_its_last_pod(fake, core, apps, ns):
    apps.create_namespaced_stateful_set(ns, stateful_set("db", replicas=2))
    wait_until(apps.list_namespaced_stateful_set, ns, holds=lambda each: each.status.ready_replicas == 2)
    first = core.read_namespaced_pod("db-0", ns).metadata.uid
    fake.roll_out("CrashLoopBackOff", namespace=ns, name="db")

    annotations = {"metadata": {"annotations": {"changed": "yes"}}}
    apps.patch_namespaced_stateful_set("db", ns, {"spec": {"template": annotations}})
    stuck = wait_until(
        core.list_namespaced_pod,
        ns,
        field_selector="metadata.name=db-1",
        holds=lambda each: each.status.container_statuses and not each.status.container_statuses[0].ready,
    )

    assert stuck.status.container_statuses[0].state.waiting.reason == "CrashLoopBackOff"
    assert core.read_namespaced_pod("db-0", ns).metadata.uid == first


def test_claims_outlive_their_stateful_set(core, apps, ns):
    apps.create_namespaced_stateful_set(ns, stateful_set("db"))
    wait_until(apps.list_namespaced_stateful_set, ns, holds=lambda each: each.status.ready_replicas == 1)

    apps.delete_namespaced_stateful_set("db", ns)
    wait_until_gone(core.list_namespaced_pod, ns)

    assert core.read_namespaced_persistent_volume_claim("data-db-0", ns)


@pytest.mark.parametrize("cause", ["rule", "no storage class"])
def test_a_claim_that_cannot_be_bound_keeps_its_pod_pending(fake, core, apps, ns, cause):
    if cause == "rule":
        fake.roll_out("PersistentVolumeClaimPending", name="db", message="quota of the storage is used up")
    else:
        fake.set_storage_classes()
    apps.create_namespaced_stateful_set(ns, stateful_set("db"))

    pod = wait_until(core.list_namespaced_pod, ns, holds=lambda each: condition(each, "PodScheduled"))
    failed = wait_until(core.list_namespaced_event, ns, holds=lambda event: event.reason == "ProvisioningFailed")

    assert "unbound immediate PersistentVolumeClaims" in condition(pod, "PodScheduled").message
    assert ("used up" if cause == "rule" else "no storage class") in failed.message


@pytest.mark.parametrize(("outcome", "expected"), [("Completes", "Complete"), ("Fails", "Failed")])
def test_a_job_ends(fake, api, core, ns, outcome, expected):
    fake.roll_out(outcome, name="once", log="done or not")
    template = pod_template("once")
    template["spec"]["restartPolicy"] = "Never"
    jobs = client.BatchV1Api(api)
    jobs.create_namespaced_job(ns, {"metadata": {"name": "once"}, "spec": {"template": template}})

    ended = wait_until(jobs.list_namespaced_job, ns, holds=lambda each: each.status.conditions)

    assert [each.type for each in ended.status.conditions] == [expected]
    pod = core.list_namespaced_pod(ns).items[0]
    assert core.read_namespaced_pod_log(pod.metadata.name, ns) == "done or not"


def test_recreating_removes_the_old_pods_first(fake, core, apps, ns):
    manifest = deployment("web")
    manifest["spec"]["strategy"] = {"type": "Recreate"}
    apps.create_namespaced_deployment(ns, manifest)
    wait_until(apps.list_namespaced_deployment, ns, holds=complete)
    old = core.list_namespaced_pod(ns).items[0].metadata.name
    fake.roll_out("Never", name="web")

    annotations = {"metadata": {"annotations": {"changed": "yes"}}}
    apps.patch_namespaced_deployment("web", ns, {"spec": {"template": annotations}})

    wait_until_gone(core.list_namespaced_pod, ns, field_selector=f"metadata.name={old}")


def test_an_ingress_gets_an_address(api, ns):
    backend = {"service": {"name": "web", "port": {"name": "http"}}}
    rule = {"host": "web.example.com", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    ingresses = client.NetworkingV1Api(api)
    ingresses.create_namespaced_ingress(ns, {"metadata": {"name": "web"}, "spec": {"rules": [rule]}})

    ready = wait_until(ingresses.list_namespaced_ingress, ns, holds=lambda each: each.status.load_balancer.ingress)

    assert ready.status.load_balancer.ingress[0].ip


def test_a_container_gets_a_whole_config_map_as_its_environment(fake, core, apps, ns):
    fake.switch(kubelet=True)
    core.create_namespaced_config_map(ns, config_map("settings", A="1", B="2"))
    sources = [
        {"configMapRef": {"name": "settings"}, "prefix": "APP_"},
        {"secretRef": {"name": "missing", "optional": True}},
    ]
    apps.create_namespaced_deployment(ns, deployment("web", envFrom=sources))

    (pod,) = fake.pods(wait_seconds=20)["pods"]

    assert pod["containers"][0]["environment"] == {"APP_A": "1", "APP_B": "2"}


def test_a_service_s_endpoints_are_its_ready_pods(core, apps, ns):
    core.create_namespaced_service(ns, service("web"))
    apps.create_namespaced_deployment(ns, deployment("web", replicas=2))

    endpoints = wait_until(
        core.list_namespaced_endpoints,
        ns,
        holds=lambda each: each.subsets and len(each.subsets[0].addresses or ()) == 2,
    )

    assert [(port.name, port.port) for port in endpoints.subsets[0].ports] == [("http", 8080)]

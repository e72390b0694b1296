import base64

import pytest

from cluster.manifests import CONFIG_MAP, config_map, deployment, refused, service, stateful_set


def test_an_object_gets_an_identity_when_it_is_created(core, namespace):
    made = core.create_namespaced_config_map(namespace, config_map("one", a="1"))

    assert made.metadata.uid
    assert made.metadata.resource_version.isdigit()
    assert made.metadata.creation_timestamp is not None
    assert core.read_namespaced_config_map("one", namespace).data == {"a": "1"}


def test_a_second_creation_is_a_conflict(core, namespace):
    core.create_namespaced_config_map(namespace, config_map("one"))

    with refused(409, "AlreadyExists"):
        core.create_namespaced_config_map(namespace, config_map("one"))


def test_an_update_from_a_stale_state_is_a_conflict(core, namespace):
    stale = core.create_namespaced_config_map(namespace, config_map("one", a="1"))
    core.patch_namespaced_config_map("one", namespace, {"data": {"a": "2"}})
    stale.data = {"a": "3"}

    with refused(409, "the object has been modified"):
        core.replace_namespaced_config_map("one", namespace, stale)


def test_replacing_drops_what_is_not_in_the_new_object(core, namespace):
    core.create_namespaced_config_map(namespace, config_map("one", a="1", b="2"))

    replaced = core.replace_namespaced_config_map("one", namespace, config_map("one", a="1"))

    assert replaced.data == {"a": "1"}


def test_a_write_that_changes_nothing_keeps_the_resource_version(core, namespace):
    made = core.create_namespaced_config_map(namespace, config_map("one", a="1"))

    again = core.patch_namespaced_config_map("one", namespace, {"data": {"a": "1"}})

    assert again.metadata.resource_version == made.metadata.resource_version


def test_a_change_of_the_spec_counts_a_generation_and_one_of_labels_does_not(apps, namespace):
    made = apps.create_namespaced_deployment(namespace, deployment("web"))
    labelled = apps.patch_namespaced_deployment("web", namespace, {"metadata": {"labels": {"a": "b"}}})
    scaled = apps.patch_namespaced_deployment("web", namespace, {"spec": {"replicas": 2}})

    generations = [each.metadata.generation for each in (made, labelled, scaled)]
    assert generations == [1, 1, 2]


def test_the_plain_text_of_a_secret_is_stored_as_data(core, namespace):
    body = {"metadata": {"name": "s"}, "data": {"a": base64.b64encode(b"1").decode()}, "stringData": {"b": "2"}}

    stored = core.create_namespaced_secret(namespace, body)

    assert stored.string_data is None
    assert {key: base64.b64decode(value) for key, value in stored.data.items()} == {"a": b"1", "b": b"2"}
    assert stored.type == "Opaque"


def test_secret_data_that_is_not_base64_is_refused(core, namespace):
    with refused(400, "illegal base64 data"):
        core.create_namespaced_secret(namespace, {"metadata": {"name": "s"}, "data": {"a": "not base64!"}})


def test_a_deployment_is_completed_with_defaults(apps, namespace):
    spec = apps.create_namespaced_deployment(namespace, deployment("web")).spec

    assert spec.strategy.rolling_update.max_surge == "25%"
    assert spec.progress_deadline_seconds == 600
    assert spec.template.spec.termination_grace_period_seconds == 30
    assert spec.template.spec.containers[0].image_pull_policy == "IfNotPresent"
    assert spec.template.spec.containers[0].ports[0].protocol == "TCP"


def test_quantities_are_stored_in_one_spelling(apps, namespace):
    resources = {"limits": {"cpu": "1000m", "memory": "1024Mi"}, "requests": {"cpu": "0.5", "memory": "1Gi"}}

    made = apps.create_namespaced_deployment(namespace, deployment("web", resources=resources))

    stored = made.spec.template.spec.containers[0].resources
    assert stored.limits == {"cpu": "1", "memory": "1Gi"}
    assert stored.requests == {"cpu": "500m", "memory": "1Gi"}


def test_a_service_gets_an_address_that_stays(core, namespace):
    made = core.create_namespaced_service(namespace, service("web"))
    patched = core.patch_namespaced_service("web", namespace, {"metadata": {"labels": {"a": "b"}}})

    assert made.spec.cluster_ip
    assert patched.spec.cluster_ip == made.spec.cluster_ip


def test_an_object_in_a_missing_namespace_is_not_found(core):
    with refused(404, 'namespaces \\"missing\\" not found'):
        core.create_namespaced_config_map("missing", config_map("one"))


def test_a_selector_that_does_not_match_its_template_is_invalid(apps, namespace):
    broken = deployment("web")
    broken["spec"]["selector"] = {"matchLabels": {"app": "other"}}

    with refused(422, "`selector` does not match template `labels`"):
        apps.create_namespaced_deployment(namespace, broken)


def test_a_missing_required_field_is_invalid(deployments, namespace):
    broken = deployment("web")
    del broken["spec"]["selector"]

    with refused(422, "spec.selector", "Required value"):
        deployments.create(broken, namespace=namespace)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"spec": {"serviceName": "other"}}, "updates to statefulset spec"),
        ({"spec": {"selector": {"matchLabels": {"app": "other"}}}}, "spec"),
    ],
)
def test_what_is_immutable_in_a_stateful_set_stays(apps, namespace, change, word):
    apps.create_namespaced_stateful_set(namespace, stateful_set("db"))

    with refused(422, word):
        apps.patch_namespaced_stateful_set("db", namespace, change)


@pytest.mark.since("1.25", "strict field validation")
def test_an_unknown_field_is_refused_under_strict_validation(deployments, namespace):
    misspelt = deployment("web")
    misspelt["spec"]["replica"] = 2

    with refused(400, 'unknown field \\"spec.replica\\"'):
        deployments.create(misspelt, namespace=namespace, query_params=[("fieldValidation", "Strict")])


def test_an_unknown_field_is_dropped_when_the_client_asks_for_that(deployments, namespace):
    misspelt = deployment("web")
    misspelt["spec"]["replica"] = 2

    made = deployments.create(misspelt, namespace=namespace, query_params=[("fieldValidation", "Warn")])

    assert "replica" not in made.to_dict()["spec"]
    assert made.spec.replicas == 1


def test_a_value_of_the_wrong_type_is_refused(deployments, namespace):
    broken = deployment("web")
    broken["spec"]["replicas"] = "two"

    with refused(400, "cannot be handled as a Deployment"):
        deployments.create(broken, namespace=namespace)


def test_a_mount_without_its_volume_is_invalid(apps, namespace):
    broken = deployment("web", volumeMounts=[{"name": "data", "mountPath": "/data"}])

    with refused(422, "volumeMounts[0].name", "Not found"):
        apps.create_namespaced_deployment(namespace, broken)


def test_requests_above_limits_are_invalid(apps, namespace):
    resources = {"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}}

    with refused(422, "must be less than or equal to memory limit"):
        apps.create_namespaced_deployment(namespace, deployment("web", resources=resources))


@pytest.mark.parametrize("name", ["Upper", "under_score", "-dash"])
def test_a_name_that_is_no_dns_name_is_invalid(core, namespace, name):
    with refused(422, "metadata.name"):
        core.create_namespaced_config_map(namespace, config_map(name))


def test_a_dry_run_answers_as_if_and_changes_nothing(core, namespace):
    answered = core.create_namespaced_service(namespace, service("web"), dry_run="All")

    assert answered.spec.type == "ClusterIP"
    with refused(404):
        core.read_namespaced_service("web", namespace)


def test_a_dry_run_of_a_deletion_deletes_nothing(core, namespace):
    core.create_namespaced_config_map(namespace, config_map("one"))

    core.delete_namespaced_config_map("one", namespace, dry_run="All")

    assert core.read_namespaced_config_map("one", namespace)


def test_deleting_twice_is_not_found(core, namespace):
    core.create_namespaced_config_map(namespace, config_map("one"))
    core.delete_namespaced_config_map("one", namespace)

    with refused(404, 'configmaps \\"one\\" not found'):
        core.delete_namespaced_config_map("one", namespace)


def test_a_finalizer_holds_a_deleted_object_until_it_is_removed(core, namespace):
    body = config_map("one")
    body["metadata"]["finalizers"] = ["tests.example.com/hold"]
    core.create_namespaced_config_map(namespace, body)

    core.delete_namespaced_config_map("one", namespace)
    held = core.read_namespaced_config_map("one", namespace)
    core.patch_namespaced_config_map("one", namespace, {"metadata": {"finalizers": None}})

    assert held.metadata.deletion_timestamp is not None
    with refused(404):
        core.read_namespaced_config_map("one", namespace)


def test_the_dynamic_client_reads_what_the_typed_one_wrote(core, dynamic, namespace):
    core.create_namespaced_config_map(namespace, config_map("one", a="1"))

    found = dynamic.resources.get(api_version=CONFIG_MAP[0], kind=CONFIG_MAP[1]).get(name="one", namespace=namespace)

    assert found.data.a == "1"

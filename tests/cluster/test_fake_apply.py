import pytest

from cluster.manifests import CONFIG_MAP, config_map, deployment, refused, service


@pytest.fixture
def config_maps(dynamic):
    return dynamic.resources.get(api_version=CONFIG_MAP[0], kind=CONFIG_MAP[1])


def apply(resource, manifest, namespace, manager, **options):
    """Server-side apply; returns the stored object as plain data."""
    name = manifest["metadata"]["name"]
    applied = resource.server_side_apply(manifest, name=name, namespace=namespace, field_manager=manager, **options)
    return applied.to_dict()


def owned_by(stored, manager):
    """What managedFields says that a manager owns by applying."""
    entries = [
        entry
        for entry in stored["metadata"]["managedFields"]
        if entry["manager"] == manager and entry["operation"] == "Apply"
    ]
    return entries[0]["fieldsV1"] if entries else None


def test_an_apply_creates_what_is_missing_and_records_its_manager(config_maps, namespace):
    stored = apply(config_maps, config_map("one", a="1"), namespace, "alpha")

    assert stored["data"] == {"a": "1"}
    assert owned_by(stored, "alpha") == {"f:data": {"f:a": {}}}


def test_applying_the_same_again_changes_nothing(config_maps, namespace):
    first = apply(config_maps, config_map("one", a="1"), namespace, "alpha")

    second = apply(config_maps, config_map("one", a="1"), namespace, "alpha")

    assert second == first


def test_a_deployment_applied_again_changes_nothing_but_its_status(deployments, namespace):
    resources = {"limits": {"cpu": "1000m", "memory": "1024Mi"}}
    first = apply(deployments, deployment("web", resources=resources), namespace, "alpha")

    second = apply(deployments, deployment("web", resources=resources), namespace, "alpha")

    assert second["spec"] == first["spec"]
    assert second["metadata"]["generation"] == 1


def test_a_field_left_out_of_the_next_apply_is_removed(config_maps, namespace):
    apply(config_maps, config_map("one", a="1", b="2"), namespace, "alpha")

    stored = apply(config_maps, config_map("one", a="1"), namespace, "alpha")

    assert stored["data"] == {"a": "1"}


def test_a_field_of_another_manager_survives(config_maps, namespace):
    apply(config_maps, config_map("one", a="1"), namespace, "alpha")

    stored = apply(config_maps, config_map("one", b="2"), namespace, "beta")

    assert stored["data"] == {"a": "1", "b": "2"}
    assert owned_by(stored, "alpha") == {"f:data": {"f:a": {}}}
    assert owned_by(stored, "beta") == {"f:data": {"f:b": {}}}


def test_changing_a_field_of_another_manager_is_a_conflict_that_names_both(config_maps, namespace):
    apply(config_maps, config_map("one", a="1"), namespace, "alpha")

    with refused(409, "Apply failed with 1 conflict", "alpha", ".data.a"):
        apply(config_maps, config_map("one", a="2"), namespace, "beta")


def test_the_same_value_is_shared_without_a_conflict_and_stays_until_both_leave_it_out(config_maps, namespace):
    apply(config_maps, config_map("one", a="1", b="1"), namespace, "alpha")
    shared = apply(config_maps, config_map("one", a="1"), namespace, "beta")

    left_by_one = apply(config_maps, config_map("one", b="1"), namespace, "alpha")
    left_by_both = apply(config_maps, config_map("one", c="1"), namespace, "beta")

    assert owned_by(shared, "beta") == {"f:data": {"f:a": {}}}
    assert left_by_one["data"] == {"a": "1", "b": "1"}
    assert left_by_both["data"] == {"b": "1", "c": "1"}


def test_force_takes_the_field_away_from_the_other_manager(config_maps, namespace):
    apply(config_maps, config_map("one", a="1"), namespace, "alpha")

    stored = apply(config_maps, config_map("one", a="2"), namespace, "beta", force_conflicts=True)

    assert stored["data"] == {"a": "2"}
    assert owned_by(stored, "alpha") is None
    assert owned_by(stored, "beta") == {"f:data": {"f:a": {}}}


def test_what_another_client_updated_is_a_conflict_too(core, config_maps, namespace):
    apply(config_maps, config_map("one", a="1"), namespace, "alpha")
    core.patch_namespaced_config_map("one", namespace, {"data": {"a": "edited"}}, field_manager="editor")

    with refused(409, "editor"):
        apply(config_maps, config_map("one", a="1"), namespace, "alpha")


def test_items_of_a_keyed_list_belong_to_those_who_applied_them(deployments, namespace):
    apply(deployments, deployment("web", env=[{"name": "A", "value": "1"}]), namespace, "alpha")
    partial = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"template": {"spec": {"containers": [{"name": "main", "env": [{"name": "B", "value": "2"}]}]}}},
    }

    both = apply(deployments, partial, namespace, "beta")
    partial["spec"]["template"]["spec"]["containers"][0]["env"] = []
    one = apply(deployments, partial, namespace, "beta")

    assert [each["name"] for each in both["spec"]["template"]["spec"]["containers"][0]["env"]] == ["A", "B"]
    assert [each["name"] for each in one["spec"]["template"]["spec"]["containers"][0]["env"]] == ["A"]


@pytest.mark.since("1.21", "the order of the request in merged lists")
def test_items_of_a_keyed_list_keep_the_applied_order(deployments, namespace):
    def variables(*names):
        return [{"name": name, "value": "1"} for name in names]

    apply(deployments, deployment("web", env=variables("A", "B", "C")), namespace, "alpha")

    stored = apply(deployments, deployment("web", env=variables("C", "D", "A")), namespace, "alpha")

    assert [each["name"] for each in stored["spec"]["template"]["spec"]["containers"][0]["env"]] == ["C", "D", "A"]


@pytest.mark.since("1.21", "the default protocol in the key of a port")
def test_a_port_is_known_by_its_number_and_its_defaulted_protocol(dynamic, namespace):
    services = dynamic.resources.get(api_version="v1", kind="Service")
    apply(services, service("web"), namespace, "alpha")
    renamed = service("web")
    renamed["spec"]["ports"][0]["name"] = "renamed"

    stored = apply(services, renamed, namespace, "alpha")

    assert [(port["port"], port["protocol"], port["name"]) for port in stored["spec"]["ports"]] == [
        (80, "TCP", "renamed")
    ]


def test_a_dry_run_of_an_apply_shows_the_result_and_stores_nothing(config_maps, namespace):
    apply(config_maps, config_map("one", a="1"), namespace, "alpha")

    shown = apply(config_maps, config_map("one", a="2"), namespace, "alpha", dry_run="All")

    assert shown["data"] == {"a": "2"}
    assert config_maps.get(name="one", namespace=namespace).data.to_dict() == {"a": "1"}


def test_a_replica_count_left_out_after_a_scale_stays_with_the_scaler(apps, deployments, namespace):
    without_count = deployment("web")
    del without_count["spec"]["replicas"]
    apply(deployments, without_count, namespace, "alpha")
    apps.patch_namespaced_deployment("web", namespace, {"spec": {"replicas": 3}}, field_manager="scaler")

    stored = apply(deployments, without_count, namespace, "alpha")

    assert stored["spec"]["replicas"] == 3


def test_an_apply_with_an_undeclared_field_is_refused(deployments, namespace):
    misspelt = deployment("web")
    misspelt["spec"]["replica"] = 2

    with refused(500, ".spec.replica: field not declared in schema"):
        apply(deployments, misspelt, namespace, "alpha")


def test_an_apply_of_an_object_with_managed_fields_is_refused(config_maps, namespace):
    stored = apply(config_maps, config_map("one", a="1"), namespace, "alpha")
    del stored["metadata"]["resourceVersion"], stored["metadata"]["uid"]

    with refused(400, "metadata.managedFields must be nil"):
        apply(config_maps, stored, namespace, "alpha")


def test_an_apply_for_a_stale_resource_version_is_a_conflict(config_maps, namespace):
    stale = apply(config_maps, config_map("one", a="1"), namespace, "alpha")["metadata"]["resourceVersion"]
    apply(config_maps, config_map("one", a="2"), namespace, "alpha")
    outdated = config_map("one", a="3")
    outdated["metadata"]["resourceVersion"] = stale

    with refused(409, "the object has been modified"):
        apply(config_maps, outdated, namespace, "alpha")


@pytest.mark.since("1.22", "a status that an apply does not own")
def test_a_status_in_an_apply_is_left_to_the_controllers(deployments, namespace):
    boasting = {**deployment("web"), "status": {"readyReplicas": 99}}

    stored = apply(deployments, boasting, namespace, "alpha")

    assert stored.get("status", {}).get("readyReplicas", 0) != 99
    assert "f:status" not in owned_by(stored, "alpha")

from ansible_collections.rhpds.litemaas.plugins.module_utils.ownership import applied

MANAGER = "rhpds.litemaas"


def live(fields, **content):
    entry = {"manager": MANAGER, "operation": "Apply", "fieldsV1": fields}
    metadata = {"name": "litellm", "namespace": "litemaas", "uid": "1", "managedFields": [entry]}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, **content}


def test_only_the_fields_of_the_manager_are_kept():
    deployment = live({"f:spec": {"f:replicas": {}}}, spec={"replicas": 2, "paused": False}, status={"replicas": 2})
    assert applied(deployment, MANAGER) == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "litellm", "namespace": "litemaas"},
        "spec": {"replicas": 2},
    }


def test_items_of_a_list_are_found_by_their_key():
    fields = {"f:spec": {"f:containers": {'k:{"name":"litellm"}': {".": {}, "f:image": {}, "f:name": {}}}}}
    containers = [{"name": "sidecar", "image": "x"}, {"name": "litellm", "image": "y", "terminationMessagePath": "/z"}]
    part = applied(live(fields, spec={"containers": containers}), MANAGER)
    assert part["spec"] == {"containers": [{"name": "litellm", "image": "y"}]}


def test_items_of_a_set_are_found_by_their_value():
    fields = {"f:metadata": {"f:finalizers": {'v:"ours"': {}}}}
    deployment = live(fields)
    deployment["metadata"]["finalizers"] = ["theirs", "ours"]
    assert applied(deployment, MANAGER)["metadata"]["finalizers"] == ["ours"]


def test_a_leaf_takes_its_whole_value():
    part = applied(live({"f:spec": {"f:command": {}}}, spec={"command": ["litemaas", "migrate"]}), MANAGER)
    assert part["spec"] == {"command": ["litemaas", "migrate"]}


def test_an_object_that_others_applied_is_not_ours():
    assert applied(live({"f:spec": {}}), "kubectl") is None


def test_defaults_inside_a_value_with_one_owner_are_no_difference():
    fields = {"f:spec": {"f:volumeClaimTemplates": {}}}
    defaulted = [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "volumeMode": "Filesystem"}}]
    wanted = {
        "spec": {"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]}
    }
    assert applied(live(fields, spec={"volumeClaimTemplates": defaulted}), MANAGER, wanted)["spec"] == wanted["spec"]


def test_another_value_with_one_owner_is_a_difference():
    fields = {"f:spec": {"f:command": {}}}
    part = applied(live(fields, spec={"command": ["litemaas", "serve"]}), MANAGER, {"spec": {"command": ["litemaas"]}})
    assert part["spec"] == {"command": ["litemaas", "serve"]}


def test_a_field_that_the_manifest_no_longer_sets_is_a_difference():
    part = applied(live({"f:spec": {"f:replicas": {}}}, spec={"replicas": 2}), MANAGER, {"spec": {}})
    assert part["spec"] == {"replicas": 2}

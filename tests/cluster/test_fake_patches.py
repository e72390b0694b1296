import pytest

from cluster.manifests import CONFIG_MAP, config_map, deployment, refused

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"


@pytest.fixture
def config_maps(dynamic):
    return dynamic.resources.get(api_version=CONFIG_MAP[0], kind=CONFIG_MAP[1])


def test_a_merge_patch_adds_changes_and_removes_fields(config_maps, namespace):
    config_maps.create(config_map("one", kept="1", changed="1", removed="1"), namespace=namespace)

    patch = {"metadata": {"name": "one"}, "data": {"changed": "2", "added": "1", "removed": None}}
    patched = config_maps.patch(patch, namespace=namespace, content_type=MERGE_PATCH)

    assert patched.data.to_dict() == {"kept": "1", "changed": "2", "added": "1"}


def test_a_merge_patch_replaces_lists(deployments, namespace):
    deployments.create(deployment("web"), namespace=namespace)

    containers = [{"name": "other", "image": "registry.example.com/other:1"}]
    patch = {"metadata": {"name": "web"}, "spec": {"template": {"spec": {"containers": containers}}}}
    patched = deployments.patch(patch, namespace=namespace, content_type=MERGE_PATCH)

    assert [each.name for each in patched.spec.template.spec.containers] == ["other"]


def test_a_json_patch_performs_its_operations_in_order(config_maps, namespace):
    config_maps.create(config_map("one", a="1", b="2"), namespace=namespace)
    operations = [
        {"op": "test", "path": "/data/a", "value": "1"},
        {"op": "replace", "path": "/data/a", "value": "9"},
        {"op": "copy", "from": "/data/a", "path": "/data/c"},
        {"op": "move", "from": "/data/b", "path": "/data/d"},
        {"op": "remove", "path": "/data/a"},
    ]

    patched = config_maps.patch(operations, name="one", namespace=namespace, content_type=JSON_PATCH)

    assert patched.data.to_dict() == {"c": "9", "d": "2"}


def test_a_json_patch_whose_test_fails_changes_nothing(config_maps, namespace):
    config_maps.create(config_map("one", a="1"), namespace=namespace)
    operations = [
        {"op": "add", "path": "/data/b", "value": "2"},
        {"op": "test", "path": "/data/a", "value": "other"},
    ]

    with refused(422):
        config_maps.patch(operations, name="one", namespace=namespace, content_type=JSON_PATCH)
    assert config_maps.get(name="one", namespace=namespace).data.to_dict() == {"a": "1"}


def test_a_strategic_patch_merges_lists_by_their_key(deployments, namespace):
    deployments.create(deployment("web", env=[{"name": "A", "value": "1"}]), namespace=namespace)

    containers = [{"name": "main", "env": [{"name": "B", "value": "2"}]}, {"name": "side", "image": "side:1"}]
    patch = {"metadata": {"name": "web"}, "spec": {"template": {"spec": {"containers": containers}}}}
    patched = deployments.patch(patch, namespace=namespace, content_type=STRATEGIC_PATCH)

    stored = {each["name"]: each for each in patched.to_dict()["spec"]["template"]["spec"]["containers"]}
    assert set(stored) == {"main", "side"}
    assert {each["name"] for each in stored["main"]["env"]} == {"A", "B"}
    assert stored["main"]["image"] == "registry.example.com/web:1"


def test_a_strategic_patch_deletes_an_item_by_its_directive(deployments, namespace):
    variables = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    deployments.create(deployment("web", env=variables), namespace=namespace)

    containers = [{"name": "main", "env": [{"name": "A", "$patch": "delete"}]}]
    patch = {"metadata": {"name": "web"}, "spec": {"template": {"spec": {"containers": containers}}}}
    patched = deployments.patch(patch, namespace=namespace, content_type=STRATEGIC_PATCH)

    assert [each.name for each in patched.spec.template.spec.containers[0].env] == ["B"]


def test_a_strategic_patch_replaces_a_map_by_its_directive(config_maps, namespace):
    config_maps.create(config_map("one", a="1"), namespace=namespace)

    patch = {"metadata": {"name": "one"}, "data": {"$patch": "replace", "b": "2"}}
    patched = config_maps.patch(patch, namespace=namespace, content_type=STRATEGIC_PATCH)

    assert patched.data.to_dict() == {"b": "2"}


def test_a_strategic_patch_orders_and_prunes_by_its_directives(deployments, namespace):
    variables = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    deployments.create(deployment("web", env=variables), namespace=namespace)

    container = {
        "name": "main",
        "$setElementOrder/env": [{"name": "B"}, {"name": "A"}],
        "env": [{"name": "A", "value": "9"}],
    }
    strategy = {"$retainKeys": ["type"], "type": "Recreate"}
    spec = {"strategy": strategy, "template": {"spec": {"containers": [container]}}}
    patch = {"metadata": {"name": "web"}, "spec": spec}
    patched = deployments.patch(patch, namespace=namespace, content_type=STRATEGIC_PATCH).to_dict()["spec"]

    assert patched["strategy"] == {"type": "Recreate"}
    stored = patched["template"]["spec"]["containers"][0]["env"]
    assert [(each["name"], each["value"]) for each in stored] == [("B", "2"), ("A", "9")]


def test_what_a_strategic_patch_adds_to_a_list_comes_first_and_the_rest_stays_in_its_order(deployments, namespace):
    variables = [{"name": name, "value": "1"} for name in ("A", "B", "C")]
    deployments.create(deployment("web", env=variables), namespace=namespace)

    added = [{"name": "D", "value": "1"}, {"name": "B", "value": "2"}]
    spec = {"template": {"spec": {"containers": [{"name": "main", "env": added}]}}}
    patch = {"metadata": {"name": "web"}, "spec": spec}
    patched = deployments.patch(patch, namespace=namespace, content_type=STRATEGIC_PATCH).to_dict()["spec"]

    stored = patched["template"]["spec"]["containers"][0]["env"]
    assert [each["name"] for each in stored] == ["D", "A", "B", "C"]


def test_a_strategic_patch_removes_members_of_a_plain_list(config_maps, namespace):
    body = config_map("one")
    body["metadata"]["finalizers"] = ["tests.example.com/a", "tests.example.com/b"]
    config_maps.create(body, namespace=namespace)

    patches = [
        {"$deleteFromPrimitiveList/finalizers": ["tests.example.com/a"]},
        {"finalizers": ["tests.example.com/c"]},
        {"finalizers": None},
    ]
    left = []
    for metadata in patches:
        patched = config_maps.patch(
            {"metadata": {"name": "one", **metadata}}, namespace=namespace, content_type=STRATEGIC_PATCH
        )
        left.append(patched.to_dict()["metadata"].get("finalizers"))

    assert left == [["tests.example.com/b"], ["tests.example.com/c", "tests.example.com/b"], None]


def test_a_strategic_patch_item_without_its_key_is_refused(deployments, namespace):
    deployments.create(deployment("web"), namespace=namespace)
    patch = {"metadata": {"name": "web"}, "spec": {"template": {"spec": {"containers": [{"image": "x"}]}}}}

    with refused(500, "does not contain declared merge key"):
        deployments.patch(patch, namespace=namespace, content_type=STRATEGIC_PATCH)


def test_a_patch_in_an_unknown_format_is_refused(config_maps, namespace):
    config_maps.create(config_map("one"), namespace=namespace)

    with refused(415):
        config_maps.patch({"metadata": {"name": "one"}}, namespace=namespace, content_type="application/json")


def test_a_patch_cannot_rename_an_object(config_maps, namespace):
    config_maps.create(config_map("one"), namespace=namespace)
    operations = [{"op": "replace", "path": "/metadata/name", "value": "two"}]

    with refused(400, "does not match the name on the URL"):
        config_maps.patch(operations, name="one", namespace=namespace, content_type=JSON_PATCH)

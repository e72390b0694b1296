import pytest

from cluster.manifests import config_map, labelled, refused


@pytest.fixture
def labels(core, namespace):
    """Three objects with different labels; returns a function that lists the names a label selector selects."""
    core.create_namespaced_config_map(namespace, labelled(config_map("one"), tier="web", stage="test"))
    core.create_namespaced_config_map(namespace, labelled(config_map("two"), tier="db"))
    core.create_namespaced_config_map(namespace, config_map("three"))

    def selected(selector: str) -> set[str]:
        found = core.list_namespaced_config_map(namespace, label_selector=selector).items
        return {each.metadata.name for each in found} & {"one", "two", "three"}

    return selected


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("tier=web", {"one"}),
        ("tier==web,stage=test", {"one"}),
        ("tier!=web", {"two", "three"}),
        ("tier in (web, db)", {"one", "two"}),
        ("tier notin (web)", {"two", "three"}),
        ("tier", {"one", "two"}),
        ("!tier", {"three"}),
        ("tier in (web),stage", {"one"}),
    ],
)
def test_a_label_selector_selects(labels, selector, expected):
    assert labels(selector) == expected


def test_a_label_selector_that_is_none_is_refused(labels):
    with refused(400, "unable to parse requirement"):
        labels("tier in web")


def test_a_field_selector_selects_by_name(core, namespace):
    core.create_namespaced_config_map(namespace, config_map("one"))
    core.create_namespaced_config_map(namespace, config_map("two"))

    found = core.list_namespaced_config_map(namespace, field_selector="metadata.name=two").items

    assert [each.metadata.name for each in found] == ["two"]


def test_a_field_that_cannot_be_selected_by_is_refused(core, namespace):
    with refused(400, "is not a known field selector: only"):
        core.list_namespaced_config_map(namespace, field_selector="data.a=1")
    with refused(400, "field label not supported: spec.image"):
        core.list_namespaced_pod(namespace, field_selector="spec.image=x")


def test_a_collection_is_deleted_by_selector(core, namespace):
    core.create_namespaced_config_map(namespace, labelled(config_map("one"), doomed="yes"))
    core.create_namespaced_config_map(namespace, config_map("two"))

    core.delete_collection_namespaced_config_map(namespace, label_selector="doomed=yes")

    left = {each.metadata.name for each in core.list_namespaced_config_map(namespace).items}
    assert "two" in left
    assert "one" not in left

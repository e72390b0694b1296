import json

import pytest
from kubernetes import watch

from cluster.manifests import config_map, labelled, refused


def names_of(events):
    return [(event["type"], event["object"].metadata.name) for event in events]


def take(count, *arguments, **options):
    """The first events of a watch."""
    events = []
    watcher = watch.Watch()
    for event in watcher.stream(*arguments, timeout_seconds=20, **options):
        events.append(event)
        if len(events) == count:
            watcher.stop()
    return events


def raw_watch(dynamic, namespace, query):
    """Every line of a watch, which must end by itself."""
    path = f"/api/v1/namespaces/{namespace}/configmaps"
    answer = dynamic.request("GET", path, query_params=[("watch", "true"), *query.items()], serialize=False)
    return [json.loads(line) for line in answer.data.splitlines()]


def test_a_watch_shows_every_change_after_a_revision(core, namespace):
    revision = core.list_namespaced_config_map(namespace).metadata.resource_version
    core.create_namespaced_config_map(namespace, config_map("one", a="1"))
    core.patch_namespaced_config_map("one", namespace, {"data": {"a": "2"}})
    core.delete_namespaced_config_map("one", namespace)

    events = take(
        3,
        core.list_namespaced_config_map,
        namespace,
        resource_version=revision,
        field_selector="metadata.name=one",
    )

    assert names_of(events) == [("ADDED", "one"), ("MODIFIED", "one"), ("DELETED", "one")]
    revisions = [int(event["object"].metadata.resource_version) for event in events]
    assert revisions == sorted(set(revisions))


def test_a_watch_without_a_revision_starts_with_what_is_there(core, namespace):
    core.create_namespaced_config_map(namespace, config_map("one"))

    selector = "metadata.name=one"
    events = take(1, core.list_namespaced_config_map, namespace, field_selector=selector)

    assert names_of(events) == [("ADDED", "one")]


def test_an_object_that_leaves_the_selection_is_deleted_for_that_watch(core, namespace):
    revision = core.list_namespaced_config_map(namespace).metadata.resource_version
    core.create_namespaced_config_map(namespace, labelled(config_map("one"), tier="web"))
    core.patch_namespaced_config_map("one", namespace, {"metadata": {"labels": {"tier": "db"}}})

    events = take(2, core.list_namespaced_config_map, namespace, resource_version=revision, label_selector="tier=web")

    assert names_of(events) == [("ADDED", "one"), ("DELETED", "one")]


def test_a_watch_ends_after_its_timeout(core, namespace):
    revision = core.list_namespaced_config_map(namespace).metadata.resource_version
    stream = watch.Watch().stream(
        core.list_namespaced_config_map,
        namespace,
        resource_version=revision,
        timeout_seconds=1,
        field_selector="metadata.name=none",
    )

    assert list(stream) == []


def test_a_watch_from_a_forgotten_revision_is_told_that_it_is_gone(fake, core, dynamic):
    revision = core.list_namespaced_config_map("default").metadata.resource_version
    core.create_namespaced_config_map("default", config_map("one"))
    fake.compact()

    query = {"resourceVersion": revision, "timeoutSeconds": "5"}
    (event,) = raw_watch(dynamic, "default", query)

    assert event["type"] == "ERROR"
    assert (event["object"]["code"], event["object"]["reason"]) == (410, "Expired")


@pytest.mark.since("1.32", "watch lists")
def test_a_watch_list_ends_its_initial_events_with_a_bookmark(core, dynamic, namespace):
    core.create_namespaced_config_map(namespace, config_map("one"))

    events = raw_watch(
        dynamic,
        namespace,
        {
            "sendInitialEvents": "true",
            "resourceVersionMatch": "NotOlderThan",
            "allowWatchBookmarks": "true",
            "timeoutSeconds": "1",
            "fieldSelector": "metadata.name=one",
        },
    )

    assert [event["type"] for event in events[:2]] == ["ADDED", "BOOKMARK"]
    assert events[1]["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


def test_a_list_comes_in_chunks(core, namespace):
    for number in range(5):
        core.create_namespaced_config_map(namespace, labelled(config_map(f"chunk-{number}"), chunk="yes"))

    first = core.list_namespaced_config_map(namespace, limit=3, label_selector="chunk=yes")
    second = core.list_namespaced_config_map(
        namespace, limit=3, label_selector="chunk=yes", _continue=first.metadata._continue
    )

    listed = [each.metadata.name for each in (*first.items, *second.items)]
    assert listed == [f"chunk-{number}" for number in range(5)]
    assert not second.metadata._continue


def test_a_forgotten_continue_token_is_gone(fake, core):
    for number in range(3):
        core.create_namespaced_config_map("default", config_map(f"chunk-{number}"))
    first = core.list_namespaced_config_map("default", limit=2)
    core.create_namespaced_config_map("default", config_map("later"))
    fake.compact()

    with refused(410):
        core.list_namespaced_config_map("default", limit=2, _continue=first.metadata._continue)


def test_a_list_is_printed_as_a_table_for_people(dynamic, core, namespace):
    core.create_namespaced_config_map(namespace, config_map("one"))

    answer = dynamic.request(
        "GET",
        f"/api/v1/namespaces/{namespace}/configmaps",
        header_params={"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"},
        serialize=False,
    )

    table = json.loads(answer.data)
    assert table["kind"] == "Table"
    assert table["columnDefinitions"][0]["name"] == "Name"
    assert "one" in [row["cells"][0] for row in table["rows"]]

import time
import uuid

import pytest
from kubernetes import client
from kubernetes.dynamic import DynamicClient
from kubernetes.dynamic.exceptions import ResourceNotFoundError

from cluster.manifests import definition, refused, wait_until, wait_until_gone

SCHEMA = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "required": ["size"],
            "properties": {
                "size": {"type": "integer", "minimum": 1},
                "colour": {"type": "string", "enum": ["red", "green"], "default": "red"},
                "tags": {
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}, "value": {"type": "string"}},
                    },
                },
            },
        },
        "status": {"type": "object", "properties": {"phase": {"type": "string"}}},
    },
}


@pytest.fixture
def define(api):
    """Returns a function that defines a kind and answers its resource; the definitions go when the test ends."""
    definitions = client.ApiextensionsV1Api(api)
    made = []

    def make(*, status=False):
        kind = f"Thing{uuid.uuid4().hex[:6]}"
        body = definition(f"{kind.lower()}s", kind, SCHEMA, status=status)
        made.append(definitions.create_custom_resource_definition(body).metadata.name)
        wait_until(
            definitions.list_custom_resource_definition,
            field_selector=f"metadata.name={made[-1]}",
            holds=established,
        )
        return discovered(api, kind)

    yield make
    left = {each.metadata.name for each in definitions.list_custom_resource_definition().items}
    for name in left & set(made):
        definitions.delete_custom_resource_definition(name)


def established(found):
    conditions = (found.status and found.status.conditions) or ()
    return any(each.type == "Established" and each.status == "True" for each in conditions)


def discovered(api, kind, seconds=10):
    """The resource; a real server serves a kind a moment before it tells of it, and tells nobody when."""
    last = time.monotonic() + seconds
    while True:
        try:
            return DynamicClient(api).resources.get(api_version="tests.example.com/v1", kind=kind)
        except ResourceNotFoundError:
            if time.monotonic() > last:
                raise
            time.sleep(0.1)


def thing(resource, name="one", **spec):
    return {"apiVersion": resource.group_version, "kind": resource.kind, "metadata": {"name": name}, "spec": spec}


def test_an_object_of_a_defined_kind_is_stored_with_its_schema_s_defaults(define, namespace):
    things = define()

    stored = things.create(thing(things, size=2), namespace=namespace)

    assert stored.spec.to_dict() == {"size": 2, "colour": "red"}


@pytest.mark.parametrize("spec", [{}, {"size": 0}, {"size": "two"}, {"size": 2, "colour": "blue"}])
def test_an_object_that_breaks_its_schema_is_invalid(define, namespace, spec):
    things = define()

    with refused(422):
        things.create(thing(things, **spec), namespace=namespace)


@pytest.mark.since("1.25", "strict field validation")
def test_an_unknown_field_of_a_defined_kind_is_refused_under_strict_validation(define, namespace):
    things = define()

    with refused(400, "spec.weight"):
        things.create(
            thing(things, size=2, weight=1), namespace=namespace, query_params=[("fieldValidation", "Strict")]
        )


def test_with_a_status_subresource_the_status_is_dropped_on_creation_and_written_apart(define, namespace):
    things = define(status=True)

    made = things.create({**thing(things, size=2), "status": {"phase": "Lies"}}, namespace=namespace)
    report = {**thing(things, size=9), "status": {"phase": "Ready"}}
    reported = things.status.patch(report, namespace=namespace, content_type="application/merge-patch+json")

    assert made.to_dict().get("status") is None
    assert reported.status.phase == "Ready"
    assert reported.spec.size == 2
    assert reported.metadata.generation == 1


def test_without_a_status_subresource_the_status_is_a_field_like_any_other(define, namespace):
    things = define(status=False)

    made = things.create({**thing(things, size=2), "status": {"phase": "Ready"}}, namespace=namespace)

    assert made.status.phase == "Ready"


def test_an_apply_merges_lists_of_a_defined_kind_by_their_keys(define, namespace):
    things = define()

    def apply(manager, *names):
        tags = [{"name": name, "value": manager} for name in names]
        body = thing(things, size=2, tags=tags)
        return things.server_side_apply(body, name="one", namespace=namespace, field_manager=manager)

    apply("alpha", "a")
    both = apply("beta", "b")

    assert {tag.name: tag.value for tag in both.spec.tags} == {"a": "alpha", "b": "beta"}


def test_a_strategic_patch_of_a_defined_kind_is_refused(define, namespace):
    things = define()
    things.create(thing(things, size=2), namespace=namespace)

    with refused(415):
        things.patch(thing(things, size=3), namespace=namespace, content_type="application/strategic-merge-patch+json")


def test_a_kind_is_gone_with_its_definition(api, define, namespace):
    things = define()
    definitions = client.ApiextensionsV1Api(api)
    things.create(thing(things, size=2), namespace=namespace)
    name = f"{things.name}.{things.group}"

    definitions.delete_custom_resource_definition(name)
    wait_until_gone(definitions.list_custom_resource_definition, field_selector=f"metadata.name={name}")

    with refused(404):
        things.get(name="one", namespace=namespace)

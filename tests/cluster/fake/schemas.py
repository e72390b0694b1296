"""The schema of every kind, as a graph of plain dictionaries whose references are already followed.

Kubernetes' own kinds come from `kubernetes-validate`, which bundles the published OpenAPI of each minor version as
strict JSON Schema (`additionalProperties: false`) and keeps the list types and merge keys that patches need.
Following the references once makes validation several times faster and lets every other module walk a schema without
a resolver.
"""

import json
from functools import cache
from pathlib import Path

import kubernetes_validate

from .values import Json

_BUNDLED = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"


def known_versions() -> list[str]:
    """Minor versions with a bundled schema, oldest first, for example `1.25`."""
    return [kubernetes_validate.utils.major_minor(version) for version in kubernetes_validate.utils.all_versions()]


@cache
def _linked_definitions(version: str) -> Json:
    folder = _BUNDLED / f"v{version}.0-local-strict"
    definitions = json.loads((folder / "_definitions.json").read_text())["$defs"]
    for definition in definitions.values():
        _link(definition, definitions)
    return definitions


def _link(node: object, definitions: Json) -> object:
    """Replace each reference below `node` by what it refers to; the result may be cyclic."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            return definitions[reference.rpartition("/")[2]]
        for key, value in node.items():
            node[key] = _link(value, definitions)
    elif isinstance(node, list):
        node[:] = [_link(value, definitions) for value in node]
    return node


class Schemas:
    """The schemas of one Kubernetes minor version."""

    def __init__(self, version: str) -> None:
        if version not in known_versions():
            raise ValueError(f"no schemas for Kubernetes {version}; there are: {', '.join(known_versions())}")
        self.version = version
        self._definitions = _linked_definitions(version)
        self.quantity = self._definitions[_QUANTITY]
        self._by_kind = {
            (known["group"], known["version"], known["kind"]): definition
            for definition in self._definitions.values()
            for known in definition.get("x-kubernetes-group-version-kind", ())
        }

    def of_kind(self, group: str, version: str, kind: str) -> Json:
        return self._by_kind[group, version, kind]

    def definition(self, name: str) -> Json:
        return self._definitions[name]

    def of_custom_resource(self, published: Json) -> Json:
        """A CustomResourceDefinition's own schema, with the common metadata that every object has."""
        schema = _without_nulls(published)
        properties = schema.setdefault("properties", {})
        properties |= {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": self._definitions[_OBJECT_META],
        }
        return schema


def _without_nulls(node: object) -> object:
    """Published definitions hold `anyOf: null`, which means the same as leaving it out; `enum: [null]` stays."""
    if isinstance(node, dict):
        return {key: _without_nulls(value) for key, value in node.items() if value is not None}
    if isinstance(node, list):
        return [_without_nulls(value) for value in node]
    return node


def keeps_unknown_fields(schema: Json) -> bool:
    """Whether objects of this schema may have fields that it does not list."""
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        return True
    return "properties" not in schema and schema.get("additionalProperties", True) is not False


def child(schema: Json, name: str) -> Json:
    """The schema of one field; an empty schema for a field that is not listed."""
    found = schema.get("properties", {}).get(name)
    if found is not None:
        return found
    values = schema.get("additionalProperties")
    return values if isinstance(values, dict) else {}


def item(schema: Json) -> Json:
    """The schema of a list's items."""
    return schema.get("items", {})

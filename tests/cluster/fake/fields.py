"""Which fields an object has, in the terms of server-side apply.

A field set is a set of paths. A path is a tuple of the elements that `managedFields` writes: `f:name` for a field,
`k:{"name":"http"}` for an item of a list with keys, `v:"text"` for a member of a set. Where a schema calls a list or
map atomic, the whole of it is one field.

Source: sigs.k8s.io/structured-merge-diff, `fieldpath` and `typed/tofieldset.go`.
"""

import json
from collections.abc import Iterable

from .schemas import child, item
from .values import Json

Path = tuple[str, ...]

# The published schemas leave out the one default that a list key of Kubernetes' own kinds has.
_KEY_DEFAULTS = {"protocol": "TCP"}
# Fields that belong to the server; no field manager owns them.
_UNOWNED = {"apiVersion", "kind"}
_UNOWNED_METADATA = {
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "clusterName",
    "generation",
    "managedFields",
    "resourceVersion",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
}


def list_type(schema: Json) -> str:
    """`map`, `set` or `atomic`.

    Older schemas say it only by the strategy of strategic merge patch, which the server reads the same way
    (kube-openapi `pkg/schemaconv`).
    """
    stated = schema.get("x-kubernetes-list-type")
    if stated is not None:
        return stated
    if "merge" not in schema.get("x-kubernetes-patch-strategy", "").split(","):
        return "atomic"
    return "map" if "x-kubernetes-patch-merge-key" in schema else "set"


def list_keys(schema: Json) -> list[str]:
    """The fields by which the items of a list of type map are told apart."""
    return schema.get("x-kubernetes-list-map-keys") or [schema["x-kubernetes-patch-merge-key"]]


def is_atomic_map(schema: Json) -> bool:
    return schema.get("x-kubernetes-map-type") == "atomic"


def item_key(found: Json, schema: Json) -> str:
    """The path element of an item in a list of type map."""
    keys = {}
    properties = item(schema).get("properties", {})
    for name in sorted(list_keys(schema)):
        default = properties.get(name, {}).get("default", _KEY_DEFAULTS.get(name))
        value = found.get(name, default)
        if value is not None:
            keys[name] = value
    return "k:" + json.dumps(keys, separators=(",", ":"))


def member_key(value: object) -> str:
    """The path element of a member of a list of type set."""
    return "v:" + json.dumps(value, separators=(",", ":"))


def flatten(found: Json, schema: Json) -> dict[Path, object]:
    """Every owned field of an object with its value; the keys are the object's field set."""
    fields: dict[Path, object] = {}
    for name, value in found.items():
        if name in _UNOWNED:
            continue
        if name == "metadata":
            value = {key: inner for key, inner in value.items() if key not in _UNOWNED_METADATA}  # noqa: PLW2901 # trimmed
            if not value:
                continue
        _flatten(value, child(schema, name), (f"f:{name}",), fields)
    return fields


def _flatten(value: object, schema: Json, path: Path, fields: dict[Path, object]) -> None:
    if isinstance(value, dict) and value and not is_atomic_map(schema):
        for name, inner in value.items():
            _flatten(inner, child(schema, name), (*path, f"f:{name}"), fields)
    elif isinstance(value, list) and value and list_type(schema) == "map":
        for inner in value:
            inner_path = (*path, item_key(inner, schema))
            fields[inner_path] = True
            _flatten(inner, item(schema), inner_path, fields)
    elif isinstance(value, list) and value and list_type(schema) == "set":
        for inner in value:
            fields[*path, member_key(inner)] = True
    else:
        fields[path] = value


def to_fields_v1(paths: Iterable[Path]) -> Json:
    """The nested form that `managedFields` stores."""
    root: Json = {}
    for path in sorted(paths):
        node = root
        for element in path:
            node = node.setdefault(element, {})
        if path[-1].startswith("k:"):
            node["."] = {}
    return root


def from_fields_v1(nested: Json) -> set[Path]:
    paths: set[Path] = set()
    _collect(nested, (), paths)
    return paths


def _collect(node: Json, path: Path, paths: set[Path]) -> None:
    if path and (not node or "." in node):
        paths.add(path)
    for element, inner in node.items():
        if element != ".":
            _collect(inner, (*path, element), paths)


def readable(path: Path) -> str:
    """`.spec.containers[name="web"].image`, as conflicts are reported."""
    parts = []
    for element in path:
        how, _, name = element.partition(":")
        if how == "f":
            parts.append(f".{name}")
        elif how == "k":
            keys = ",".join(f"{key}={json.dumps(value)}" for key, value in json.loads(name).items())
            parts.append(f"[{keys}]")
        else:
            parts.append(f"[={name}]")
    return "".join(parts)


def with_parents(paths: Iterable[Path]) -> set[Path]:
    """The paths and everything above them."""
    return {path[:length] for path in paths for length in range(1, len(path) + 1)}

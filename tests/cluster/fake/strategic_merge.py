"""Strategic merge patch: lists merge by the key that the schema names, with directives for what a merge cannot say.

Source: Kubernetes design document `strategic-merge-patch.md`; k8s.io/apimachinery `pkg/util/strategicpatch`.
"""

from .errors import StatusError
from .schemas import child, item
from .values import Json, clone

_DELETE_PRIMITIVES = "$deleteFromPrimitiveList/"
_ORDER = "$setElementOrder/"


def strategic_merge(target: object, patch: object, schema: Json) -> object:
    """The patched value; neither argument is changed.

    Raises:
        StatusError: 500, an item of a merged list lacks its key.
    """
    if not isinstance(patch, dict):
        return clone(patch)
    target = target if isinstance(target, dict) else {}
    directive = patch.get("$patch")
    if directive == "replace":
        return _plain(patch)
    if directive == "delete":
        return {}
    merged = dict(target)
    if "$retainKeys" in patch:
        merged = {name: value for name, value in merged.items() if name in patch["$retainKeys"]}
    for name, value in patch.items():
        _patch_field(merged, name, value, schema)
    for name, order in patch.items():
        if name.startswith(_ORDER):
            field = name.removeprefix(_ORDER)
            key = child(schema, field).get("x-kubernetes-patch-merge-key")
            merged[field] = _in_order(merged.get(field, []), order, target.get(field, []), key)
    return merged


def _patch_field(merged: Json, name: str, value: object, schema: Json) -> None:
    if name.startswith(_DELETE_PRIMITIVES):
        field = name.removeprefix(_DELETE_PRIMITIVES)
        merged[field] = [member for member in merged.get(field, []) if member not in value]
    elif name.startswith("$"):
        return
    elif value is None:
        merged.pop(name, None)
    elif isinstance(value, list) and isinstance(merged.get(name), list):
        merged[name] = _merge_list(merged[name], value, child(schema, name))
    elif isinstance(value, list):
        merged[name] = _merge_list([], value, child(schema, name))
    else:
        merged[name] = strategic_merge(merged.get(name), value, child(schema, name))


def _merge_list(target: list[object], patch: list[object], schema: Json) -> list[object]:
    if "merge" not in schema.get("x-kubernetes-patch-strategy", "").split(","):
        return [_plain(value) for value in patch]
    key = schema.get("x-kubernetes-patch-merge-key")
    if key is None:
        added = [value for value in patch if value not in target]
        return _in_order(target + added, patch, target)
    if any(isinstance(value, dict) and value.get("$patch") == "replace" for value in patch):
        return [_plain(value) for value in patch if value.get("$patch") != "replace"]
    merged = list(target)
    for value in patch:
        _merge_item(merged, value, key, schema)
    return _in_order(merged, [value for value in patch if "$patch" not in value], target, key)


def _merge_item(merged: list[Json], value: Json, key: str, schema: Json) -> None:
    if key not in value:
        raise StatusError(500, "", f"map: {value} does not contain declared merge key: {key}")
    position = next((index for index, found in enumerate(merged) if found.get(key) == value[key]), None)
    if value.get("$patch") == "delete":
        if position is not None:
            del merged[position]
    elif position is None:
        merged.append(strategic_merge({}, value, item(schema)))
    else:
        merged[position] = strategic_merge(merged[position], value, item(schema))


def _in_order(merged: list[object], order: list[object], before: list[object], key: str | None = None) -> list[object]:
    """What the patch names takes its order; what only the server has stays in its place among it, or comes last."""

    def names(values: list[object]) -> list[object]:
        return [value[key] if key else value for value in values]

    wanted, known = names(order), names(before)
    named = dict(zip(names(merged), merged, strict=True))
    patched = [name for name in dict.fromkeys(wanted) if name in named]
    others = [name for name in dict.fromkeys((*known, *named)) if name in named and name not in wanted]
    result = []
    while patched and others:
        stays = {patched[0], others[0]} <= set(known) and known.index(others[0]) < known.index(patched[0])
        result.append((others if stays else patched).pop(0))
    return [named[name] for name in (*result, *patched, *others)]


def _plain(value: object) -> object:
    """The value without directives."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if not name.startswith("$")}
    return clone(value)

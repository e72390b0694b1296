"""Merge an applied configuration into a live object, and take away what its manager no longer wants.

Source: sigs.k8s.io/structured-merge-diff, `typed/merge.go` and `typed/remove.go`.
"""

from .fields import Path, is_atomic_map, item_key, list_type, member_key
from .schemas import child, item
from .values import Json, clone


def merge(live: object, applied: object, schema: Json) -> object:
    """The live value with the applied one laid over it; neither argument is changed."""
    if isinstance(live, dict) and isinstance(applied, dict) and not is_atomic_map(schema):
        merged = dict(live)
        for name, value in applied.items():
            merged[name] = merge(live.get(name), value, child(schema, name))
        return merged
    if isinstance(live, list) and isinstance(applied, list):
        if list_type(schema) == "map":
            return _merge_items(live, applied, schema)
        if list_type(schema) == "set":
            return live + [value for value in applied if value not in live]
    return clone(applied)


def _merge_items(live: list[Json], applied: list[Json], schema: Json) -> list[Json]:
    """Items that are in both take the applied order; the others stay where they are or come last."""
    live_by_key = {item_key(found, schema): found for found in live}
    merged = [
        (key, merge(live_by_key.get(key, {}), wanted, item(schema)))
        for key, wanted in ((item_key(wanted, schema), wanted) for wanted in applied)
    ]
    applied_keys = {key for key, _ in merged}
    coming = iter(merged)
    result = [next(coming)[1] if key in applied_keys else found for key, found in live_by_key.items()]
    return result + [wanted for _, wanted in coming]


def remove(value: object, schema: Json, doomed: set[Path], path: Path = ()) -> object:
    """The value without the fields at the doomed paths and without the maps that this leaves empty."""
    if isinstance(value, dict):
        return _remove_fields(value, schema, doomed, path)
    if isinstance(value, list) and list_type(schema) == "map":
        kept = []
        for found in value:
            inner_path = (*path, item_key(found, schema))
            if inner_path not in doomed:
                kept.append(remove(found, item(schema), doomed, inner_path))
        return kept
    if isinstance(value, list) and list_type(schema) == "set":
        return [found for found in value if (*path, member_key(found)) not in doomed]
    return value


def _remove_fields(value: Json, schema: Json, doomed: set[Path], path: Path) -> Json:
    kept = {}
    for name, inner in value.items():
        inner_path = (*path, f"f:{name}")
        if inner_path in doomed:
            continue
        left = remove(inner, child(schema, name), doomed, inner_path)
        if left or not inner or not isinstance(inner, dict | list):
            kept[name] = left
    return kept

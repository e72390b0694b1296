"""JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7386)."""

from .errors import StatusError, bad_request
from .values import Json, clone


def merge_patch(target: object, patch: object) -> object:
    """RFC 7386: null deletes, objects merge, everything else replaces."""
    if not isinstance(patch, dict):
        return clone(patch)
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def json_patch(target: Json, operations: list[Json]) -> Json:
    """RFC 6902, all or nothing; the target is not changed.

    Raises:
        StatusError: 422, an operation does not apply (a path that is missing, a test that fails); 400, it is malformed.
    """
    document = clone(target)
    if not isinstance(operations, list):
        raise bad_request("a JSON patch is a list of operations")
    for operation in operations:
        try:
            document = _perform(document, operation)
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise StatusError(
                422, "Invalid", f"the server rejected our request due to an error in our request: {operation}: {error}"
            ) from error
    return document


def _perform(document: object, operation: Json) -> object:
    path = _pointer(operation["path"])
    match operation["op"]:
        case "add":
            return _add(document, path, clone(operation["value"]))
        case "replace":
            _look_up(document, path)
            return _add(_remove(document, path), path, clone(operation["value"]))
        case "remove":
            return _remove(document, path)
        case "test":
            if _look_up(document, path) != operation["value"]:
                raise ValueError("test failed")
            return document
        case "copy":
            return _add(document, path, clone(_look_up(document, _pointer(operation["from"]))))
        case "move":
            source = _pointer(operation["from"])
            value = _look_up(document, source)
            return _add(_remove(document, source), path, value)
        case unknown:
            raise ValueError(f"unknown operation {unknown}")


def _pointer(text: str) -> list[str]:
    if text and not text.startswith("/"):
        raise ValueError(f"not a JSON pointer: {text}")
    return [part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:]]


def _look_up(document: object, path: list[str]) -> object:
    for part in path:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def _add(document: object, path: list[str], value: object) -> object:
    if not path:
        return value
    parent = _look_up(document, path[:-1])
    if isinstance(parent, list):
        position = len(parent) if path[-1] == "-" else int(path[-1])
        if not 0 <= position <= len(parent):
            raise IndexError(f"no position {position}")
        parent.insert(position, value)
    else:
        parent[path[-1]] = value
    return document


def _remove(document: object, path: list[str]) -> object:
    if not path:
        return None
    parent = _look_up(document, path[:-1])
    del parent[int(path[-1]) if isinstance(parent, list) else path[-1]]
    return document

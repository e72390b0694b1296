"""Label and field selectors, as lists and watches take them in their query."""

import re
from collections.abc import Callable

from .errors import bad_request
from .values import Json

Predicate = Callable[[Json], bool]

_SET_BASED = re.compile(r"^(?P<key>[\w./-]+)\s+(?P<how>in|notin)\s*\((?P<values>[^)]*)\)$")
_EQUALITY = re.compile(r"^(?P<key>[\w./-]+)\s*(?P<how>==|!=|=)\s*(?P<value>[\w.-]*)$")
_EXISTS = re.compile(r"^(?P<absent>!?)\s*(?P<key>[\w./-]+)$")
_NOT_INSIDE_PARENTHESES = re.compile(r",(?![^(]*\))")

# Fields that a real server can select by, beyond metadata.name and metadata.namespace, per plural.
_SELECTABLE = {
    "pods": {"spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "status.phase", "status.podIP"},
    "events": {
        "involvedObject.kind",
        "involvedObject.name",
        "involvedObject.namespace",
        "involvedObject.uid",
        "reason",
        "type",
    },
    "secrets": {"type"},
    "namespaces": {"status.phase"},
    "jobs": {"status.successful"},
    "builds": {"status"},
    "routes": {"spec.host", "spec.path", "spec.to.name"},
}


def label_selector(text: str) -> Predicate:
    """The predicate of a `labelSelector` query.

    Raises:
        StatusError: 400, the text is not a selector.
    """
    requirements = [_requirement(part.strip()) for part in _NOT_INSIDE_PARENTHESES.split(text) if part.strip()]
    return lambda found: all(holds(found["metadata"].get("labels") or {}) for holds in requirements)


def _requirement(text: str) -> Predicate:
    if match := _SET_BASED.match(text):
        values = {value.strip() for value in match["values"].split(",")}
        wanted = match["how"] == "in"
        key = match["key"]
        if wanted:
            return lambda labels: labels.get(key) in values
        return lambda labels: labels.get(key) not in values
    if match := _EQUALITY.match(text):
        key, value, negated = match["key"], match["value"], match["how"] == "!="
        return lambda labels: (labels.get(key) == value) != negated
    if match := _EXISTS.match(text):
        key, negated = match["key"], bool(match["absent"])
        return lambda labels: (key in labels) != negated
    raise bad_request(f'unable to parse requirement: invalid selector "{text}"')


def field_selector(text: str, plural: str) -> Predicate:
    """The predicate of a `fieldSelector` query.

    Raises:
        StatusError: 400, the text is no selector or this kind cannot be selected by that field.
    """
    allowed = {"metadata.name", "metadata.namespace"} | _SELECTABLE.get(plural, set())
    requirements = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        path, how, value = _field_requirement(part)
        if path not in allowed:
            raise bad_request(_unselectable(path, plural))
        requirements.append((path.split("."), value, how == "!="))
    return lambda found: all((_text_at(found, path) == value) != negated for path, value, negated in requirements)


def _unselectable(path: str, plural: str) -> str:
    """The sentence of a kind with selectors of its own, or of all others."""
    if plural in _SELECTABLE:
        return f"field label not supported: {path}"
    return f'"{path}" is not a known field selector: only "metadata.name", "metadata.namespace"'


def _field_requirement(text: str) -> tuple[str, str, str]:
    for how in ("!=", "==", "="):
        path, separator, value = text.partition(how)
        if separator:
            return path, how, value
    raise bad_request(f"invalid field selector: '{text}'; can't understand '{text}'")


def _text_at(found: object, path: list[str]) -> str:
    for name in path:
        found = found.get(name, "") if isinstance(found, dict) else ""
    return str(found)


def matches_labels(selector: Json, labels: Json) -> bool:
    """Whether a LabelSelector of a spec (`matchLabels`, `matchExpressions`) selects these labels."""
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    return all(_expression_holds(expression, labels) for expression in selector.get("matchExpressions") or ())


def _expression_holds(expression: Json, labels: Json) -> bool:
    key, values = expression["key"], expression.get("values") or ()
    match expression["operator"]:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels

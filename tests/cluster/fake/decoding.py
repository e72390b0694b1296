"""From a request's body to an object that may be looked at: the checks that come before any rule of its kind."""

from dataclasses import dataclass, field

from .errors import bad_request, conflict, forbidden_change, invalid, stale, undecodable
from .kinds import Kind
from .users import User
from .validation import refuse_unknown, without_unknown_fields
from .values import Json, without_nulls

_SET_BY_THE_SERVER = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")


@dataclass
class Write:
    """How one write is to be done, and what the client is warned of."""

    user: User
    manager: str
    dry_run: bool = False
    force: bool = False
    validation: str = "Strict"
    warnings: list[str] = field(default_factory=list)


def decode(body: object, kind: Kind, namespace: str, write: Write, *, applying: bool = False) -> Json:
    """The object of a body, complete enough to be merged or stored; the body itself is not changed.

    Raises:
        StatusError: 400, the body is not an object of this kind and namespace or has unknown fields.
    """
    if not isinstance(body, dict) or not isinstance(body.get("metadata", {}), dict):
        raise bad_request(f"the body is not a {kind.kind}")
    found = without_nulls(body)
    for name, expected in (("apiVersion", kind.api_version), ("kind", kind.kind)):
        if found.setdefault(name, expected) != expected:
            raise bad_request(
                f"{name} in the data ({found[name]}) does not match the expected {name} ({expected}) of the request"
            )
    metadata = found["metadata"] = dict(found.get("metadata", {}))
    if kind.namespaced:
        if metadata.setdefault("namespace", namespace) != namespace:
            raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
    else:
        metadata.pop("namespace", None)
    return _known_fields_only(found, kind, write, applying=applying)


def _known_fields_only(found: Json, kind: Kind, write: Write, *, applying: bool) -> Json:
    unknown = refuse_unknown(found, kind, applying=applying)
    if not unknown:
        return found
    if write.validation == "Strict":
        listed = [f'unknown field "{path}"' for path in unknown]
        raise undecodable(kind, [f"strict decoding error: {', '.join(listed)}"])
    if write.validation == "Warn":
        write.warnings += [f'unknown field "{path}"' for path in unknown]
    return without_unknown_fields(found, kind.schema)


def check_identity(found: Json, before: Json, kind: Kind, name: str) -> None:
    """Refuse a write that means another object, or an older state of this one.

    Raises:
        StatusError: 400 for another name, 409 for another uid or a stale resourceVersion.
    """
    metadata = found["metadata"]
    if metadata.setdefault("name", name) != name:
        raise bad_request(f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})")
    uid = metadata.get("uid")
    if uid and uid != before["metadata"]["uid"]:
        raise conflict(kind, name, f"Precondition failed: UID in precondition: {uid}, UID in object meta: other")
    version = metadata.get("resourceVersion")
    if version and version != before["metadata"]["resourceVersion"]:
        raise stale(kind, name)


def carry_over(found: Json, before: Json, kind: Kind) -> None:
    """Give an object, in place, what only the server may set, from the object that it replaces."""
    metadata = found["metadata"]
    for name in (*_SET_BY_THE_SERVER, "managedFields"):
        metadata.pop(name, None)
        if name in before["metadata"]:
            metadata[name] = before["metadata"][name]
    metadata["resourceVersion"] = before["metadata"]["resourceVersion"]
    if kind.has_status:
        found.pop("status", None)
        if "status" in before:
            found["status"] = before["status"]
    if metadata.get("deletionTimestamp"):
        added = set(metadata.get("finalizers", ())) - set(before["metadata"].get("finalizers", ()))
        if added:
            why = "no new finalizers can be added if the object is being deleted"
            raise invalid(kind, metadata["name"], [forbidden_change("metadata.finalizers", why)])


def start_afresh(found: Json, kind: Kind) -> None:
    """Take from a new object, in place, what only the server may set.

    Raises:
        StatusError: 400, it has a resourceVersion.
    """
    metadata = found["metadata"]
    if metadata.get("resourceVersion"):
        raise bad_request("resourceVersion should not be set on objects to be created")
    for name in (*_SET_BY_THE_SERVER, "managedFields", "resourceVersion"):
        metadata.pop(name, None)
    if kind.has_status:
        found.pop("status", None)

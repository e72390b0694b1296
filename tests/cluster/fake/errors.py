"""The refusals of an API server, each as the `Status` object that clients parse.

Reasons, codes and sentences follow k8s.io/apimachinery `pkg/api/errors`, because the collection shows them to people
and its tests read them.
"""

from dataclasses import dataclass, field

from .values import Json


@dataclass(frozen=True)
class Cause:
    """One fault inside an object: `reason` is machine-readable, `path` is like `spec.ports[0].port`."""

    reason: str
    message: str
    path: str

    def to_json(self) -> Json:
        return {"reason": self.reason, "message": self.message, "field": self.path}


@dataclass
class StatusError(Exception):
    """A request that is answered with a `Status` of kind Failure."""

    code: int
    reason: str
    message: str
    details: Json = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message

    def to_json(self) -> Json:
        status: Json = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "code": self.code,
        }
        if self.details:
            status["details"] = self.details
        return status


def _about(kind, name: str, **extra: object) -> Json:
    details = {"name": name, "group": kind.group, "kind": kind.plural, **extra}
    return {key: value for key, value in details.items() if value}


def not_found(kind, name: str) -> StatusError:
    return StatusError(404, "NotFound", f'{kind.qualified_plural} "{name}" not found', _about(kind, name))


def no_such_path() -> StatusError:
    return StatusError(404, "NotFound", "the server could not find the requested resource")


def already_exists(kind, name: str) -> StatusError:
    return StatusError(409, "AlreadyExists", f'{kind.qualified_plural} "{name}" already exists', _about(kind, name))


def conflict(kind, name: str, why: str) -> StatusError:
    message = f'Operation cannot be fulfilled on {kind.qualified_plural} "{name}": {why}'
    return StatusError(409, "Conflict", message, _about(kind, name))


def stale(kind, name: str) -> StatusError:
    return conflict(
        kind,
        name,
        "the object has been modified; please apply your changes to the latest version and try again",
    )


def apply_conflict(causes: list[Cause]) -> StatusError:
    plural = "" if len(causes) == 1 else "s"
    listed = "\n".join(f"- {cause.message}: {cause.path}" for cause in causes)
    if len(causes) == 1:
        listed = f"{causes[0].message}: {causes[0].path}"
    message = f"Apply failed with {len(causes)} conflict{plural}: {listed}"
    return StatusError(409, "Conflict", message, {"causes": [cause.to_json() for cause in causes]})


def invalid(kind, name: str, causes: list[Cause]) -> StatusError:
    listed = ", ".join(f"{cause.path}: {cause.message}" for cause in causes)
    if len(causes) > 1:
        listed = f"[{listed}]"
    qualified = f"{kind.kind}.{kind.group}" if kind.group else kind.kind
    details = _about(kind, name, causes=[cause.to_json() for cause in causes])
    details["kind"] = kind.kind
    return StatusError(422, "Invalid", f'{qualified} "{name}" is invalid: {listed}', details)


def bad_request(message: str) -> StatusError:
    return StatusError(400, "BadRequest", message)


def undecodable(kind, faults: list[str]) -> StatusError:
    """A body that is JSON but not of this kind: a wrong type, or an unknown field under strict validation."""
    listed = ", ".join(faults)
    return bad_request(f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}: {listed}')


def forbidden(kind, name: str, why: str, causes: list[Cause] = ()) -> StatusError:
    subject = f'{kind.qualified_plural} "{name}"' if name else kind.qualified_plural
    details = _about(kind, name, causes=[cause.to_json() for cause in causes])
    return StatusError(403, "Forbidden", f"{subject} is forbidden: {why}", details)


def unauthorized() -> StatusError:
    return StatusError(401, "Unauthorized", "Unauthorized")


def gone(message: str) -> StatusError:
    return StatusError(410, "Expired", message)


def unsupported_media_type(given: str, known: list[str]) -> StatusError:
    message = (
        "the body of the request was in an unknown format - accepted media types include: "
        f"{', '.join(known)} (given: {given or 'none'})"
    )
    return StatusError(415, "UnsupportedMediaType", message)


def method_not_allowed() -> StatusError:
    return StatusError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")


def required(path: str, why: str = "") -> Cause:
    return Cause("FieldValueRequired", f"Required value{': ' + why if why else ''}", path)


def invalid_value(path: str, value: object, why: str) -> Cause:
    shown = f'"{value}"' if isinstance(value, str) else value
    return Cause("FieldValueInvalid", f"Invalid value: {shown}: {why}", path)


def unsupported_value(path: str, value: object, supported: list[object]) -> Cause:
    listed = ", ".join(f'"{choice}"' for choice in supported)
    return Cause("FieldValueNotSupported", f'Unsupported value: "{value}": supported values: {listed}', path)


def forbidden_change(path: str, why: str) -> Cause:
    return Cause("FieldValueForbidden", f"Forbidden: {why}", path)

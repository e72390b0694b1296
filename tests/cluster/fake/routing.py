"""What a request's method and path mean: the verb, and the kind, namespace, name and subresource that it is about."""

import json
from dataclasses import dataclass, field

import yaml

from .errors import bad_request, method_not_allowed
from .users import Access

APPLY = "application/apply-patch+yaml"
PATCHES = {
    "application/json-patch+json": "json",
    "application/merge-patch+json": "merge",
    "application/strategic-merge-patch+json": "strategic",
    APPLY: "apply",
}
_NAMESPACE_SUBRESOURCES = {"status", "finalize"}


@dataclass(frozen=True)
class Target:
    """A resource path in its parts; empty strings for what it does not have."""

    group: str
    version: str
    plural: str
    namespace: str = ""
    name: str = ""
    subresource: str = ""

    @property
    def resource(self) -> str:
        """As access rules and the request log name it: `deployments.apps`, `pods/log`."""
        qualified = f"{self.plural}.{self.group}" if self.group else self.plural
        return f"{qualified}/{self.subresource}" if self.subresource else qualified


@dataclass
class Request:
    """One request to the API server, free of any HTTP library."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    content_type: str = ""
    accept: str = ""
    agent: str = ""
    body: bytes = b""

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() in {"1", "true"}


def target_of(path: str) -> Target | None:
    """The parts of a resource path; None for discovery and all other paths.

    A namespace is itself a resource: `/namespaces/x` is the object, `/namespaces/x/pods` what is in it.
    """
    parts = path.strip("/").split("/")
    match parts:
        case ["api", version, *rest] if rest:
            group = ""
        case ["apis", group, version, *rest] if rest:
            pass
        case _:
            return None
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in _NAMESPACE_SUBRESOURCES:
        namespace, rest = rest[1], rest[2:]
    plural, name, *subresource = (*rest, "")[: max(2, len(rest))]
    return Target(group, version, plural, namespace, name, "/".join(subresource))


def verb_of(request: Request, target: Target) -> str:
    """The verb by which access is decided; an apply is a `patch` there and `apply` in the request log.

    Raises:
        StatusError: 405, no verb for this method.
    """
    named = bool(target.name)
    match request.method:
        case "GET" | "HEAD":
            if request.flag("watch"):
                return "watch"
            return "get" if named else "list"
        case "POST":
            return "create"
        case "PUT":
            return "update"
        case "PATCH":
            return "patch"
        case "DELETE":
            return "delete" if named else "deletecollection"
        case _:
            raise method_not_allowed()


def access_of(verb: str, target: Target) -> Access:
    resource = f"{target.plural}/{target.subresource}" if target.subresource else target.plural
    namespace = target.namespace
    if target.plural == "namespaces" and not target.group:
        namespace = target.name
    return Access(verb, resource, target.group, namespace, target.name)


def parse(request: Request) -> object:
    """The request's body, JSON or YAML. Raises StatusError 400."""
    try:
        return json.loads(request.body)
    except ValueError:
        try:
            return yaml.safe_load(request.body)
        except yaml.YAMLError as error:
            raise bad_request(f"the body is neither JSON nor YAML: {error}") from error

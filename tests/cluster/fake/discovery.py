"""Discovery: which groups, versions and kinds the server has, in the shapes that clients read first."""

from .errors import no_such_path
from .kinds import Kind, KindRegistry
from .values import Json


def version_info(version: str) -> Json:
    major, minor = version.split(".")
    return {
        "major": major,
        "minor": minor,
        "gitVersion": f"v{version}.0",
        "gitCommit": "fake",
        "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z",
        "goVersion": "none",
        "compiler": "none",
        "platform": "linux/amd64",
    }


def api_versions(server_url: str) -> Json:
    """The answer to `/api`: the core group."""
    address = server_url.removeprefix("https://")
    addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}]
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses}


def group_list(kinds: KindRegistry) -> Json:
    """The answer to `/apis`: every named group."""
    groups = [_group(name, versions) for name, versions in _served(kinds).items()]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def group(kinds: KindRegistry, name: str) -> Json:
    """The answer to `/apis/GROUP`. Raises StatusError 404."""
    versions = _served(kinds).get(name)
    if versions is None:
        raise no_such_path()
    return {"kind": "APIGroup", "apiVersion": "v1", **_group(name, versions)}


def resource_list(kinds: KindRegistry, group_name: str, version: str) -> Json:
    """The answer to `/api/v1` and `/apis/GROUP/VERSION`. Raises StatusError 404."""
    if group_name and version not in _served(kinds).get(group_name, ()):
        raise no_such_path()
    resources = [entry for kind in kinds.in_version(group_name, version) for entry in _entries(kind)]
    resources += _VIRTUAL.get((group_name, version), ())
    if not resources:
        raise no_such_path()
    group_version = f"{group_name}/{version}" if group_name else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": resources}


def _served(kinds: KindRegistry) -> dict[str, list[str]]:
    groups = {name: versions for name, versions in kinds.groups().items() if name}
    for name, version in _VIRTUAL:
        openshift_only = name == "project.openshift.io"
        if not openshift_only or "route.openshift.io" in groups:
            groups.setdefault(name, [version])
    return groups


def _group(name: str, versions: list[str]) -> Json:
    entries = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": entries, "preferredVersion": entries[0]}


def _entries(kind: Kind) -> list[Json]:
    entry: Json = {
        "name": kind.plural,
        "singularName": kind.singular,
        "namespaced": kind.namespaced,
        "kind": kind.kind,
        "verbs": list(kind.verbs),
    }
    if kind.short_names:
        entry["shortNames"] = list(kind.short_names)
    entries = [entry]
    if kind.has_status:
        entries.append(_subresource(kind, "status", kind.kind, ["get", "patch", "update"]))
    if kind.has_scale:
        scale = _subresource(kind, "scale", "Scale", ["get", "patch", "update"])
        entries.append({**scale, "group": "autoscaling", "version": "v1"})
    for name, shown, verbs in _SPECIAL.get(kind.key, ()):
        entries.append(_subresource(kind, name, shown, verbs))
    return entries


def _subresource(kind: Kind, name: str, shown: str, verbs: list[str]) -> Json:
    return {
        "name": f"{kind.plural}/{name}",
        "singularName": "",
        "namespaced": kind.namespaced,
        "kind": shown,
        "verbs": verbs,
    }


def _review(name: str, kind: str, verbs: tuple[str, ...] = ("create",)) -> Json:
    return {"name": name, "singularName": kind.lower(), "namespaced": False, "kind": kind, "verbs": list(verbs)}


_SPECIAL = {
    ("", "pods"): [("log", "Pod", ["get"])],
    ("build.openshift.io", "buildconfigs"): [
        ("instantiate", "BuildRequest", ["create"]),
        ("instantiatebinary", "BinaryBuildRequestOptions", ["create"]),
    ],
    ("build.openshift.io", "builds"): [("log", "BuildLog", ["get"])],
}
# Kinds that are answered, not stored.
_VIRTUAL: dict[tuple[str, str], list[Json]] = {
    ("authorization.k8s.io", "v1"): [_review("selfsubjectaccessreviews", "SelfSubjectAccessReview")],
    ("authentication.k8s.io", "v1"): [_review("selfsubjectreviews", "SelfSubjectReview")],
    ("project.openshift.io", "v1"): [
        _review("projects", "Project", ("get", "list")),
        _review("projectrequests", "ProjectRequest"),
    ],
}

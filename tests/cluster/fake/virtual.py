"""What is answered without being stored: reviews, Projects, the caller's User, logs, scale, starting a build."""

import hashlib

from .cluster import Cluster
from .decoding import Write
from .errors import no_such_path, not_found
from .json_patch import json_patch, merge_patch
from .resources import now
from .routing import PATCHES, Request, Target, parse
from .users import Access, User
from .values import Json, at

_BUILDS = "build.openshift.io"


def answer(cluster: Cluster, request: Request, user: User, target: Target) -> Json | str | None:
    """The answer, or None where the target is an ordinary object."""
    key = (target.group, target.plural, target.subresource)
    responder = _RESPONDERS.get(key)
    if responder is None and target.subresource == "scale":
        responder = _scale
    if responder is None or (key in _OPENSHIFT_ONLY and cluster.profile != "openshift"):
        return None
    return responder(cluster, request, user, target)


def oauth_endpoints(cluster: Cluster) -> Json:
    """What OpenShift's API server says of its OAuth server."""
    issuer = f"https://oauth-openshift.{cluster.behaviour.switches.ingress_domain}"
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "scopes_supported": ["user:check-access", "user:full", "user:info", "user:list-projects"],
        "response_types_supported": ["code", "token"],
        "grant_types_supported": ["authorization_code", "implicit"],
        "code_challenge_methods_supported": ["plain", "S256"],
    }


def _access_review(cluster: Cluster, request: Request, user: User, target: Target) -> Json:
    review = parse(request)
    wanted = at(review, "spec", "resourceAttributes") or {}
    resource = wanted.get("resource", "")
    if wanted.get("subresource"):
        resource += f"/{wanted['subresource']}"
    access = Access(
        wanted.get("verb", ""),
        resource,
        wanted.get("group", ""),
        wanted.get("namespace", ""),
        wanted.get("name", ""),
    )
    allowed = cluster.directory.allows(user, access)
    return {**review, "metadata": {}, "status": {"allowed": allowed}}


def _self_review(cluster: Cluster, request: Request, user: User, target: Target) -> Json:
    info = {"username": user.name, "uid": user.uid, "groups": list(user.groups)}
    return {
        "kind": "SelfSubjectReview",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": {},
        "status": {"userInfo": info},
    }


def _user(cluster: Cluster, request: Request, user: User, target: Target) -> Json | None:
    """`users/~` is the caller."""
    if target.name != "~":
        return None
    return {
        "kind": "User",
        "apiVersion": "user.openshift.io/v1",
        "metadata": {"name": user.name, "uid": user.uid},
        "fullName": user.name,
        "identities": [f"htpasswd:{user.name}"],
        "groups": list(user.groups),
    }


def _projects(cluster: Cluster, request: Request, user: User, target: Target) -> Json:
    namespaces = cluster.kind("namespaces")
    if target.name:
        return _project(cluster.resources.get(namespaces, "", target.name))
    visible = [
        namespace
        for namespace in cluster.store.select(namespaces)
        if user.cluster_admin or namespace["metadata"]["name"] in user.namespaces
    ]
    return {
        "kind": "ProjectList",
        "apiVersion": "project.openshift.io/v1",
        "metadata": {"resourceVersion": str(cluster.store.revision)},
        "items": [_project(namespace) for namespace in visible],
    }


def _project(namespace: Json) -> Json:
    metadata = {name: value for name, value in namespace["metadata"].items() if name != "managedFields"}
    return {**namespace, "kind": "Project", "apiVersion": "project.openshift.io/v1", "metadata": metadata}


def _request_project(cluster: Cluster, request: Request, user: User, target: Target) -> Json:
    asked = parse(request)
    annotations = {
        "openshift.io/display-name": asked.get("displayName", ""),
        "openshift.io/description": asked.get("description", ""),
        "openshift.io/requester": user.name,
    }
    body = {"metadata": {"name": asked["metadata"]["name"], "annotations": annotations}}
    return _project(cluster.create("namespaces", "", body))


def _log(cluster: Cluster, request: Request, user: User, target: Target) -> str:
    kind = cluster.kind(target.plural, target.group)
    cluster.resources.get(kind, target.namespace, target.name)
    return cluster.logs.get((target.namespace, target.name), "")


def _scale(cluster: Cluster, request: Request, user: User, target: Target) -> Json:
    kind = cluster.kinds.find(target.group, target.version, target.plural)
    if kind is None or not kind.has_scale:
        raise no_such_path()
    found = cluster.resources.get(kind, target.namespace, target.name)
    if request.method != "GET":
        before = _scale_of(found)
        body = parse(request)
        how = PATCHES.get(request.content_type, "") if request.method == "PATCH" else "replace"
        wanted = {"json": json_patch, "replace": lambda _, new: new}.get(how, merge_patch)(before, body)
        write = Write(user, request.query.get("fieldManager", "scale"), request.query.get("dryRun") == "All")
        patch = {"spec": {"replicas": wanted["spec"]["replicas"]}}
        found = cluster.resources.patch(kind, target.namespace, target.name, patch, write, how="merge")
    return _scale_of(found)


def _scale_of(found: Json) -> Json:
    kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {name: found["metadata"][name] for name in kept},
        "spec": {"replicas": found["spec"]["replicas"]},
        "status": {"replicas": found.get("status", {}).get("replicas", 0)},
    }


def _start_build(cluster: Cluster, request: Request, user: User, target: Target) -> Json:
    """Make a Build from its BuildConfig; what a client uploads is kept as its digest."""
    kind = cluster.kind("buildconfigs", _BUILDS)
    config = cluster.store.get(kind, target.namespace, target.name)
    if config is None:
        raise not_found(kind, target.name)
    number = config.get("status", {}).get("lastVersion", 0) + 1
    updated = {**config, "metadata": dict(config["metadata"]), "status": {"lastVersion": number}}
    cluster.store.put(kind, updated)
    name = f"{target.name}-{number}"
    if target.subresource == "instantiatebinary":
        cluster.archives[target.namespace, name] = hashlib.sha256(request.body).hexdigest()
    own = ("triggers", "runPolicy", "successfulBuildsHistoryLimit", "failedBuildsHistoryLimit")
    spec = {field: value for field, value in config["spec"].items() if field not in own}
    metadata = {
        "name": name,
        "namespace": target.namespace,
        "labels": {"buildconfig": target.name, "openshift.io/build-config.name": target.name},
        "annotations": {"openshift.io/build.number": str(number)},
        "ownerReferences": [
            {
                "apiVersion": kind.api_version,
                "kind": kind.kind,
                "name": target.name,
                "uid": config["metadata"]["uid"],
                "controller": True,
            }
        ],
    }
    build = cluster.create("builds", _BUILDS, {"metadata": metadata, "spec": spec})
    reference = {"kind": "BuildConfig", "namespace": target.namespace, "name": target.name}
    cluster.set_status("builds", _BUILDS, build, {"phase": "New", "config": reference, "created": now()})
    return cluster.find("builds", _BUILDS, target.namespace, name)


_RESPONDERS = {
    ("authorization.k8s.io", "selfsubjectaccessreviews", ""): _access_review,
    ("authentication.k8s.io", "selfsubjectreviews", ""): _self_review,
    ("", "pods", "log"): _log,
    ("user.openshift.io", "users", ""): _user,
    ("project.openshift.io", "projects", ""): _projects,
    ("project.openshift.io", "projectrequests", ""): _request_project,
    (_BUILDS, "builds", "log"): _log,
    (_BUILDS, "buildconfigs", "instantiate"): _start_build,
    (_BUILDS, "buildconfigs", "instantiatebinary"): _start_build,
}
_OPENSHIFT_ONLY = {key for key in _RESPONDERS if key[0].endswith(".openshift.io")}

# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What the person who runs the play must be allowed to do, asked before anything is changed."""

from __future__ import annotations

from .errors import ClusterError

REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

# Server-side apply of a new object needs both verbs (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
_APPLY = ("create", "patch")
_IN_NAMESPACE = (
    ("", "configmaps"),
    ("", "secrets"),
    ("", "services"),
    ("apps", "deployments"),
    ("apps", "statefulsets"),
    ("networking.k8s.io", "networkpolicies"),
)


def needed(namespace, routes, new_namespaces, oauth_client, build, more=()):
    """Lists what a deployment needs.

    Args:
        namespace: The namespace of a single instance; empty for labs, which need it in all.
        routes: Whether the cluster has Routes; else Ingresses are made.
        new_namespaces: Whether namespaces must be made.
        oauth_client: Whether the OAuthClient is touched.
        build: Whether the image is built in the cluster.
        more: Other kinds that are applied, as C(group/resource); those called cluster… lie in no namespace.

    Returns:
        C(resourceAttributes) of access reviews.
    """
    kinds = list(_IN_NAMESPACE)
    kinds.append(("route.openshift.io", "routes") if routes else ("networking.k8s.io", "ingresses"))
    kinds += [tuple(one.split("/")) for one in more]
    if build:
        kinds += [("build.openshift.io", "buildconfigs"), ("image.openshift.io", "imagestreams")]
    asks = [
        ask
        for group, resource in kinds
        for ask in applying(group, resource, "" if resource.startswith("cluster") else namespace)
    ]
    if routes:
        asks.append(dict(_ask("create", "route.openshift.io", "routes", namespace), subresource="custom-host"))
    if new_namespaces:
        asks += [_ask(verb, "", "namespaces") for verb in _APPLY]
    if oauth_client:
        asks += [_ask(verb, "oauth.openshift.io", "oauthclients") for verb in ("get", "create", "update")]
    return asks


def applying(group, resource, namespace):
    """Lists what it takes to apply objects of a kind."""
    return [_ask(verb, group, resource, namespace) for verb in _APPLY]


def granted(connection, asks):
    """Tells whether all of it is allowed; for what a deployment can do without."""
    return all(_allowed(connection, ask) for ask in asks)


def check(connection, asks, workers):
    """Asks the server whether we may do all of it.

    Args:
        connection: Connection to the cluster.
        asks: See needed.
        workers: Executor for requests at the same time.

    Raises:
        ClusterError: Something is not allowed; the message lists all of it.
    """
    refused = [
        ask for ask, allowed in zip(asks, workers.map(lambda ask: _allowed(connection, ask), asks)) if not allowed
    ]
    if refused:
        message = (
            f"Your login lacks permissions: {_words(refused)}. A cluster admin can deploy everything; "
            "a project admin can deploy a single instance without OAuth into an existing namespace."
        )
        raise ClusterError(message)


def _ask(verb, group, resource, namespace=""):
    return {"verb": verb, "group": group, "resource": resource, "namespace": namespace}


def _allowed(connection, ask):
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": ask},
    }
    return connection.request("POST", REVIEWS, review)["status"]["allowed"]


def _words(asks):
    """Says what is refused: the verbs of each resource, resources of the same verbs together."""
    verbs, resources = {}, {}
    for ask in asks:
        what = ask["resource"] + (f"/{ask['subresource']}" if ask.get("subresource") else "")
        verbs.setdefault((ask["namespace"], what), []).append(ask["verb"])
    for (namespace, what), names in verbs.items():
        resources.setdefault((" and ".join(names), namespace), []).append(what)
    return "; ".join(
        f"{names} {', '.join(whats)}" + (f" in namespace {namespace}" if namespace else "")
        for (names, namespace), whats in resources.items()
    )

"""Small objects for the cluster tests, and what the tests do with them again and again."""

from contextlib import contextmanager

import pytest
from kubernetes import client, watch

Json = dict[str, object]
CONFIG_MAP = ("v1", "ConfigMap")
DEPLOYMENT = ("apps/v1", "Deployment")
ROUTE = ("route.openshift.io/v1", "Route")
_RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def config_map(name: str, **content: str) -> Json:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": content}


def labelled(manifest: Json, **labels: str) -> Json:
    manifest["metadata"]["labels"] = labels
    return manifest


def pod_template(app: str, /, **container: object) -> Json:
    return {
        "metadata": {"labels": {"app": app}},
        "spec": {
            "containers": [
                {
                    "name": "main",
                    "image": "registry.example.com/web:1",
                    "ports": [{"name": "http", "containerPort": 8080}],
                    "securityContext": _RESTRICTED,
                    **container,
                }
            ]
        },
    }


def pod(name: str, /, **container: object) -> Json:
    template = pod_template(name, **container)
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": template["spec"]}


def deployment(name: str, /, replicas: int = 1, **container: object) -> Json:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": pod_template(name, **container),
        },
    }


def stateful_set(name: str, replicas: int = 1) -> Json:
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": name},
        "spec": {
            "serviceName": name,
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": pod_template(name, volumeMounts=[{"name": "data", "mountPath": "/data"}]),
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
        },
    }


def service(name: str) -> Json:
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": {"app": name}, "ports": ports},
    }


def route(name: str, **spec: object) -> Json:
    return {
        "apiVersion": "route.openshift.io/v1",
        "kind": "Route",
        "metadata": {"name": name},
        "spec": {"to": {"kind": "Service", "name": name}, **spec},
    }


def definition(plural: str, kind: str, schema: Json, *, status: bool = False) -> Json:
    """A CustomResourceDefinition in the group `tests.example.com`."""
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    if status:
        version["subresources"] = {"status": {}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.tests.example.com"},
        "spec": {
            "group": "tests.example.com",
            "names": {"plural": plural, "kind": kind, "singular": kind.lower()},
            "scope": "Namespaced",
            "versions": [version],
        },
    }


@contextmanager
def refused(status: int, *words: str):
    """Expect the server to refuse with this status, in a sentence that contains the words."""
    with pytest.raises(client.ApiException) as caught:
        yield caught
    body = caught.value.body.decode() if isinstance(caught.value.body, bytes) else caught.value.body
    assert caught.value.status == status, body
    for word in words:
        assert word in body, body


def wait_until(list_function, *arguments: str, holds, seconds: int = 20, **selectors: str):
    """Watch until an object satisfies `holds`; returns that object."""
    seen = []
    for event in watch.Watch().stream(list_function, *arguments, timeout_seconds=seconds, **selectors):
        seen = [*seen, event["object"]][-1:]
        if holds(event["object"]):
            return event["object"]
    return pytest.fail(f"did not happen within {seconds} s; last seen: {seen}")


def wait_until_gone(list_function, *arguments: str, seconds: int = 60, **selectors: str) -> None:
    """Watch until nothing is selected any more."""
    found = list_function(*arguments, **selectors)
    if not found.items:
        return
    revision = found.metadata.resource_version
    left = {each.metadata.name for each in found.items}
    watcher = watch.Watch()
    for event in watcher.stream(
        list_function, *arguments, resource_version=revision, timeout_seconds=seconds, **selectors
    ):
        if event["type"] == "DELETED":
            left.discard(event["object"].metadata.name)
        if not left:
            watcher.stop()
    assert not left, f"still there after {seconds} s: {left}"


def condition(found, type_: str):
    """The condition of this type in an object of the typed client, or None."""
    return next((each for each in found.status.conditions or () if each.type == type_), None)

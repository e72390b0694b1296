"""Endpoints of each Service: the addresses of its ready pods."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.store import Event
from cluster.fake.values import Json

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster


class EndpointsController:
    """Keys are Services with a selector."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        metadata = event.after["metadata"]
        if event.kind.key == ("", "services"):
            return [(metadata["namespace"], metadata["name"])]
        if event.kind.key != ("", "pods"):
            return []
        labels = metadata.get("labels", {})
        services = self._cluster.store.select(self._cluster.kind("services"), metadata["namespace"])
        return [
            (metadata["namespace"], service["metadata"]["name"])
            for service in services
            if _selects(service["spec"].get("selector"), labels)
        ]

    def reconcile(self, namespace: str, name: str) -> None:
        cluster = self._cluster
        service = cluster.find("services", "", namespace, name)
        before = cluster.find("endpoints", "", namespace, name)
        if service is None:
            if before is not None:
                cluster.remove("endpoints", "", namespace, name)
            return
        selector = service["spec"].get("selector")
        if not selector:
            return
        pods = cluster.store.select(cluster.kind("pods"), namespace)
        subsets = _subsets(service, [pod for pod in pods if _selects(selector, pod["metadata"].get("labels", {}))])
        if before is None:
            labels = service["metadata"].get("labels", {})
            metadata = {"name": name, "namespace": namespace, "labels": dict(labels)}
            cluster.create("endpoints", "", {"metadata": metadata, "subsets": subsets})
        elif before.get("subsets", []) != subsets:
            cluster.store.put(
                cluster.kind("endpoints"), {**before, "metadata": dict(before["metadata"]), "subsets": subsets}
            )


def _selects(selector: Json | None, labels: Json) -> bool:
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())


def _subsets(service: Json, pods: list[Json]) -> list[Json]:
    ready = [pod for pod in pods if _is_ready(pod)]
    waiting = [pod for pod in pods if not _is_ready(pod) and "podIP" in pod.get("status", {})]
    if not ready and not waiting:
        return []
    subset: Json = {}
    if ready:
        subset["addresses"] = [_address(pod) for pod in ready]
    if waiting:
        subset["notReadyAddresses"] = [_address(pod) for pod in waiting]
    subset["ports"] = [
        {**({"name": port["name"]} if "name" in port else {}), "port": number, "protocol": port["protocol"]}
        for port in service["spec"].get("ports", ())
        if (number := _port_number(port, (ready or waiting)[0])) is not None
    ]
    return [subset]


def _is_ready(pod: Json) -> bool:
    conditions = pod.get("status", {}).get("conditions", ())
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def _address(pod: Json) -> Json:
    metadata = pod["metadata"]
    target = {"kind": "Pod", "name": metadata["name"], "namespace": metadata["namespace"], "uid": metadata["uid"]}
    return {"ip": pod["status"]["podIP"], "targetRef": target}


def _port_number(port: Json, pod: Json) -> int | None:
    """A named target port is looked up in the pod's containers."""
    target = port["targetPort"]
    if isinstance(target, int):
        return target
    for container in pod["spec"]["containers"]:
        for offered in container.get("ports", ()):
            if offered.get("name") == target:
                return offered["containerPort"]
    return None

"""Ingresses: given an address while the router runs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.store import Event

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

_ADDRESS = "192.0.2.80"


class IngressController:
    """Keys are Ingresses."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        if event.kind.key != ("networking.k8s.io", "ingresses") or event.type == "DELETED":
            return []
        return [(event.after["metadata"]["namespace"], event.after["metadata"]["name"])]

    def reconcile(self, namespace: str, name: str) -> None:
        found = self._cluster.find("ingresses", "networking.k8s.io", namespace, name)
        if found is not None and self._cluster.behaviour.switches.router:
            status = {"loadBalancer": {"ingress": [{"ip": _ADDRESS}]}}
            self._cluster.set_status("ingresses", "networking.k8s.io", found, status)

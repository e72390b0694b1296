"""What a namespace gets when it is made, and its end: everything in it goes first."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.errors import StatusError
from cluster.fake.store import Event
from cluster.fake.values import at

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

_OPENSHIFT_ACCOUNTS = ("builder", "deployer")


class NamespaceController:
    """Keys are (`""`, name of the namespace)."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster
        self._ending: set[str] = set()

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        if event.kind.key == ("", "namespaces") and event.type != "DELETED":
            return [("", event.after["metadata"]["name"])]
        if event.type != "DELETED" or not event.kind.namespaced:
            return []
        return [("", event.after["metadata"]["namespace"])]

    def reconcile(self, namespace: str, name: str) -> None:
        found = self._cluster.find("namespaces", "", "", name)
        if found is None:
            return
        if found["metadata"].get("deletionTimestamp"):
            if name not in self._ending:
                self._ending.add(name)
                delay = self._cluster.behaviour.switches.namespace_deletion_seconds
                asyncio.get_running_loop().call_later(delay, self._empty, name)
            return
        self._equip(name)

    def _equip(self, name: str) -> None:
        openshift = self._cluster.profile == "openshift"
        for account in ("default", *(_OPENSHIFT_ACCOUNTS if openshift else ())):
            self._ensure("serviceaccounts", name, {"metadata": {"name": account, "namespace": name}})
        authority = self._cluster.certificate_authority
        for config_map, key in (("kube-root-ca.crt", "ca.crt"), ("openshift-service-ca.crt", "service-ca.crt")):
            if openshift or config_map == "kube-root-ca.crt":
                metadata = {"name": config_map, "namespace": name}
                self._ensure("configmaps", name, {"metadata": metadata, "data": {key: authority}})

    def _ensure(self, plural: str, namespace: str, body: dict[str, object]) -> None:
        if self._cluster.find(plural, "", namespace, body["metadata"]["name"]) is None:
            self._cluster.create(plural, "", body)

    def _empty(self, name: str) -> None:
        """Delete the contents; finalizers may hold some of it, then this runs again when they are gone."""
        self._ending.discard(name)
        cluster = self._cluster
        found = cluster.find("namespaces", "", "", name)
        if found is None or not found["metadata"].get("deletionTimestamp"):
            return
        remaining = 0
        for kind in cluster.kinds:
            if not kind.namespaced:
                continue
            for each in list(cluster.store.select(kind, name)):
                try:
                    cluster.resources.delete(kind, name, each["metadata"]["name"], {}, dry_run=False)
                except StatusError:
                    continue
                remaining += cluster.store.get(kind, name, each["metadata"]["name"]) is not None
        if not remaining and not at(found, "metadata", "finalizers"):
            cluster.store.remove(cluster.kind("namespaces"), "", name)

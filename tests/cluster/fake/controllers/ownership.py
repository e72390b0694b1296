"""Garbage collection: what is owned by a deleted object is deleted too."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.kinds import Kind
from cluster.fake.store import Event

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

Reference = tuple[Kind, str, str]  # kind, namespace, name


class GarbageCollector:
    """Knows the dependents of every owner; the queue's keys are (`""`, uid of a deleted owner)."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster
        self._dependents: dict[str, set[Reference]] = {}

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        metadata = event.after["metadata"]
        reference = (event.kind, metadata.get("namespace", ""), metadata["name"])
        for owner in (event.before or event.after)["metadata"].get("ownerReferences", ()):
            self._dependents.get(owner["uid"], set()).discard(reference)
        if event.type == "DELETED":
            return [("", metadata["uid"])] if metadata["uid"] in self._dependents else []
        for owner in metadata.get("ownerReferences", ()):
            self._dependents.setdefault(owner["uid"], set()).add(reference)
        return []

    def reconcile(self, namespace: str, name: str) -> None:
        for kind, where, dependent in sorted(self._dependents.pop(name, ()), key=lambda each: each[1:]):
            if self._cluster.store.get(kind, where, dependent) is not None:
                self._cluster.resources.delete(kind, where, dependent, {}, dry_run=False)

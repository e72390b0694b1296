"""CustomResourceDefinitions: their kinds are served as soon as the definition is stored."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.kinds import custom_kinds
from cluster.fake.store import Event

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

_GROUP = "apiextensions.k8s.io"
_PLURAL = "customresourcedefinitions"


class CustomResourceController:
    """Keys are (`""`, name of the definition)."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        if event.kind.key != (_GROUP, _PLURAL):
            return []
        spec = event.after["spec"]
        if event.type == "DELETED":
            for kind in self._cluster.kinds.in_group(spec["group"], spec["names"]["plural"]):
                for found in list(self._cluster.store.select(kind)):
                    self._cluster.store.remove(kind, found["metadata"].get("namespace", ""), found["metadata"]["name"])
            self._cluster.kinds.remove(spec["group"], spec["names"]["plural"])
            return []
        if event.before is None or event.before["spec"] != spec:
            self._cluster.kinds.add(custom_kinds(event.after, self._cluster.schemas))
        return [("", event.after["metadata"]["name"])]

    def reconcile(self, namespace: str, name: str) -> None:
        found = self._cluster.find(_PLURAL, _GROUP, "", name)
        if found is None:
            return
        names = found["spec"]["names"]
        status = {
            "acceptedNames": {"listKind": f"{names['kind']}List", "singular": names["kind"].lower(), **names},
            "conditions": [
                {"type": "NamesAccepted", "status": "True", "reason": "NoConflicts", "message": "no conflicts found"},
                {
                    "type": "Established",
                    "status": "True",
                    "reason": "InitialNamesAccepted",
                    "message": "the initial names have been accepted",
                },
            ],
            "storedVersions": [version["name"] for version in found["spec"]["versions"] if version["storage"]],
        }
        self._cluster.set_status(_PLURAL, _GROUP, found, status)

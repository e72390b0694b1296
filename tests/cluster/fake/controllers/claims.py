"""PersistentVolumeClaims: bound at once where their storage class exists, and as large as they ask to be."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.behaviour import Outcome
from cluster.fake.store import Event

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster


class ClaimController:
    """Keys are claims. A claim of a StatefulSet follows the rules for that StatefulSet."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        if event.type == "DELETED":
            return []
        if event.kind.key == ("", "persistentvolumeclaims"):
            return [(event.after["metadata"]["namespace"], event.after["metadata"]["name"])]
        if event.kind.key == ("storage.k8s.io", "storageclasses"):
            claims = self._cluster.store.select(self._cluster.kind("persistentvolumeclaims"))
            return [(claim["metadata"]["namespace"], claim["metadata"]["name"]) for claim in claims]
        return []

    def reconcile(self, namespace: str, name: str) -> None:
        claim = self._cluster.find("persistentvolumeclaims", "", namespace, name)
        if claim is None:
            return
        if claim.get("status", {}).get("phase") == "Bound":
            capacity = dict(claim["spec"]["resources"]["requests"])
            self._cluster.set_status("persistentvolumeclaims", "", claim, {**claim["status"], "capacity": capacity})
            return
        obstacle = self._obstacle(claim)
        if obstacle:
            self._cluster.warn("persistentvolumeclaims", "", claim, "ProvisioningFailed", obstacle)
            return
        bound = {**claim, "metadata": dict(claim["metadata"])}
        bound["spec"] = {**claim["spec"], "volumeName": f"pvc-{claim['metadata']['uid']}"}
        bound["status"] = {
            "phase": "Bound",
            "accessModes": claim["spec"]["accessModes"],
            "capacity": dict(claim["spec"]["resources"]["requests"]),
        }
        self._cluster.store.put(self._cluster.kind("persistentvolumeclaims"), bound)

    def _obstacle(self, claim: dict[str, object]) -> str:
        metadata = claim["metadata"]
        rule = self._cluster.behaviour.rollout(metadata["namespace"], self._workload_of(metadata))
        if rule.outcome is Outcome.CLAIM_PENDING:
            return rule.message or "failed to provision volume: no capacity left"
        storage_class = claim["spec"].get("storageClassName")
        if not storage_class:
            return "no persistent volumes available for this claim and no storage class is set"
        if self._cluster.find("storageclasses", "storage.k8s.io", "", storage_class) is None:
            return f'storageclass.storage.k8s.io "{storage_class}" not found'
        return ""

    def _workload_of(self, metadata: dict[str, object]) -> str:
        """The StatefulSet that a claim was made for, else the claim itself."""
        stateful_sets = self._cluster.store.select(self._cluster.kind("statefulsets", "apps"), metadata["namespace"])
        for stateful_set in stateful_sets:
            owner = stateful_set["metadata"]["name"]
            if re.fullmatch(rf".+-{re.escape(owner)}-\d+", metadata["name"]):
                return owner
        return metadata["name"]

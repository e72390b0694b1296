"""StatefulSets: numbered pods, each with claims of its own, made in order and replaced from the last to the first."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.pod_status import is_ready
from cluster.fake.store import Event
from cluster.fake.values import Json, clone

from .replicas import create_pod, owned_pods, owner_reference, template_hash

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

_REVISION = "controller-revision-hash"


class StatefulSetController:
    """Keys are StatefulSets."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        metadata = event.after["metadata"]
        if event.kind.key == ("apps", "statefulsets"):
            return [(metadata["namespace"], metadata["name"])]
        if event.kind.key == ("", "pods"):
            owners = metadata.get("ownerReferences", ())
            return [(metadata["namespace"], owner["name"]) for owner in owners if owner["kind"] == "StatefulSet"]
        if event.kind.key == ("", "serviceaccounts") and event.type == "ADDED":
            found = self._cluster.store.select(self._cluster.kind("statefulsets", "apps"), metadata["namespace"])
            return [(metadata["namespace"], each["metadata"]["name"]) for each in found]
        return []

    def reconcile(self, namespace: str, name: str) -> None:
        found = self._cluster.find("statefulsets", "apps", namespace, name)
        if found is None:
            return
        revision = template_hash(found["spec"]["template"])
        self._adopt(found)
        pods = {pod["metadata"]["name"]: pod for pod in owned_pods(self._cluster, found)}
        wanted = [f"{name}-{ordinal}" for ordinal in range(found["spec"]["replicas"])]
        for extra in set(pods) - set(wanted):
            self._cluster.remove("pods", "", namespace, extra)
        self._create_missing(found, wanted, pods, revision)
        self._replace_one(wanted, pods, revision)
        self._cluster.set_status("statefulsets", "apps", found, self._status(found, revision))

    def _adopt(self, found: Json) -> None:
        """Take over pods of this name that a StatefulSet left behind."""
        namespace, pods = found["metadata"]["namespace"], self._cluster.kind("pods")
        for ordinal in range(found["spec"]["replicas"]):
            pod = self._cluster.store.get(pods, namespace, f"{found['metadata']['name']}-{ordinal}")
            if pod and not pod["metadata"].get("ownerReferences"):
                metadata = {**pod["metadata"], "ownerReferences": [owner_reference(found)]}
                self._cluster.store.put(pods, {**pod, "metadata": metadata})

    def _create_missing(self, found: Json, wanted: list[str], pods: dict[str, Json], revision: str) -> None:
        ordered = found["spec"]["podManagementPolicy"] == "OrderedReady"
        for ordinal, pod_name in enumerate(wanted):
            if pod_name not in pods:
                template = self._with_claims(found, pod_name)
                labels = {
                    "statefulset.kubernetes.io/pod-name": pod_name,
                    "apps.kubernetes.io/pod-index": str(ordinal),
                    _REVISION: f"{found['metadata']['name']}-{revision}",
                }
                create_pod(self._cluster, found, template, pod_name, labels)
            if ordered and not is_ready(pods.get(pod_name, {})):
                return

    def _replace_one(self, wanted: list[str], pods: dict[str, Json], revision: str) -> None:
        """The last pod of an older revision goes, once all pods are there and those after it are ready."""
        if any(name not in pods for name in wanted):
            return
        for name in reversed(wanted):
            if not pods[name]["metadata"]["labels"][_REVISION].endswith(f"-{revision}"):
                self._cluster.remove("pods", "", pods[name]["metadata"]["namespace"], name)
                return
            if not is_ready(pods[name]):
                return

    def _with_claims(self, found: Json, pod_name: str) -> Json:
        """The pod's template with its own claims as volumes; the claims are made where they are missing."""
        template = clone(found["spec"]["template"])
        namespace = found["metadata"]["namespace"]
        volumes = template["spec"].setdefault("volumes", [])
        for claim in found["spec"].get("volumeClaimTemplates", ()):
            volume = claim["metadata"]["name"]
            claim_name = f"{volume}-{pod_name}"
            volumes[:] = [each for each in volumes if each["name"] != volume]
            volumes.append({"name": volume, "persistentVolumeClaim": {"claimName": claim_name}})
            if self._cluster.find("persistentvolumeclaims", "", namespace, claim_name) is None:
                labels = {**found["spec"]["selector"].get("matchLabels", {}), **claim["metadata"].get("labels", {})}
                metadata = {**clone(claim["metadata"]), "name": claim_name, "namespace": namespace, "labels": labels}
                body = {"metadata": metadata, "spec": clone(claim["spec"])}
                self._cluster.create("persistentvolumeclaims", "", body)
        return template

    def _status(self, found: Json, revision: str) -> Json:
        pods = owned_pods(self._cluster, found)
        name = found["metadata"]["name"]
        ready = sum(is_ready(pod) for pod in pods)
        updated = sum(pod["metadata"]["labels"][_REVISION].endswith(f"-{revision}") for pod in pods)
        complete = updated == len(pods) == found["spec"]["replicas"]
        update_revision = f"{name}-{revision}"
        previous = found.get("status", {}).get("currentRevision", update_revision)
        return {
            "observedGeneration": found["metadata"]["generation"],
            "replicas": len(pods),
            "readyReplicas": ready,
            "availableReplicas": ready,
            "currentReplicas": updated if complete else len(pods) - updated,
            "updatedReplicas": updated,
            "currentRevision": update_revision if complete else previous,
            "updateRevision": update_revision,
            "collisionCount": 0,
        }

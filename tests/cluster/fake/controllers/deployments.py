"""Deployments: pods of the current template first, then the old ones go, as a rolling update does."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.behaviour import Outcome
from cluster.fake.pod_status import is_ready
from cluster.fake.store import Event
from cluster.fake.values import Json

from .replicas import create_pod, owned_pods, template_hash

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

_HASH = "pod-template-hash"


class DeploymentController:
    """Keys are Deployments."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        metadata = event.after["metadata"]
        if event.kind.key == ("apps", "deployments"):
            return [(metadata["namespace"], metadata["name"])]
        if event.kind.key == ("", "pods"):
            owners = metadata.get("ownerReferences", ())
            return [(metadata["namespace"], owner["name"]) for owner in owners if owner["kind"] == "Deployment"]
        if event.kind.key == ("", "serviceaccounts") and event.type == "ADDED":
            found = self._cluster.store.select(self._cluster.kind("deployments", "apps"), metadata["namespace"])
            return [(metadata["namespace"], deployment["metadata"]["name"]) for deployment in found]
        return []

    def reconcile(self, namespace: str, name: str) -> None:
        cluster = self._cluster
        found = cluster.find("deployments", "apps", namespace, name)
        if found is None:
            return
        spec = found["spec"]
        revision = template_hash(spec["template"])
        pods = owned_pods(cluster, found)
        current = [pod for pod in pods if pod["metadata"]["labels"].get(_HASH) == revision]
        old = [pod for pod in pods if pod not in current]
        if spec["strategy"]["type"] == "Recreate" and old:
            self._delete(old)
            old = []
        refusal = ""
        for _ in range(spec["replicas"] - len(current)):
            pod_name = f"{name}-{revision}-{secrets.token_hex(3)[:5]}"
            refusal = create_pod(cluster, found, spec["template"], pod_name, {_HASH: revision})
            if refusal:
                break
        self._delete(current[spec["replicas"] :])
        ready = [pod for pod in current if is_ready(pod)]
        if len(ready) >= spec["replicas"]:
            self._delete(old)
        pods = owned_pods(cluster, found)
        updated = [pod for pod in pods if pod["metadata"]["labels"].get(_HASH) == revision]
        failed = cluster.behaviour.rollout(namespace, name).outcome is Outcome.DEADLINE_EXCEEDED
        cluster.set_status("deployments", "apps", found, _status(found, pods, updated, refusal, deadline=failed))

    def _delete(self, pods: list[Json]) -> None:
        for pod in pods:
            self._cluster.remove("pods", "", pod["metadata"]["namespace"], pod["metadata"]["name"])


def _status(found: Json, pods: list[Json], updated: list[Json], refusal: str, *, deadline: bool) -> Json:
    wanted = found["spec"]["replicas"]
    ready = sum(is_ready(pod) for pod in pods)
    complete = len(pods) == len(updated) == wanted == ready
    counts = {
        "replicas": len(pods),
        "updatedReplicas": len(updated),
        "readyReplicas": ready,
        "availableReplicas": ready,
        "unavailableReplicas": max(wanted, len(pods)) - ready,
    }
    replica_set = f"{found['metadata']['name']}-{template_hash(found['spec']['template'])}"
    status: Json = {name: count for name, count in counts.items() if count}
    status["observedGeneration"] = found["metadata"]["generation"]
    status["conditions"] = [
        _available(ready=ready >= wanted),
        _progressing(replica_set, complete=complete, deadline=deadline),
    ]
    if refusal:
        status["conditions"].append(
            {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": refusal}
        )
    return status


def _available(*, ready: bool) -> Json:
    if ready:
        message = "Deployment has minimum availability."
        return {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable", "message": message}
    message = "Deployment does not have minimum availability."
    return {"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable", "message": message}


def _progressing(replica_set: str, *, complete: bool, deadline: bool) -> Json:
    if complete:
        reason, message = "NewReplicaSetAvailable", f'ReplicaSet "{replica_set}" has successfully progressed.'
    elif deadline:
        reason, message = "ProgressDeadlineExceeded", f'ReplicaSet "{replica_set}" has timed out progressing.'
    else:
        reason, message = "ReplicaSetUpdated", f'ReplicaSet "{replica_set}" is progressing.'
    status = "False" if deadline and not complete else "True"
    return {"type": "Progressing", "status": status, "reason": reason, "message": message}

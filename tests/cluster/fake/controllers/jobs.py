"""Jobs: one pod after the other until enough have succeeded or one has failed for good."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.resources import now
from cluster.fake.store import Event
from cluster.fake.values import Json

from .replicas import create_pod, owned_pods

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster


class JobController:
    """Keys are Jobs. A failed pod is not tried again: the Job's back-off limit counts as reached."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        metadata = event.after["metadata"]
        if event.kind.key == ("batch", "jobs"):
            return [(metadata["namespace"], metadata["name"])]
        if event.kind.key == ("", "pods"):
            owners = metadata.get("ownerReferences", ())
            return [(metadata["namespace"], owner["name"]) for owner in owners if owner["kind"] == "Job"]
        return []

    def reconcile(self, namespace: str, name: str) -> None:
        found = self._cluster.find("jobs", "batch", namespace, name)
        if found is None or found.get("status", {}).get("conditions") or found["spec"]["suspend"]:
            return
        pods = owned_pods(self._cluster, found)
        phases = [pod.get("status", {}).get("phase") for pod in pods]
        succeeded, failed = phases.count("Succeeded"), phases.count("Failed")
        active = len(phases) - succeeded - failed
        wanted = found["spec"]["completions"] - succeeded
        if not failed and wanted > active and active < found["spec"]["parallelism"]:
            labels = {"job-name": name, "batch.kubernetes.io/job-name": name}
            create_pod(self._cluster, found, found["spec"]["template"], f"{name}-{secrets.token_hex(3)[:5]}", labels)
            active += 1
        counts = {"active": active, "succeeded": succeeded, "failed": failed}
        status: Json = {count_name: count for count_name, count in counts.items() if count}
        status["startTime"] = found.get("status", {}).get("startTime") or now()
        if failed:
            message = "Job has reached the specified backoff limit"
            status["conditions"] = [
                {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": message}
            ]
        elif wanted <= 0:
            status["conditions"] = [{"type": "Complete", "status": "True"}]
            status["completionTime"] = now()
        self._cluster.set_status("jobs", "batch", found, status)

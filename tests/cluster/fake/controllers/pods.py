"""Pods: scheduled, started and ready at once, or stuck in the way that the rules for their workload say."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake import pod_status
from cluster.fake.behaviour import Outcome, RolloutRule
from cluster.fake.pod_environment import References, UnresolvedReferenceError
from cluster.fake.store import Event
from cluster.fake.values import Json

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

_MAY_UNBLOCK = {("", "secrets"), ("", "configmaps"), ("", "persistentvolumeclaims")}


class PodController:
    """Keys are pods."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster
        self._references = References(cluster.store, cluster.kinds)

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        metadata = event.after["metadata"]
        if event.kind.key == ("", "pods"):
            return [(metadata["namespace"], metadata["name"])] if event.type != "DELETED" else []
        if event.kind.key not in _MAY_UNBLOCK:
            return []
        pods = self._cluster.store.select(self._cluster.kind("pods"), metadata["namespace"])
        return [(metadata["namespace"], pod["metadata"]["name"]) for pod in pods if not pod_status.is_ready(pod)]

    def reconcile(self, namespace: str, name: str) -> None:
        pod = self._cluster.find("pods", "", namespace, name)
        if pod is None or pod_status.is_ready(pod) or pod.get("status", {}).get("phase") in {"Succeeded", "Failed"}:
            return
        status = self._status(pod)
        if status is not None:
            bound = pod if "nodeName" in pod["spec"] or "podIP" not in status else _on_node(pod)
            self._cluster.set_status("pods", "", bound, status)

    def _status(self, pod: Json) -> Json | None:
        """The status to report; None leaves the pod to the kubelet that a test plays."""
        rule = self._rule(pod)
        obstacle = self._scheduling_obstacle(pod, rule)
        if obstacle:
            self._cluster.warn("pods", "", pod, "FailedScheduling", obstacle)
            return pod_status.unschedulable(obstacle)
        try:
            self._references.files(pod)
            for container in (*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]):
                self._references.environment(pod, container)
        except UnresolvedReferenceError as error:
            self._cluster.warn("pods", "", pod, "Failed", f"Error: {error}")
            return pod_status.waiting(pod, "CreateContainerConfigError", str(error))
        if self._cluster.behaviour.switches.kubelet and rule.outcome is Outcome.COMPLETES:
            self._cluster.kubelet.offer(pod)
            return pod_status.pending() if "status" not in pod else None
        return self._outcome(pod, rule)

    def _scheduling_obstacle(self, pod: Json, rule: RolloutRule) -> str:
        if rule.outcome is Outcome.UNSCHEDULABLE:
            return rule.message or "0/3 nodes are available: 3 Insufficient memory."
        for volume in pod["spec"].get("volumes", ()):
            claim_name = volume.get("persistentVolumeClaim", {}).get("claimName")
            if claim_name is None:
                continue
            claim = self._cluster.find("persistentvolumeclaims", "", pod["metadata"]["namespace"], claim_name)
            if claim is None:
                return f'persistentvolumeclaim "{claim_name}" not found'
            if claim.get("status", {}).get("phase") != "Bound":
                return "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims."
        return ""

    def _outcome(self, pod: Json, rule: RolloutRule) -> Json:
        metadata = pod["metadata"]
        self._cluster.logs[metadata["namespace"], metadata["name"]] = rule.log or rule.message
        match rule.outcome:
            case Outcome.COMPLETES:
                return pod_status.succeeded(pod) if _runs_once(pod) else pod_status.running(pod)
            case Outcome.IMAGE_PULL_BACK_OFF:
                image = pod["spec"]["containers"][0]["image"]
                message = rule.message or f'Back-off pulling image "{image}"'
                self._cluster.warn("pods", "", pod, "Failed", message)
                return pod_status.waiting(pod, "ImagePullBackOff", message)
            case Outcome.CRASH_LOOP_BACK_OFF:
                self._cluster.warn("pods", "", pod, "BackOff", "Back-off restarting failed container")
                return pod_status.crashing(pod, rule.message)
            case Outcome.FAILS:
                return pod_status.failed(pod, rule.message)
            case _:
                return pod_status.waiting(pod, "ContainerCreating", "")

    def _rule(self, pod: Json) -> RolloutRule:
        metadata = pod["metadata"]
        owners = metadata.get("ownerReferences", ())
        name = owners[0]["name"] if owners else metadata["name"]
        return self._cluster.behaviour.rollout(metadata["namespace"], name)


def _runs_once(pod: Json) -> bool:
    return pod["spec"]["restartPolicy"] != "Always"


def _on_node(pod: Json) -> Json:
    return {**pod, "spec": {**pod["spec"], "nodeName": pod_status.NODE}}

"""A kubelet that a test plays: it is told of each pod with everything resolved, and reports how the pod fares.

With the switch `kubelet` on, pods stay Pending until a report; so a test can start the pod's real program as a
process of this machine and let the Deployment become ready only when that program is.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from . import pod_status
from .pod_environment import References
from .store import Event
from .values import Json

if TYPE_CHECKING:
    from .cluster import Cluster


class Kubelet:
    """Notices of pods, numbered from 1 in the order in which they became due."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster
        self._references = References(cluster.store, cluster.kinds)
        self._notices: list[Json] = []
        self._offered: set[str] = set()
        self._more = asyncio.Event()
        cluster.store.subscribe(self._on_event)

    def offer(self, pod: Json) -> None:
        """Tell the test of a pod that can start now; told once for each pod."""
        metadata = pod["metadata"]
        if metadata["uid"] in self._offered:
            return
        self._offered.add(metadata["uid"])
        spec = pod["spec"]
        self._notify(
            {
                "event": "start",
                "namespace": metadata["namespace"],
                "name": metadata["name"],
                "uid": metadata["uid"],
                "labels": metadata.get("labels", {}),
                "init_containers": [self._resolved(pod, container) for container in spec.get("initContainers", ())],
                "containers": [self._resolved(pod, container) for container in spec["containers"]],
                "files": self._references.files(pod),
                "spec": spec,
            }
        )

    async def notices(self, after: int, wait_seconds: float) -> Json:
        """Notices after a number; waits for one if there are none yet."""
        if len(self._notices) <= after:
            self._more.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_seconds):
                    await self._more.wait()
        return {"last": len(self._notices), "pods": self._notices[after:]}

    def report(self, report: Json) -> None:
        """Take a test's word for a pod: `phase` is Running, Succeeded, Failed or CrashLoopBackOff.

        Raises:
            StatusError: 404, there is no such pod.
        """
        namespace, name = report["namespace"], report["name"]
        pod = self._cluster.resources.get(self._cluster.kind("pods"), namespace, name)
        message, exit_code = report.get("message", ""), report.get("exit_code", 1)
        match report["phase"]:
            case "Running":
                status = pod_status.running(pod, ready=report.get("ready", True))
            case "Succeeded":
                status = pod_status.succeeded(pod)
            case "Failed":
                status = pod_status.failed(pod, message, exit_code)
            case _:
                status = pod_status.crashing(pod, message, exit_code)
        if "pod_ip" in report:
            status |= {"podIP": report["pod_ip"], "podIPs": [{"ip": report["pod_ip"]}]}
        if "log" in report:
            self._cluster.logs[namespace, name] = report["log"]
        self._cluster.set_status("pods", "", pod, status)

    def _resolved(self, pod: Json, container: Json) -> Json:
        environment = self._references.environment(pod, container)
        return {
            "name": container["name"],
            "image": container["image"],
            "arguments": self._references.arguments(container, environment),
            "environment": environment,
            "ports": container.get("ports", []),
            "volume_mounts": container.get("volumeMounts", []),
        }

    def _on_event(self, event: Event) -> None:
        metadata = event.after["metadata"]
        if event.type == "DELETED" and metadata["uid"] in self._offered:
            names = {field: metadata[field] for field in ("namespace", "name", "uid")}
            self._notify({"event": "stop", **names})

    def _notify(self, notice: Json) -> None:
        self._notices.append(notice)
        self._more.set()

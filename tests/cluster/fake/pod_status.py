"""The statuses of pods in the states that people meet, as a kubelet reports them."""

import hashlib

from .values import Json

NODE = "worker-0"


def address_of(pod: Json) -> str:
    """A stable address in the pod network for each pod."""
    digest = hashlib.sha256(pod["metadata"]["uid"].encode()).digest()
    return f"10.{128 + digest[0] % 4}.{digest[1]}.{1 + digest[2] % 254}"


def running(pod: Json, *, ready: bool = True) -> Json:
    state = {"running": {"startedAt": _birth(pod)}}
    return _on_a_node(pod, "Running", state, ready=ready, started=True)


def succeeded(pod: Json) -> Json:
    return _on_a_node(pod, "Succeeded", _terminated(pod, "Completed", "", 0), ready=False, started=False)


def failed(pod: Json, message: str, exit_code: int = 1) -> Json:
    return _on_a_node(pod, "Failed", _terminated(pod, "Error", message, exit_code), ready=False, started=False)


def waiting(pod: Json, reason: str, message: str) -> Json:
    return _on_a_node(pod, "Pending", {"waiting": {"reason": reason, "message": message}}, ready=False, started=False)


def crashing(pod: Json, message: str, exit_code: int = 1) -> Json:
    """In CrashLoopBackOff: the container's last words are in `lastState.terminated.message`."""
    name = pod["spec"]["containers"][0]["name"]
    back_off = f"back-off 10s restarting failed container={name} pod={pod['metadata']['name']}"
    state = {"waiting": {"reason": "CrashLoopBackOff", "message": back_off}}
    status = _on_a_node(pod, "Running", state, ready=False, started=False)
    for container in status["containerStatuses"]:
        container["restartCount"] = 3
        container["lastState"] = _terminated(pod, "Error", message, exit_code)
    return status


def unschedulable(message: str) -> Json:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    return {"phase": "Pending", "qosClass": "Burstable", "conditions": [condition]}


def pending() -> Json:
    return {"phase": "Pending", "qosClass": "Burstable", "conditions": [{"type": "PodScheduled", "status": "True"}]}


def is_ready(pod: Json) -> bool:
    conditions = pod.get("status", {}).get("conditions", ())
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def _birth(pod: Json) -> str:
    """All that happens to a pod happens at once; so a status told twice is the same."""
    return pod["metadata"]["creationTimestamp"]


def _terminated(pod: Json, reason: str, message: str, exit_code: int) -> Json:
    times = {"startedAt": _birth(pod), "finishedAt": _birth(pod)}
    return {"terminated": {"exitCode": exit_code, "reason": reason, "message": message, **times}}


def _on_a_node(pod: Json, phase: str, state: Json, *, ready: bool, started: bool) -> Json:
    spec = pod["spec"]
    address = address_of(pod)
    completed = _terminated(pod, "Completed", "", 0)
    unready = {} if ready else {"reason": "ContainersNotReady", "message": _unready_message(spec)}
    return {
        "phase": phase,
        "qosClass": "Burstable",
        "hostIP": "192.0.2.10",
        "podIP": address,
        "podIPs": [{"ip": address}],
        "startTime": _birth(pod),
        "conditions": [
            {"type": "PodScheduled", "status": "True"},
            {"type": "Initialized", "status": "True"},
            {"type": "ContainersReady", "status": str(ready), **unready},
            {"type": "Ready", "status": str(ready), **unready},
        ],
        "initContainerStatuses": [
            _container(container, completed, ready=True, started=False) for container in spec.get("initContainers", ())
        ],
        "containerStatuses": [
            _container(container, state, ready=ready, started=started) for container in spec["containers"]
        ],
    }


def _unready_message(spec: Json) -> str:
    return f"containers with unready status: [{' '.join(container['name'] for container in spec['containers'])}]"


def _container(container: Json, state: Json, *, ready: bool, started: bool) -> Json:
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": ready,
        "started": started,
        "restartCount": 0,
        "state": state,
        "lastState": {},
    }

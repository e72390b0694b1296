# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Why is a pod not ready? The cluster's own words, in the order in which a pod can fail: scheduling, volume, image, start."""

from __future__ import annotations

# Waiting reasons that seldom pass by themselves (kubelet's pkg/kubelet/images and container errors).
_STUCK = frozenset(
    {
        "CrashLoopBackOff",
        "CreateContainerConfigError",
        "CreateContainerError",
        "ErrImageNeverPull",
        "ErrImagePull",
        "ImageInspectError",
        "ImagePullBackOff",
        "InvalidImageName",
        "RunContainerError",
    }
)


def problem(pod, claims, storage_classes):
    """Says what keeps a pod from starting.

    Args:
        pod: The pod.
        claims: PersistentVolumeClaims of its namespace by name.
        storage_classes: Names of the storage classes that exist, for the message about a pending volume.

    Returns:
        A sentence, or None while the pod is merely on its way.
    """
    name = pod["metadata"]["name"]
    for claim in _pending_claims(pod, claims):
        return f"Pod {name}: {_volume(claim, storage_classes)}"
    status = pod.get("status") or {}
    for condition in status.get("conditions") or ():
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return f"Pod {name} cannot be scheduled: {condition.get('message') or condition.get('reason')}"
    for container in (status.get("initContainerStatuses") or []) + (status.get("containerStatuses") or []):
        found = _container(container)
        if found:
            return f"Pod {name}: {found}"
    return None


def _container(status):
    over = (status.get("state") or {}).get("terminated") or {}
    if over.get("exitCode"):
        words = (over.get("message") or "").strip()
        return f"container {status['name']} ended with code {over['exitCode']}" + (f": {words}" if words else "")
    waiting = (status.get("state") or {}).get("waiting") or {}
    reason = waiting.get("reason")
    if reason not in _STUCK:
        return None
    last = (status.get("lastState") or {}).get("terminated") or {}
    ended = f"; it ended with code {last.get('exitCode')} ({last.get('reason')})" if last else ""
    words = (last.get("message") or waiting.get("message") or "").strip()
    image = f" of image {status['image']}" if "Image" in reason and status.get("image") else ""
    return f"container {status['name']}{image}: {reason}{ended}" + (f": {words}" if words else "")


def _pending_claims(pod, claims):
    for volume in pod["spec"].get("volumes") or ():
        name = (volume.get("persistentVolumeClaim") or {}).get("claimName")
        claim = claims.get(name)
        if claim and (claim.get("status") or {}).get("phase", "Pending") == "Pending":
            yield claim


def _volume(claim, storage_classes):
    wanted = claim["spec"].get("storageClassName")
    there = ", ".join(storage_classes) or "none"
    asked = f"of storage class {wanted}" if wanted else "without a storage class"
    return f"its volume {claim['metadata']['name']} {asked} is pending; storage classes that exist: {there}"

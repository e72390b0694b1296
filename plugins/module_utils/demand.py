# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What objects take of a namespace, in the words of a ResourceQuota.

The rules are those of https://kubernetes.io/docs/concepts/policy/resource-quotas/ for pods that run on, and of
https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers for their containers.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from .quantities import amount

_COMPUTE = ("cpu", "memory")

# Kinds that a quota may count, by the names that it has for them.
_COUNTED = {
    "ConfigMap": ("configmaps", "count/configmaps"),
    "CronJob": ("count/cronjobs.batch",),
    "Deployment": ("count/deployments.apps",),
    "PersistentVolumeClaim": ("persistentvolumeclaims", "count/persistentvolumeclaims"),
    "Pod": ("pods", "count/pods"),
    "Secret": ("secrets", "count/secrets"),
    "Service": ("services", "count/services"),
    "StatefulSet": ("count/statefulsets.apps",),
}


def demand(manifests):
    """Adds up what objects take.

    Args:
        manifests: Manifests, or live objects.

    Returns:
        Amounts by name of a quota's resource.
    """
    total = Counter()
    for manifest in manifests:
        _count(total, manifest["kind"], 1)
        if manifest["kind"] == "PersistentVolumeClaim":
            _store(total, manifest["spec"], 1)
        if manifest["kind"] in ("Deployment", "StatefulSet"):
            replicas = manifest["spec"].get("replicas", 1)
            _count(total, "Pod", replicas)
            for template in manifest["spec"].get("volumeClaimTemplates") or ():
                _count(total, "PersistentVolumeClaim", replicas)
                _store(total, template["spec"], replicas)
            for name, needed in of_pod(manifest["spec"]["template"]["spec"]).items():
                total[name] += needed * replicas
    for name in _COMPUTE:
        total[name] = total[f"requests.{name}"]
    return total


def containers(pod):
    """Lists the containers of a pod's specification, those that run first before the others."""
    return [*(pod.get("initContainers") or ()), *pod["containers"]]


def of_container(container, side, name):
    """Reads a request or limit of a container.

    Args:
        container: Of a pod's specification.
        side: C(requests) or C(limits).
        name: C(cpu) or C(memory).

    Returns:
        The amount; 0 where it says none.
    """
    stated = (container.get("resources") or {}).get(side) or {}
    return amount(stated.get(name, 0))


def of_pod(pod):
    """Adds up what one pod asks for: that of its containers together, or that of an init container if it is more."""
    found = {}
    for side in ("requests", "limits"):
        for name in _COMPUTE:
            together = sum((of_container(one, side, name) for one in pod["containers"]), Decimal(0))
            first = [of_container(one, side, name) for one in pod.get("initContainers") or ()]
            found[f"{side}.{name}"] = max([together, *first])
    return found


def _count(total, kind, number):
    for name in _COUNTED.get(kind, ()):
        total[name] += number


def _store(total, spec, number):
    size = amount(spec["resources"]["requests"]["storage"]) * number
    total["requests.storage"] += size
    if spec.get("storageClassName"):
        of_class = f"{spec['storageClassName']}.storageclass.storage.k8s.io"
        total[f"{of_class}/requests.storage"] += size
        total[f"{of_class}/persistentvolumeclaims"] += number

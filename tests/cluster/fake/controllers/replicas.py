"""What Deployments, StatefulSets and Jobs have in common: pods made from a template and owned by their workload."""

import hashlib
import json
from typing import TYPE_CHECKING

from cluster.fake.behaviour import Outcome
from cluster.fake.errors import StatusError
from cluster.fake.values import Json, clone

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

_REFUSING = {
    Outcome.QUOTA_EXCEEDED: "exceeded quota: compute, requested: limits.memory=1Gi, used: limits.memory=8Gi, "
    "limited: limits.memory=8Gi",
    Outcome.SECURITY_REFUSED: "unable to validate against any security context constraint: [provider "
    "restricted-v2: .containers[0].runAsUser: Invalid value: 0: must be in the ranges: [1000700000, 1000709999]]",
}


def template_hash(template: Json) -> str:
    """Names the revision of a template, as `pod-template-hash` does."""
    return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:10]


def owned_pods(cluster: "Cluster", owner: Json) -> list[Json]:
    """The pods of a workload, oldest first."""
    namespace, uid = owner["metadata"]["namespace"], owner["metadata"]["uid"]
    pods = [
        pod
        for pod in cluster.store.select(cluster.kind("pods"), namespace)
        if any(reference["uid"] == uid for reference in pod["metadata"].get("ownerReferences", ()))
    ]
    return sorted(pods, key=lambda pod: (pod["metadata"]["creationTimestamp"], pod["metadata"]["name"]))


def owner_reference(owner: Json) -> Json:
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def create_pod(cluster: "Cluster", owner: Json, template: Json, name: str, labels: Json) -> str:
    """Create one pod of a workload; returns why the server refused it, or nothing."""
    namespace = owner["metadata"]["namespace"]
    rule = cluster.behaviour.rollout(namespace, owner["metadata"]["name"])
    if rule.outcome in _REFUSING:
        refusal = f'pods "{name}" is forbidden: {rule.message or _REFUSING[rule.outcome]}'
    else:
        template = clone(template)
        metadata = template.get("metadata", {})
        metadata |= {"name": name, "namespace": namespace, "ownerReferences": [owner_reference(owner)]}
        metadata["labels"] = {**metadata.get("labels", {}), **labels}
        try:
            cluster.create("pods", "", {"metadata": metadata, "spec": template["spec"]})
        except StatusError as error:
            refusal = str(error)
        else:
            return ""
    group = owner["apiVersion"].partition("/")[0]
    plural = f"{owner['kind'].lower()}s"
    cluster.warn(plural, group, owner, "FailedCreate", f"Error creating: {refusal}")
    return refusal

# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Collects from the cluster what explains an unready workload: its own conditions, its pods, their volumes, warnings."""

from __future__ import annotations

from . import diagnosis, rollout
from .errors import ApiError
from .resources import label

PODS = "app.kubernetes.io/part-of=litemaas"
JOB_LABEL = "job-name"


class Problem:
    """Why a namespace is not ready.

    Attributes:
        sentence: For the operator.
        hopeless: Whether only a person can mend it: the server refuses what we ask for, or the router a host.
    """

    def __init__(self, sentence, hopeless):
        self.sentence = sentence
        self.hopeless = hopeless


class Problems:
    """Finds, for namespaces with unready objects, the first reason that explains it."""

    def __init__(self, resources):
        self._resources = resources
        self._storage_classes = None

    def find(self, unready):
        """Looks for problems.

        Args:
            unready: By namespace the objects that are not ready: live states, or manifests not seen alive.

        Returns:
            By namespace a Problem; namespaces without a visible problem are left out.
        """
        found = {}
        for namespace, objects in unready.items():
            reasons = [f"{label(one)}: {rollout.refused(one)}" for one in objects if rollout.refused(one)]
            if reasons:
                found[namespace] = Problem(reasons[0], hopeless=True)
        jobs = [namespace for namespace in found if any(one["kind"] == "Job" for one in unready[namespace])]
        rest = [namespace for namespace in unready if namespace not in found]
        if rest or jobs:
            pods = self._pods(jobs + rest, unready)
            for namespace in jobs:
                found[namespace] = Problem(pods.pop(namespace, found[namespace]).sentence, hopeless=True)
            found.update(pods)
        for namespace in rest:
            if namespace not in found:
                found.update(self._creation(namespace, unready[namespace]))
        return found

    def _pods(self, namespaces, unready):
        pods = self._resources.list_in("v1", "Pod", namespaces, PODS)
        pods = [pod for pod in pods if _concerns(pod, unready.get(pod["metadata"]["namespace"], ()))]
        claims = {}
        if any(pod.get("status", {}).get("phase") == "Pending" for pod in pods):
            for claim in self._resources.list_in("v1", "PersistentVolumeClaim", namespaces):
                claims.setdefault(claim["metadata"]["namespace"], {})[claim["metadata"]["name"]] = claim
        found = {}
        for pod in pods:
            namespace = pod["metadata"]["namespace"]
            if namespace in namespaces and namespace not in found and not pod["metadata"].get("deletionTimestamp"):
                reason = diagnosis.problem(pod, claims.get(namespace, {}), self._classes())
                if reason:
                    found[namespace] = Problem(reason, hopeless=False)
        return found

    def _creation(self, namespace, objects):
        """Reads the warnings of a namespace: a StatefulSet has no condition that says that its pod was refused."""
        names = {one["metadata"]["name"] for one in objects}
        try:
            events, _version = self._resources.list("v1", "Event", namespace)
        except ApiError:
            return {}
        for event in reversed(events):
            about = event.get("involvedObject") or {}
            if event.get("reason") == "FailedCreate" and about.get("name", "").startswith(tuple(names)):
                sentence = f"{about.get('kind')} {about.get('name')}: {event.get('message')}"
                return {namespace: Problem(sentence, hopeless=True)}
        return {}

    def _classes(self):
        if self._storage_classes is None:
            try:
                classes, _version = self._resources.list("storage.k8s.io/v1", "StorageClass")
                self._storage_classes = sorted(found["metadata"]["name"] for found in classes)
            except ApiError:
                self._storage_classes = []
        return self._storage_classes


def _concerns(pod, objects):
    """Tells whether a pod has to do with what is awaited: one of a Job only with that Job."""
    job = (pod["metadata"].get("labels") or {}).get(JOB_LABEL)
    return job is None or any(one["kind"] == "Job" and one["metadata"]["name"] == job for one in objects)

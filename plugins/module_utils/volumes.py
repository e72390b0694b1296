# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Lets the volumes of StatefulSets grow: the claims where their class allows it, then the StatefulSet that asked for them.

A StatefulSet's volumeClaimTemplates cannot be changed, so that it is deleted without its pods and made anew by the apply
that follows; its pods and volumes stay and are adopted by the new one. Claims grow first: whenever this is interrupted, the
next run sees a template that differs and goes on from there.
"""

from __future__ import annotations

import re
import time
from collections import namedtuple

from .errors import ApiError, ClusterError
from .manifest import OWNER_LABEL
from .quantities import amount

GONE_WITHIN_SECONDS = 60

Growth = namedtuple("Growth", "namespace stateful_set claims before after")


def plan(stateful_sets, claims, sizes, classes):
    """Compares the volumes that are there with those that shall be.

    Args:
        stateful_sets: StatefulSets, each with one volumeClaimTemplate.
        claims: PersistentVolumeClaims of their namespaces.
        sizes: Wanted sizes by name of a StatefulSet.
        classes: Whether volumes of a storage class can grow, by its name; None where we may not know.

    Returns:
        A Growth for each StatefulSet whose volumes shall be larger; its claims are those that still have to grow.

    Raises:
        ClusterError: A volume cannot become as it shall be.
    """
    found = []
    for stateful_set in stateful_sets:
        name, namespace = stateful_set["metadata"]["name"], stateful_set["metadata"]["namespace"]
        template = stateful_set["spec"]["volumeClaimTemplates"][0]
        before = _size(template)
        if name not in sizes or amount(before) == amount(sizes[name]):
            continue
        ours = re.compile(rf"{re.escape(template['metadata']['name'])}-{re.escape(name)}-\d+")
        theirs = [
            claim
            for claim in claims
            if claim["metadata"]["namespace"] == namespace and ours.fullmatch(claim["metadata"]["name"])
        ]
        growing = [claim["metadata"]["name"] for claim in theirs if _must_grow(claim, sizes[name], classes)]
        found.append(Growth(namespace, name, growing, before, sizes[name]))
    return found


def _must_grow(claim, wanted, classes):
    name, namespace, size = claim["metadata"]["name"], claim["metadata"]["namespace"], _size(claim)
    if amount(size) == amount(wanted):
        return False
    if amount(size) > amount(wanted):
        message = f"The volume {name} in namespace {namespace} has {size} and cannot shrink to {wanted}: leave its size at {size}."
        raise ClusterError(message)
    storage_class = claim["spec"].get("storageClassName")
    if classes is not None and not classes.get(storage_class):
        message = (
            f"The volume {name} in namespace {namespace} cannot grow from {size} to {wanted}, because its storage class "
            f"{storage_class} does not allow it: leave its size at {size}, or let a backup move the data to a new instance."
        )
        raise ClusterError(message)
    return True


def _size(claim):
    return claim["spec"]["resources"]["requests"]["storage"]


class Volumes:
    """Reads and changes the volumes of one owner."""

    def __init__(self, connection, resources, owner):
        self._connection = connection
        self._resources = resources
        self._selector = f"{OWNER_LABEL}={owner}"

    def plan(self, namespaces, sizes):
        """Plans what has to grow; see the function of this name."""
        stateful_sets = self._resources.list_in("apps/v1", "StatefulSet", namespaces, self._selector)
        if not plan(stateful_sets, (), sizes, None):
            return []
        claims = self._resources.list_in("v1", "PersistentVolumeClaim", namespaces, self._selector)
        return plan(stateful_sets, claims, sizes, self._classes())

    def grow(self, growth):
        """Lets the volumes of one StatefulSet grow and takes its object away, so that it can be applied anew.

        Raises:
            ClusterError: The server refuses.
        """
        core = f"/api/v1/namespaces/{growth.namespace}/persistentvolumeclaims"
        patch = [{"op": "replace", "path": "/spec/resources/requests/storage", "value": growth.after}]
        for claim in growth.claims:
            try:
                self._connection.request("PATCH", f"{core}/{claim}", patch, content_type="application/json-patch+json")
            except ApiError as error:
                message = f"The volume {claim} in namespace {growth.namespace} cannot grow to {growth.after}: {error}"
                raise ClusterError(message) from error
        self._release(f"/apis/apps/v1/namespaces/{growth.namespace}/statefulsets/{growth.stateful_set}")

    def _release(self, path):
        """Deletes a StatefulSet without its pods, and waits until the server has let them go."""
        self._connection.request("DELETE", path, query={"propagationPolicy": "Orphan"})
        deadline = time.monotonic() + GONE_WITHIN_SECONDS
        while self._connection.get_or_none(path) is not None:
            if time.monotonic() >= deadline:
                message = f"{path} is still being deleted: run again in a moment."
                raise ClusterError(message)
            time.sleep(0.2)

    def _classes(self):
        try:
            classes, _version = self._resources.list("storage.k8s.io/v1", "StorageClass")
        except ApiError as error:
            if error.status != 403:
                raise
            return None
        return {one["metadata"]["name"]: bool(one.get("allowVolumeExpansion")) for one in classes}

# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Takes a deployment away: whole namespaces that are ours, and only our objects from one that is somebody else's."""

from __future__ import annotations

import time

from . import inventory
from .apply import Outcome
from .errors import ApiError, ClusterError
from .manifest import OWNER_LABEL
from .resources import label

# What the inventory does not list: other modules make credentials and images, the StatefulSet controller makes volumes;
# dumps outlive the CronJob that wrote them, and a restore's Job has a new name each time.
_UNLISTED = (
    ("v1", "Secret"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "ConfigMap"),
    ("batch/v1", "Job"),
    ("build.openshift.io/v1", "BuildConfig"),
    ("image.openshift.io/v1", "ImageStream"),
)


class Removal:
    """Removes what one owner has in some namespaces."""

    def __init__(self, connection, resources, owner, check_mode=False):
        """Keeps what every namespace shares; see Applier."""
        self._connection = connection
        self._resources = resources
        self._owner = owner
        self._selector = f"{OWNER_LABEL}={owner}"
        self._dry_run = "All" if check_mode else None

    def remove(self, namespace, inventory_name):
        """Removes the owner's things from one namespace, or the namespace itself where the owner made it.

        Args:
            namespace: The namespace.
            inventory_name: Name of the inventory's ConfigMap.

        Returns:
            The Outcome; a failure is in it, not raised.
        """
        outcome = Outcome(namespace)
        try:
            live = self._connection.get_or_none(f"/api/v1/namespaces/{namespace}")
            if live is None:
                return outcome
            if (live["metadata"].get("labels") or {}).get(OWNER_LABEL) == self._owner:
                self._delete_listed(outcome, filter(inventory.is_cluster_scoped, self._listed(namespace, inventory_name)))
                self._delete(outcome, dict(live, apiVersion="v1", kind="Namespace"))
                outcome.going = True
            else:
                self._empty(outcome, inventory_name)
        except ClusterError as error:
            outcome.error = str(error)
        return outcome

    def until_gone(self, namespaces, timeout, report):
        """Waits until namespaces are gone.

        Args:
            namespaces: Their names.
            timeout: Seconds in all.
            report: Called with a line whenever one is gone.

        Returns:
            For each namespace that is still there, the sentence in which the server says why.
        """
        left, deadline = set(namespaces), time.monotonic() + timeout
        while left:
            live, _version = self._resources.list("v1", "Namespace", None, self._selector)
            there = {one["metadata"]["name"]: one for one in live if one["metadata"].get("deletionTimestamp")}
            for namespace in sorted(left - there.keys()):
                report(f"{namespace}: removed ({len(namespaces) - len(left) + 1} of {len(namespaces)})")
                left.remove(namespace)
            if time.monotonic() >= deadline:
                return {namespace: _remains(there[namespace]) for namespace in left}
            if left:
                time.sleep(1)
        return {}

    def _listed(self, namespace, inventory_name):
        stub = inventory.build(inventory_name, namespace, ())
        return sorted(inventory.read(self._connection.get_or_none(self._resources.path(stub))))

    def _delete_listed(self, outcome, lines):
        for line in lines:
            one = inventory.stub(line, outcome.namespace)
            live = self._connection.get_or_none(self._resources.path(one))
            if live and (live["metadata"].get("labels") or {}).get(OWNER_LABEL) == self._owner:
                self._delete(outcome, one)

    def _empty(self, outcome, inventory_name):
        self._delete_listed(outcome, self._listed(outcome.namespace, inventory_name))
        for api_version, kind in _UNLISTED:
            if self._resources.find(api_version, kind) is None:
                continue
            objects, _version = self._resources.list(api_version, kind, outcome.namespace, self._selector)
            for live in objects:
                self._delete(outcome, live)

    def _delete(self, outcome, manifest):
        if manifest["metadata"].get("deletionTimestamp"):
            return
        query = {"propagationPolicy": "Background", "dryRun": self._dry_run}
        try:
            self._connection.request("DELETE", self._resources.path(manifest), query=query)
        except ApiError as error:
            if error.status == 404:
                return
            message = f"{label(manifest)} cannot be deleted: {error}"
            raise ClusterError(message) from error
        outcome.note(manifest, {"kind": manifest["kind"], "name": manifest["metadata"]["name"]}, {})


def _remains(namespace):
    words = [
        condition["message"]
        for condition in (namespace.get("status") or {}).get("conditions") or ()
        if condition["status"] == "True" and condition.get("message")
    ]
    return "the namespace is still being deleted" + (": " + "; ".join(words) if words else "; look again later")

# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Server-side apply of one namespace's manifests, in order, and pruning of what is no longer wanted.

Namespaces are independent of one another: each is applied by one worker, and a failure in one is its own.
"""

from __future__ import annotations

from . import inventory
from .connection import APPLY_PATCH
from .errors import ApiError, ClusterError
from .manifest import mark
from .ownership import applied
from .resources import label


_BOOKKEEPING = ("generation", "managedFields", "resourceVersion")


class Outcome:
    """What happened in one namespace.

    Attributes:
        namespace: Its name.
        changed: Names of the objects that were created, changed or deleted.
        diffs: Before and after, for the objects that changed.
        untouched: Live objects that already were as they shall be.
        going: Whether the namespace itself is being deleted, by this run or by one before.
        error: The sentence that says what failed, or None.
    """

    def __init__(self, namespace):
        self.namespace = namespace
        self.changed = []
        self.diffs = []
        self.untouched = []
        self.going = False
        self.error = None

    def note(self, manifest, before, after):
        """Records one changed object."""
        self.changed.append(label(manifest))
        header = f"{self.namespace} {label(manifest)}"
        self.diffs.append({"before_header": header, "after_header": header, "before": before, "after": after})


class Applier:
    """Applies manifests as one field manager."""

    def __init__(self, connection, resources, snapshot, manager, check_mode=False, recreated=()):
        """Keeps what every namespace shares.

        Args:
            connection: Connection to the cluster.
            resources: Its kinds.
            snapshot: The owner's objects before the run.
            manager: Name of the field manager and value of the owner label.
            check_mode: Only ask the server what it would do.
            recreated: StatefulSets, as namespace and name, that check mode finds although they would be gone by now.
        """
        self._connection = connection
        self._resources = resources
        self._snapshot = snapshot
        self._recreated = frozenset(recreated)
        self._manager = manager
        self._dry_run = "All" if check_mode else None

    def apply(self, namespace, manifests, inventory_name=None):
        """Applies the manifests of one namespace and prunes what the inventory lists beyond them.

        Args:
            namespace: The namespace.
            manifests: Its manifests, in order.
            inventory_name: Name of the inventory's ConfigMap; None prunes nothing.

        Returns:
            The Outcome; a failure is in it, not raised.
        """
        outcome = Outcome(namespace)
        try:
            if inventory_name:
                self._apply_with_inventory(outcome, manifests, inventory_name)
            else:
                for manifest in manifests:
                    self._apply_one(outcome, manifest)
        except ClusterError as error:
            outcome.error = str(error)
        return outcome

    def _apply_with_inventory(self, outcome, manifests, name):
        wanted = inventory.lines_of(manifests)
        known = inventory.read(self._snapshot.get(inventory.build(name, outcome.namespace, wanted)))
        # Written before anything else, so that a run that is killed leaves no object that is not listed.
        self._apply_one(outcome, inventory.build(name, outcome.namespace, wanted | known))
        for manifest in manifests:
            self._apply_one(outcome, manifest)
        gone = known - wanted
        for line in sorted(gone):
            self._delete(outcome, inventory.stub(line, outcome.namespace))
        if gone:
            self._patch(inventory.build(name, outcome.namespace, wanted))

    def _apply_one(self, outcome, manifest):
        mark(manifest, self._manager)
        if self._dry_run and self._is_recreated(manifest):
            outcome.note(manifest, {}, manifest)
            return
        live = self._snapshot.get(manifest)
        before = applied(live, self._manager, manifest) if live else None
        if before == manifest:
            outcome.untouched.append(live)
            return
        try:
            answer = self._patch(manifest)
        except ApiError as error:
            if self._dry_run and error.status == 404:
                outcome.note(manifest, {}, manifest)  # its namespace would be there by now
                return
            message = f"{label(manifest)}: {error}"
            raise ClusterError(message) from error
        if live is None or _content(live) != _content(answer):
            outcome.note(manifest, before or {}, manifest)

    def _is_recreated(self, manifest):
        metadata = manifest["metadata"]
        return manifest["kind"] == "StatefulSet" and f"{metadata['namespace']}/{metadata['name']}" in self._recreated

    def _patch(self, manifest):
        mark(manifest, self._manager)
        query = {"fieldManager": self._manager, "force": "true", "fieldValidation": "Strict", "dryRun": self._dry_run}
        return self._connection.request("PATCH", self._resources.path(manifest), manifest, query, APPLY_PATCH)

    def _delete(self, outcome, stub):
        live = self._snapshot.get(stub)
        if live is None:
            return
        query = {"propagationPolicy": "Background", "dryRun": self._dry_run}
        try:
            self._connection.request("DELETE", self._resources.path(stub), query=query)
        except ApiError as error:
            if error.status != 404:
                message = f"{label(stub)} cannot be deleted: {error}"
                raise ClusterError(message) from error
        outcome.note(stub, applied(live, self._manager) or {}, {})


def _content(found):
    """Leaves out who set what and when: taking a field back from another manager, as it is, changes nothing."""
    metadata = {name: value for name, value in found["metadata"].items() if name not in _BOOKKEEPING}
    return {**found, "metadata": metadata, "status": None}

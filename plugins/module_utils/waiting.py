# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Waits until what was applied is ready, and says of each namespace why it is not."""

from __future__ import annotations

import queue
import time

from . import rollout
from .errors import ApiError
from .manifest import OWNER_LABEL, identity
from .problems import Problems
from .resources import label
from .watching import Watcher

LOOK_EVERY_SECONDS = 5

# What the server refuses it may still accept when an old pod has gone and its quota is free again; longer than that
# waiting only costs the operator time.
HOPELESS_AFTER_SECONDS = 15


class Waiting:
    """One wait for the objects of many namespaces."""

    def __init__(self, connection, resources, owner, report):
        """Prepares a wait.

        Args:
            connection: Connection to the cluster.
            resources: Its kinds.
            owner: Value of the owner label.
            report: Called with a line whenever a namespace has become ready or has failed.
        """
        self._resources = resources
        self._watcher = Watcher(connection, resources, f"{OWNER_LABEL}={owner}")
        self._problems = Problems(resources)
        self._report = report
        self._total = 0
        self._missing, self._failed, self._since = {}, {}, {}

    def until_ready(self, manifests, timeout, give_up_after):
        """Waits for every manifest of a kind that can be waited for.

        Args:
            manifests: By namespace.
            timeout: Seconds in all.
            give_up_after: Seconds that a namespace may show a problem which seldom passes by itself.

        Returns:
            For each namespace that did not become ready, the sentence that says why.
        """
        self._total = len(manifests)
        self._missing = {
            namespace: {identity(one): (one, "it has not been seen") for one in group if one["kind"] in rollout.KINDS}
            for namespace, group in manifests.items()
        }
        self._missing = {namespace: group for namespace, group in self._missing.items() if group}
        kinds = {(one["apiVersion"], one["kind"]) for group in self._missing.values() for one, _why in group.values()}
        for api_version, kind in sorted(kinds):
            self._watcher.start(api_version, kind, sorted(self._missing))
        try:
            self._loop(time.monotonic() + timeout, give_up_after)
        finally:
            self._watcher.stop()
        return self._failed

    def _loop(self, deadline, give_up_after):
        look_at = time.monotonic() + min(LOOK_EVERY_SECONDS, give_up_after)
        while self._missing:
            now = time.monotonic()
            if now >= deadline:
                self._give_up()
                return
            if now >= look_at:
                self._look(now, give_up_after)
                look_at = time.monotonic() + min(LOOK_EVERY_SECONDS, give_up_after)
            try:
                self._take(self._watcher.states.get(timeout=max(0.01, min(look_at, deadline) - now)))
            except queue.Empty:
                continue

    def _take(self, live):
        namespace = live["metadata"].get("namespace")
        group = self._missing.get(namespace, {})
        if identity(live) not in group:
            return
        why = rollout.pending(live)
        if why:
            group[identity(live)] = (live, why)
            return
        del group[identity(live)]
        if not group:
            self._finish(namespace)

    def _look(self, now, give_up_after):
        """Asks for the reasons, and fails a namespace whose reason has stayed for too long."""
        found = self._problems.find(self._unready())
        self._since = {name: self._since.get(name, now) for name in found}
        for namespace, problem in found.items():
            patience = min(give_up_after, HOPELESS_AFTER_SECONDS) if problem.hopeless else give_up_after
            if now - self._since[namespace] >= patience:
                self._finish(namespace, problem.sentence)

    def _give_up(self):
        try:
            found = self._problems.find(self._unready())
        except ApiError:
            found = {}  # the deadline has passed: say what is known
        for namespace, group in list(self._missing.items()):
            unready = "; ".join(f"{label(one)}: {why}" for one, why in group.values())
            reason = f" {found[namespace].sentence}" if namespace in found else ""
            self._finish(namespace, f"not ready in time. {unready}.{reason}")

    def _unready(self):
        return {namespace: [one for one, _why in group.values()] for namespace, group in self._missing.items()}

    def _finish(self, namespace, reason=None):
        del self._missing[namespace]
        if reason:
            self._failed[namespace] = reason
        done = self._total - len(self._missing)
        self._report(f"{namespace}: {reason or 'ready'} ({done} of {self._total})")

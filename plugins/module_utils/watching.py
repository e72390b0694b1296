# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Follows the live state of some kinds: one list and one watch for each kind and scope, in a thread of its own."""

from __future__ import annotations

import queue
import threading
import time

from .errors import ClusterError


class Watcher:
    """Feeds a queue with the present and every later state of objects.

    A watch that ends, or that the server says is too old, begins anew with a list; a reader may see a state twice.
    """

    def __init__(self, connection, resources, selector):
        self._connection = connection
        self._resources = resources
        self._selector = selector
        self._stop = threading.Event()
        self.states = queue.Queue()

    def start(self, api_version, kind, namespaces):
        """Begins to follow a kind in some namespaces."""
        for scope, objects, version in self._resources.list_scopes(api_version, kind, namespaces, self._selector):
            self._put(objects)
            arguments = (api_version, kind, scope, version)
            threading.Thread(target=self._follow, args=arguments, daemon=True).start()

    def stop(self):
        """Lets the threads end with their next event; they are daemons and hold nothing."""
        self._stop.set()

    def _put(self, objects):
        for found in objects:
            self.states.put(found)

    def _follow(self, api_version, kind, scope, version):
        path = self._resources.collection(api_version, kind, scope)
        while not self._stop.is_set():
            try:
                version = self._read(path, api_version, kind, version)
                if version is None:
                    objects, version = self._resources.list(api_version, kind, scope, self._selector)
                    self._put(objects)
            except ClusterError:
                time.sleep(
                    1
                )  # the API server restarts or is busy: the caller's deadline decides how long that may last
                version = None

    def _read(self, path, api_version, kind, version):
        """Reads one watch to its end; returns where the next may begin, or None where only a list helps."""
        if version is None:
            return None
        query = {"labelSelector": self._selector, "resourceVersion": version}
        for event in self._connection.stream(path, query, timeout_seconds=60):
            if self._stop.is_set():
                return version
            found = event["object"]
            if event["type"] == "ERROR":
                return None
            version = found["metadata"]["resourceVersion"]
            if event["type"] in ("ADDED", "MODIFIED"):
                self.states.put(dict(found, apiVersion=api_version, kind=kind))
        return version

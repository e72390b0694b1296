"""The work queue of all controllers.

A controller never runs inside a client's request: a change only puts the objects concerned into the queue, which is
worked off in the next turn of the event loop, as a real cluster's controllers run after the answer.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from cluster.fake.errors import StatusError
from cluster.fake.kinds import KindRegistry
from cluster.fake.store import Event, Store

Key = tuple[str, str]  # namespace and name


class Controller(Protocol):
    """What each module of this package offers."""

    def concerned(self, event: Event) -> Iterable[Key]:
        """The objects to look at after a change."""

    def reconcile(self, namespace: str, name: str) -> None:
        """Make the world agree with this object; it may be gone already."""


class WorkQueue:
    """Feeds the controllers of one cluster with what changed."""

    def __init__(self, store: Store, kinds: KindRegistry, controllers: list[Controller]) -> None:
        self._store = store
        self._kinds = kinds
        self._controllers = controllers
        self._waiting: dict[tuple[Controller, Key], None] = {}
        self._scheduled = False
        store.subscribe(self._on_event)

    def resync(self) -> None:
        """Look at every object again: after a change of behaviour."""
        for kind in self._kinds:
            for found in self._store.select(kind):
                self._on_event(Event(self._store.revision, "MODIFIED", kind, found, found))

    def _on_event(self, event: Event) -> None:
        for controller in self._controllers:
            for key in controller.concerned(event):
                self._waiting[controller, key] = None
        if self._waiting and not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._work_off)

    def _work_off(self) -> None:
        """One round; what it causes is done in the next turn of the loop, so that requests get their turn too.

        A write that the server refuses, as in a namespace that is going, is tried again when something changes.
        """
        self._scheduled = False
        round_, self._waiting = self._waiting, {}
        for controller, (namespace, name) in round_:
            with suppress(StatusError):
                controller.reconcile(namespace, name)

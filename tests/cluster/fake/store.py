"""The objects themselves, one counter of revisions, and the history that watches are served from.

Stored objects are never changed in place: a write stores a new dictionary. So a reader may keep what it got, and an
event can hold the object before and after.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .errors import gone
from .kinds import Kind
from .values import Json

HISTORY = 20_000  # events kept for watches; a watch that asks for older ones is answered 410


@dataclass(frozen=True)
class Event:
    """One change: `before` is None for an addition, `after` holds the last state of what was deleted."""

    revision: int
    type: str  # ADDED, MODIFIED or DELETED
    kind: Kind
    after: Json
    before: Json | None


Subscriber = Callable[[Event], None]


class Store:
    """All objects by kind, namespace and name; cluster-scoped ones are in the namespace of the empty name."""

    def __init__(self) -> None:
        self.revision = 1
        self._objects: dict[tuple[str, str], dict[str, dict[str, Json]]] = {}
        self._history: deque[Event] = deque(maxlen=HISTORY)
        self._forgotten = 0  # the newest revision that the history no longer holds
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        """Call the subscriber, synchronously, after each change."""
        self._subscribers.append(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        self._subscribers.remove(subscriber)

    def get(self, kind: Kind, namespace: str, name: str) -> Json | None:
        return self._objects.get(kind.key, {}).get(namespace, {}).get(name)

    def select(self, kind: Kind, namespace: str = "") -> Iterator[Json]:
        """Objects in the order of their namespace and name; the empty namespace means all."""
        by_namespace = self._objects.get(kind.key, {})
        namespaces = [namespace] if namespace else sorted(by_namespace)
        for each in namespaces:
            found = by_namespace.get(each, {})
            for name in sorted(found):
                yield found[name]

    def put(self, kind: Kind, found: Json) -> Json:
        """Store an object under a new revision, which is written into it."""
        metadata = found["metadata"]
        names = self._objects.setdefault(kind.key, {}).setdefault(metadata.get("namespace", ""), {})
        before = names.get(metadata["name"])
        self.revision += 1
        metadata["resourceVersion"] = str(self.revision)
        names[metadata["name"]] = found
        self._publish(Event(self.revision, "MODIFIED" if before else "ADDED", kind, found, before))
        return found

    def remove(self, kind: Kind, namespace: str, name: str) -> Json:
        """Delete an object; the event carries its last state under the revision of the deletion.

        Raises:
            KeyError: there is none.
        """
        before = self._objects[kind.key][namespace].pop(name)
        self.revision += 1
        last = {**before, "metadata": {**before["metadata"], "resourceVersion": str(self.revision)}}
        self._publish(Event(self.revision, "DELETED", kind, last, before))
        return before

    def since(self, revision: int) -> list[Event]:
        """Events after a revision.

        Raises:
            StatusError: 410, they are no longer kept.
        """
        if revision < self._forgotten:
            raise gone(f"too old resource version: {revision} ({self._forgotten})")
        recent = []
        for event in reversed(self._history):
            if event.revision <= revision:
                break
            recent.append(event)
        return recent[::-1]

    def compact(self) -> None:
        """Forget the history, as etcd does every five minutes."""
        self._history.clear()
        self._forgotten = self.revision

    @property
    def oldest_revision(self) -> int:
        return self._forgotten

    def _publish(self, event: Event) -> None:
        if len(self._history) == HISTORY:
            self._forgotten = self._history[0].revision
        self._history.append(event)
        for subscriber in tuple(self._subscribers):
            subscriber(event)

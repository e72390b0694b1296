"""Watches: the changes after a revision, one JSON object a line, for as long as the client listens."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

from .errors import StatusError, bad_request
from .kinds import Kind
from .listing import Query
from .store import Event, Store
from .values import Json

INITIAL_EVENTS_END = "k8s.io/initial-events-end"


class Watch:
    """One open watch. It is registered with the store when it is made, so nothing that happens after is missed."""

    def __init__(self, store: Store, kind: Kind, namespace: str, query: dict[str, str]) -> None:
        """Raises StatusError 400: a selector or the revision cannot be read."""
        self._store = store
        self._kind = kind
        self._namespace = namespace
        labels, fields = query.get("labelSelector", ""), query.get("fieldSelector", "")
        self._selected = Query(labels, fields).predicate(kind)
        self._bookmarks = query.get("allowWatchBookmarks", "").lower() in {"1", "true"}
        self._timeout = float(query.get("timeoutSeconds") or 0) or None
        self._queue: asyncio.Queue[Event] = asyncio.Queue()
        self._opening = list(self._opening_lines(query))
        store.subscribe(self._queue.put_nowait)

    def close(self) -> None:
        self._store.unsubscribe(self._queue.put_nowait)

    async def lines(self) -> AsyncIterator[bytes]:
        """What to send, until the timeout that the client asked for; the caller closes the watch."""
        for line in self._opening:
            yield line
        if self._opening and b'"ERROR"' in self._opening[-1][:20]:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timeout):
                while True:
                    event = await self._queue.get()
                    line = self._line_of(event)
                    if line is not None:
                        yield line
        if self._bookmarks:
            yield self._bookmark()

    def _opening_lines(self, query: dict[str, str]) -> list[bytes]:
        wanted = query.get("resourceVersion", "")
        initial = query.get("sendInitialEvents", "").lower() in {"1", "true"}
        if wanted and not wanted.isdigit():
            raise bad_request(f'invalid resource version: "{wanted}"')
        if initial or wanted in {"", "0"}:
            lines = [
                _line("ADDED", found)
                for found in self._store.select(self._kind, self._namespace)
                if self._selected(found)
            ]
            return [*lines, self._bookmark(initial_events_end=True)] if initial else lines
        try:
            events = self._store.since(int(wanted))
        except StatusError as error:
            return [_line("ERROR", error.to_json())]
        return [line for event in events if (line := self._line_of(event)) is not None]

    def _line_of(self, event: Event) -> bytes | None:
        """The event as this watch sees it: an object that a change moves out of the selection is deleted for it."""
        if event.kind.key != self._kind.key:
            return None
        if self._namespace and event.after["metadata"].get("namespace", "") != self._namespace:
            return None
        is_selected = event.type != "DELETED" and self._selected(event.after)
        was_selected = event.before is not None and self._selected(event.before)
        if is_selected:
            return _line("MODIFIED" if was_selected else "ADDED", event.after)
        return _line("DELETED", event.after) if was_selected else None

    def _bookmark(self, *, initial_events_end: bool = False) -> bytes:
        metadata: Json = {"resourceVersion": str(self._store.revision)}
        if initial_events_end:
            metadata["annotations"] = {INITIAL_EVENTS_END: "true"}
        return _line("BOOKMARK", {"kind": self._kind.kind, "apiVersion": self._kind.api_version, "metadata": metadata})


def _line(type_: str, found: Json) -> bytes:
    return json.dumps({"type": type_, "object": found}, separators=(",", ":")).encode() + b"\n"

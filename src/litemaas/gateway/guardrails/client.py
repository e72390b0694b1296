"""The client as a guarded answer sees it: streams pass through the guardrails on their way."""

from collections.abc import Callable
from contextlib import suppress

from litemaas.domain.errors import LiteMaaSError
from litemaas.gateway.calls.client import Client
from litemaas.gateway.errors import error_body
from litemaas.gateway.guardrails.events import EventReader


class WatchedClient:
    """Passes everything on, and lets guardrails see streams. A whole answer was seen before, see `Call.reviews`.

    Args:
        client: Who asked.
        events: Reads the stream.
    """

    def __init__(self, client: Client, events: EventReader) -> None:
        self._client = client
        self._events = events

    def respond(self, status: int, header_lines: bytes, body: bytes) -> None:
        """The whole answer at once."""
        self._client.respond(status, header_lines, body)

    def begin_stream(self, header_lines: bytes) -> None:
        """A 200 whose body follows piece by piece."""
        self._client.begin_stream(header_lines)

    def stream(self, data: bytes) -> None:
        """A piece of it."""
        self._client.stream(data)
        with suppress(LiteMaaSError):  # what only watches keeps nobody from anything
            self._events.feed(data)

    def end_stream(self) -> None:
        """All of it was sent."""
        with suppress(LiteMaaSError):
            self._events.end()
        self._client.end_stream()

    def break_off(self) -> None:
        """It cannot be completed; the client must notice."""
        self._client.break_off()


class GuardedClient(WatchedClient):
    """Passes on of a stream what may pass.

    Args:
        stop: Ends the call.
    """

    def __init__(self, client: Client, events: EventReader, stop: Callable[[LiteMaaSError], None]) -> None:
        super().__init__(client, events)
        self._stop = stop
        self._stopping = self._stopped = False

    def stream(self, data: bytes) -> None:
        """A piece of it; what the gateway says of a call that it stops is passed on as it is."""
        if self._stopping:
            self._client.stream(data)
        elif not self._stopped:
            try:
                passed = self._events.feed(data)
            except LiteMaaSError as error:
                self._stopped = self._stopping = True
                self._stop(error)
                self._stopping = False
                return
            if passed:
                self._client.stream(passed)

    def end_stream(self) -> None:
        """All of it was sent, and is recorded; where its last event did not come, something is held back still."""
        if not self._stopped:
            try:
                passed = self._events.end()
            except LiteMaaSError as error:
                passed = b"data: %b\n\n" % error_body(error)
            if passed:
                self._client.stream(passed)
        self._client.end_stream()

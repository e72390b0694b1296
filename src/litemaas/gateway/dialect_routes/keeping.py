"""A client whose response the upstream keeps: whose it is, is written down before the client hears of its end."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import asyncpg
import msgspec
from msgspec import Struct

from litemaas.domain.upstream_objects.service import UpstreamObjects
from litemaas.gateway.calls.attempt import Attempt
from litemaas.gateway.calls.kept_files import owner
from litemaas.gateway.dialects.sse import EventSplitter
from litemaas.gateway.slow_lane.inference_app import QueuedClient
from litemaas.providers.usage import Usage
from litemaas.storage.postgres import PASSING_ERRORS

_LIFETIME = timedelta(days=30)
"""How long OpenAI keeps a response."""
_PATIENCE_SECONDS = 2.0
"""How long an answer waits for the database; it then comes without being remembered."""
_OK_BELOW = 300
_LAST_EVENTS = (b'"response.completed"', b'"response.incomplete"', b'"response.failed"')
"""Within a text, quotes are escaped: these are the types of events."""

_log = logging.getLogger(__name__)


class _Made(Struct):
    id: str = ""


class _Event(Struct):
    response: _Made | None = None


_decode_made = msgspec.json.Decoder(_Made).decode
_decode_event = msgspec.json.Decoder(_Event).decode
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class KeepingClient(QueuedClient):
    """Tells what it is told, after it has written down whose it is.

    Args:
        objects: Where that is written.
    """

    def __init__(self, objects: UpstreamObjects) -> None:
        super().__init__()
        self._objects = objects
        self._splitter: EventSplitter | None = EventSplitter()
        self._response_id = ""
        self._held = b""
        self._writing: asyncio.Task[None] | None = None

    def respond(self, status: int, header_lines: bytes, body: bytes) -> None:
        """The whole answer at once."""
        tell = super().respond
        if status < _OK_BELOW:
            try:
                self._response_id = _decode_made(body).id
            except _UNREADABLE:
                self._response_id = ""  # no response: nothing is kept
        self._after_writing(lambda: tell(status, header_lines, body))

    def stream(self, data: bytes) -> None:
        """A piece of it; the last event waits, for what follows it may be a call that goes on from the response."""
        if self._splitter is not None:
            self._look_for_id(self._splitter, data)
        if self._held or any(last in data for last in _LAST_EVENTS):
            self._held += data
        else:
            super().stream(data)

    def end_stream(self) -> None:
        """All of it was sent."""
        tell, end, held = super().stream, super().end_stream, self._held

        def told() -> None:
            if held:
                tell(held)
            end()

        self._after_writing(told)

    def _look_for_id(self, splitter: EventSplitter, data: bytes) -> None:
        for event in splitter.feed(data):
            try:
                made = _decode_event(event).response
            except _UNREADABLE:
                continue
            if made is not None and made.id:
                self._response_id, self._splitter = made.id, None
                return

    def _after_writing(self, tell: Callable[[], None]) -> None:
        exchange = self.exchange
        if self._response_id and exchange is not None and exchange.attempt is not None:
            usage, attempt = exchange.figures()[0], exchange.attempt  # the exchange lets go of it right after this
            self._writing = asyncio.get_running_loop().create_task(self._write(attempt, usage, tell))
        else:
            tell()

    async def _write(self, attempt: Attempt, usage: Usage | None, tell: Callable[[], None]) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._remember(attempt, usage)
        except (asyncpg.PostgresError, *PASSING_ERRORS) as error:
            _log.warning("nobody can go on from a response, the database does not answer: %s", type(error).__name__)
        tell()

    async def _remember(self, attempt: Attempt, usage: Usage | None) -> None:
        target = attempt.wire.target
        await self._objects.remember(
            "response",
            self._response_id,
            owner=owner(attempt.course.admission.rights),
            deployment_id=target.deployment.id,
            model=target.model,
            tokens=usage.input + usage.output if usage is not None else 0,
            lifetime=_LIFETIME,
        )

"""Sends requests whose bodies are too large for memory, piece by piece as the upstream takes them.

Each has a connection of its own: beside a file of megabytes it costs nothing, and the pooled connections need not know
of bodies that are still being written.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from litemaas.providers.errors import AnswerBroken
from litemaas.providers.upstream.call import AnswerHead, UpstreamCall
from litemaas.providers.upstream.connection import UpstreamConnection
from litemaas.providers.upstream.pool import Origin, Upstreams
from litemaas.providers.upstream.reasons import why_unreached
from litemaas.providers.upstream.recurring_head import RecurringHead

_LOOK_SECONDS = 0.25

Pieces = AsyncGenerator[bytes, None]
_running: set[asyncio.Task[None]] = set()  # the event loop would forget them


def upload(upstreams: Upstreams, origin: Origin, call: UpstreamCall, pieces: Pieces) -> None:
    """Send `call` to `origin`: its `request` is the head alone, and `pieces` is the body.

    The call's methods tell how it goes. An answer that comes before the body is sent ends the sending.
    """
    call.connection = Upload(upstreams, origin, call, pieces)


class Upload:
    """One such request: the `Line` of its call until there is a connection, and then that connection's owner.

    Attributes:
        now: Coarse monotonic time.
    """

    def __init__(self, upstreams: Upstreams, origin: Origin, call: UpstreamCall, pieces: Pieces) -> None:
        self.now = time.monotonic()
        self.known: tuple[RecurringHead, AnswerHead] | None = None
        self._upstreams = upstreams
        self._origin = origin
        self._call = call
        self._pieces = pieces
        self._task = asyncio.get_running_loop().create_task(self._run())
        _running.add(self._task)
        self._task.add_done_callback(_running.discard)

    # --- what a call needs until it has a connection ---

    def drop(self, call: UpstreamCall) -> None:
        """End it: `call` wants nothing more."""
        call.connection = None
        self._task.cancel()

    def pause(self) -> None:
        """Nothing comes yet."""

    def resume(self) -> None:
        """Nothing was stopped."""

    # --- what a connection needs of its owner ---

    def write(self, transport: asyncio.Transport, request: bytes) -> None:
        """At once: the first piece follows."""
        transport.write(request)

    def returned(self, connection: UpstreamConnection) -> None:
        """The answer is whole."""
        self._task.cancel()
        connection.close()

    def lost(self, connection: UpstreamConnection, call: UpstreamCall | None) -> None:  # noqa: ARG002 - see `Owner`
        """The connection is gone."""
        self._task.cancel()

    # --- sending ---

    async def _run(self) -> None:
        async with aclosing(self._pieces):
            connection = await self._connect()
            if connection is None:
                return
            connection.send(self._call)
            try:
                await self._send_pieces(connection)
            except OSError:
                if connection.call is not None:
                    connection.drop(self._call)
                    self._call.answer_failed(AnswerBroken("The upload cannot be read any more."))
            never = asyncio.Event()
            while True:  # until the connection ends this task
                await self.look_until(never, connection)

    async def _connect(self) -> "_UploadConnection | None":
        call = self._call
        try:
            async with asyncio.timeout(call.timeouts.connect):
                connection = await self._upstreams.connect(self._origin, lambda: _UploadConnection(self))
        except (OSError, ValueError) as error:  # ValueError: a host name that cannot be one
            call.connection = None
            if not call.cancelled:
                call.answer_failed(why_unreached(error))
            return None
        return connection

    async def _send_pieces(self, connection: "_UploadConnection") -> None:
        async for piece in self._pieces:
            await connection.write(piece)

    async def look_until(self, event: asyncio.Event, connection: UpstreamConnection) -> None:
        """Wait a little for `event`, and end the call if its upstream is silent for too long."""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await event.wait()
        except TimeoutError:
            self.now = time.monotonic()
            connection.check_patience(self.now)


class _UploadConnection(UpstreamConnection):
    """Writes no faster than the upstream reads."""

    __slots__ = ("_upload", "_writable")

    def __init__(self, owner: Upload) -> None:
        super().__init__(owner)
        self._upload = owner
        self._writable = asyncio.Event()
        self._writable.set()

    async def write(self, piece: bytes) -> None:
        """Send a piece of the body; returns when there is room for the next, or nobody wants it any more."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(piece)
        while not self._writable.is_set() and self.call is not None:
            await self._upload.look_until(self._writable, self)
        self._upload.now = self.last_seen = time.monotonic()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

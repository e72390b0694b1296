"""Lets connections wait while the slow lane is being imported.

FastAPI and all that it serves are 30 MB and a second of imports. A replica that only serves models never needs them:
they are imported when the first connection asks for more, in a thread, while calls go on.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from litemaas.gateway.slow_lane.protocol import UvicornLane

_MAX_WAITING_BYTES = 1024 * 1024
_log = logging.getLogger(__name__)


class Anteroom:
    """Makes protocols of an application that is imported when the first one is needed.

    Args:
        load: Imports the application and returns its lane; runs in a thread, once.

    Attributes:
        is_broken: The application could not be imported when that was last tried.
    """

    def __init__(self, load: Callable[[], "UvicornLane"]) -> None:
        self._load = load
        self._lane: UvicornLane | None = None
        self._loading: asyncio.Task[None] | None = None
        self._waiting: set[_WaitingConnection] = set()
        self.is_broken = False

    def __call__(self) -> asyncio.Protocol:
        """A protocol for one connection: the application's, or one that waits for it."""
        if self._lane is not None:
            return self._lane()
        self.open()
        waiting = _WaitingConnection(self._waiting.discard)
        self._waiting.add(waiting)
        return waiting

    def open(self) -> None:
        """Begin to import the application, unless that has begun."""
        if self._loading is None:
            self._loading = asyncio.get_running_loop().create_task(self._open())

    async def drain(self) -> None:
        """Let the application's connections end what they do, and close them."""
        if self._lane is not None:
            self._lane.shut_down()
            await self._lane.drain()

    async def _open(self) -> None:
        try:
            self._lane = await asyncio.to_thread(self._load)
            self.is_broken = False
        except Exception:  # noqa: BLE001 - whoever waits must be sent away, and the next one tries again
            if not self.is_broken:
                _log.exception("the application cannot be imported")
            self.is_broken = True
            self._loading = None
        waiting, self._waiting = self._waiting, set()
        for connection in waiting:
            connection.enter(self._lane)


class _WaitingConnection(asyncio.Protocol):
    def __init__(self, left: Callable[["_WaitingConnection"], None]) -> None:
        self._left = left
        self._transport = cast("asyncio.Transport", None)
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._data += data
        if len(self._data) > _MAX_WAITING_BYTES:
            self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._left(self)

    def enter(self, lane: "UvicornLane | None") -> None:
        """Hand the connection and its bytes to the application; without one, close it."""
        if self._transport.is_closing():
            return
        if lane is None:
            self._transport.close()
            return
        protocol = lane()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        if len(self._data) > _MAX_WAITING_BYTES:
            self._transport.resume_reading()
        protocol.data_received(self._data)

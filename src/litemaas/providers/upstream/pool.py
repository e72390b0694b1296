"""Connections to all upstreams, kept and shared."""

import asyncio
import logging
import ssl
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from litemaas.providers.errors import AnswerTimedOut
from litemaas.providers.metadata_addresses import leads_to_metadata
from litemaas.providers.upstream.call import AnswerHead, UpstreamCall
from litemaas.providers.upstream.connection import UpstreamConnection
from litemaas.providers.upstream.outbox import Outbox
from litemaas.providers.upstream.reasons import ForbiddenAddressError, why_unreached
from litemaas.providers.upstream.recurring_head import RecurringHead

_SWEEP_SECONDS = 0.25
_KEPT_IDLE_SECONDS = 30.0

_Connection = TypeVar("_Connection", bound=UpstreamConnection)
_log = logging.getLogger(__name__)


class Origin(NamedTuple):
    """Where a server is: what connections can be shared by."""

    scheme: str
    host: str
    port: int


class OriginPool:
    """The connections to one origin: last in, first out, so that the surplus of a peak grows cold and is closed."""

    def __init__(self, origin: Origin, upstreams: "Upstreams") -> None:
        self.origin = origin
        self.now = upstreams.now
        self.write = upstreams.outbox.send
        self.known: tuple[RecurringHead, AnswerHead] | None = None
        self.connections: set[UpstreamConnection] = set()
        self.opened = 0
        self._idle: list[UpstreamConnection] = []
        self._waiting: deque[tuple[float, UpstreamCall]] = deque()  # with the time since when
        self._connecting = 0
        self._upstreams = upstreams
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, call: UpstreamCall) -> None:
        """Send `call` on a kept connection, a new one, or the first to come free."""
        if self._idle:
            self._idle.pop().send(call)
        elif len(self.connections) + self._connecting < self._upstreams.max_connections:
            self._connect(call)
        else:
            self._waiting.append((self.now, call))

    def returned(self, connection: UpstreamConnection) -> None:
        """Give the connection to who waits, or keep it."""
        call = self._next()
        if call is not None:
            connection.send(call)
            return
        connection.last_seen = self.now
        self._idle.append(connection)

    def lost(self, connection: UpstreamConnection, call: UpstreamCall | None) -> None:
        """Forget the connection; a call that it did not serve gets a new one, once."""
        self.connections.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        if call is not None:
            call.resent = True
            self._connect(call)
        elif not self._idle:
            self._connect_next()

    def sweep(self, now: float) -> None:
        """Move the clock on, end calls whose upstream is silent, close what was not needed for long."""
        self.now = now
        for connection in list(self.connections):
            connection.check_patience(now)
        if self._waiting:
            self._end_waiting(now)
        while self._idle and now - self._idle[0].last_seen > _KEPT_IDLE_SECONDS:
            self._idle.pop(0).close()

    def close(self) -> None:
        """Close everything."""
        for connection in list(self.connections):
            connection.close()
        for task in self._tasks:
            task.cancel()

    def _next(self) -> UpstreamCall | None:
        while self._waiting:
            _, call = self._waiting.popleft()
            if not call.cancelled:
                return call
        return None

    def _connect_next(self) -> None:
        call = self._next()
        if call is not None:
            self._connect(call)

    def _end_waiting(self, now: float) -> None:
        """End calls that no connection came free for in the time they have for a first byte."""
        waiting, self._waiting = self._waiting, deque()
        for since, call in waiting:
            if now - since <= call.timeouts.first_byte:
                self._waiting.append((since, call))
            elif not call.cancelled:
                call.answer_failed(AnswerTimedOut("The model's server had no connection free for this call in time."))

    def _connect(self, call: UpstreamCall) -> None:
        task = asyncio.get_running_loop().create_task(self._open(call))
        self._connecting += 1
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self, call: UpstreamCall) -> None:
        try:
            async with asyncio.timeout(call.timeouts.connect):
                connection = await self._upstreams.connect(self.origin, lambda: UpstreamConnection(self))
        except (OSError, ValueError) as error:  # ValueError: a host name that cannot be one
            self._connecting -= 1
            if not call.cancelled:
                call.answer_failed(why_unreached(error))
            self._connect_next()
            return
        self._connecting -= 1
        self.connections.add(connection)
        self.opened += 1
        if call.cancelled:
            self.returned(connection)
        else:
            connection.send(call)


class Upstreams:
    """All origins.

    Args:
        max_connections: To one origin; further calls wait.
        ca_bundle: PEM file of authorities to trust beside the system's; empty: none.

    Attributes:
        forbids: Tells of an IP address whether nothing may be sent there.
    """

    def __init__(self, max_connections: int = 2000, ca_bundle: str = "") -> None:
        self.forbids: Callable[[str], bool] = leads_to_metadata
        self.max_connections = max_connections
        self.now = time.monotonic()
        self.outbox = Outbox()
        self.tls = ssl.create_default_context()
        self.tls.set_alpn_protocols(["http/1.1"])
        if ca_bundle:
            self.tls.load_verify_locations(cafile=ca_bundle)
        self._pools: dict[Origin, OriginPool] = {}

    def submit(self, origin: Origin, call: UpstreamCall) -> None:
        """Send `call` to `origin`; its methods tell how it goes."""
        self.pool(origin).submit(call)

    def pool(self, origin: Origin) -> OriginPool:
        """The connections to `origin`."""
        pool = self._pools.get(origin)
        if pool is None:
            pool = self._pools[origin] = OriginPool(origin, self)
        return pool

    async def connect(self, origin: Origin, protocol: Callable[[], _Connection]) -> _Connection:
        """Open a connection to `origin`.

        Raises:
            OSError, ValueError: It cannot be reached, it is where nothing may be sent, or its host is no name.
        """
        tls = self.tls if origin.scheme == "https" else None
        _, connection = await asyncio.get_running_loop().create_connection(protocol, origin.host, origin.port, ssl=tls)
        if self.forbids(connection.address):  # whatever its name was found to be a moment ago
            connection.close()
            raise ForbiddenAddressError
        return connection

    async def sweep_forever(self) -> None:
        """Watch over time-outs and idle connections."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            self.sweep(time.monotonic())

    def sweep(self, now: float) -> None:
        """Move the clock on, and end what takes too long."""
        self.now = now
        for pool in list(self._pools.values()):
            try:
                pool.sweep(now)
            except Exception:  # noqa: BLE001 - one bad connection must not stop the watch over all
                _log.exception("sweep of upstream connections")

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

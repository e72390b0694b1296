"""What all calls of a process share."""

import asyncio
import time

from litemaas.domain.admission import AdmissionService
from litemaas.domain.keys.errors import MissingKeyError
from litemaas.domain.rate_limits.service import ShareService
from litemaas.domain.rights import Rights
from litemaas.domain.router import Router
from litemaas.domain.upstream_objects.service import UpstreamObjects
from litemaas.gateway.calls.counters import Counters
from litemaas.gateway.calls.delivery import AttemptTracing, Observer
from litemaas.gateway.calls.exchange import Exchange
from litemaas.gateway.calls.interceptors import Interceptor
from litemaas.gateway.errors import JournalFullError
from litemaas.gateway.http.body_room import BodyRoom
from litemaas.gateway.upstreams.wire import TargetWires
from litemaas.providers.upstream import Upstreams
from litemaas.settings import Settings
from litemaas.storage.journal import Journal

_DRAIN_POLL_SECONDS = 0.05


class Gateway:
    """The parts that a call needs, and the calls themselves.

    Attributes:
        room: Memory for the bodies of requests.
        calls: Those that are not ended.
        objects: Whose it is what upstreams keep, and where.
        interceptors: What may step into calls, the nearest to the client first.
        observers: Who is told of each call that was sent, when it has ended and is recorded.
        attempt_tracing: Tells upstreams whose child they are in a trace; None: they are not told.
    """

    def __init__(
        self,
        settings: Settings,
        admissions: AdmissionService,
        journal: Journal,
        upstreams: Upstreams,
        objects: UpstreamObjects,
        shares: ShareService | None = None,
    ) -> None:
        self.settings = settings
        self.room = BodyRoom(settings.requests.max_bodies_bytes)
        self.admissions = admissions
        self.journal = journal
        self.upstreams = upstreams
        self.objects = objects
        self.router = Router(settings.requests.queue_wait_seconds, shares=shares)
        self.wires = TargetWires(settings.upstream, upstreams)
        self.counters = Counters()
        self.calls: set[Exchange] = set()
        self.interceptors: tuple[Interceptor, ...] = ()
        self.observers: tuple[Observer, ...] = ()
        self.attempt_tracing: AttemptTracing | None = None

    def check_open(self) -> None:
        """Raise if no further call can be recorded.

        Raises:
            JournalFullError: The journal has grown to its bound because the database is away.
        """
        if self.journal.unsafe_bytes > self.settings.journal.journal_max_bytes:
            raise JournalFullError(
                "The database has been away for too long; calls cannot be recorded. Try again later."
            )

    def caller(self, digest: bytes | None, path: str) -> Rights:
        """The rights of whoever calls `path` with a key of this SHA-256; None: without one.

        Raises:
            MissingKeyError, AuthenticationError, RouteNotAllowedError: It may not be called with this key.
            StaleSnapshotError, JournalFullError: No call can be answered at the moment.
        """
        if digest is None:
            raise MissingKeyError("No key was sent. Send it as 'Authorization: Bearer sk-…'.")
        self.check_open()
        rights = self.admissions.rights(digest)
        rights.check_route(path)
        return rights

    async def drain(self, seconds: float) -> None:
        """Wait up to `seconds` for all calls to end, and take no more; what a call has cost by then is booked."""
        deadline = time.monotonic() + seconds
        while self.calls and time.monotonic() < deadline:  # noqa: ASYNC110 - an event would cost every call
            await asyncio.sleep(_DRAIN_POLL_SECONDS)
        for call in list(self.calls):
            call.cut_off()
        await self.wires.close()

"""An upstream of the test's own, and the client that calls it."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from litemaas.providers.errors import UpstreamError
from litemaas.providers.upstream import AnswerHead, Timeouts, UpstreamCall, Upstreams
from litemaas.providers.upstream.pool import Origin
from support.upstream import Upstream, running_upstream

TIMEOUTS = Timeouts(connect=5, first_byte=30, idle=20, total=60)


class Told(UpstreamCall):
    """A call that remembers what it was told."""

    def __init__(self, body: bytes = b"{}", timeouts: Timeouts = TIMEOUTS) -> None:
        head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body)
        super().__init__(head + body, timeouts)
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.received = bytearray()
        self.ends = 0
        self.error: UpstreamError | None = None
        self.ended = asyncio.Event()
        self.came = asyncio.Event()

    def answer_began(self, head: AnswerHead) -> None:
        assert not self.status, "an answer begins once"
        self.status = head.status
        self.headers = head.headers

    def answer_piece(self, data: bytes) -> None:
        assert not self.ends, "nothing comes after the end"
        self.received += data
        self.came.set()

    def answer_ended(self) -> None:
        self.ends += 1
        self.ended.set()

    def answer_failed(self, error: UpstreamError) -> None:
        self.error = error
        self.ends += 1
        self.ended.set()

    async def done(self) -> "Told":
        async with asyncio.timeout(20):
            await self.ended.wait()
        assert self.ends == 1
        return self


class Client:
    """`Upstreams` and the one origin that a test talks to."""

    def __init__(self, upstream: Upstream, upstreams: Upstreams) -> None:
        self.upstreams = upstreams
        host, _, port = upstream.address.rpartition(":")
        self.origin = Origin(upstream.scheme, host, int(port))

    def submit(self, call: Told | None = None) -> Told:
        call = call or Told()
        self.upstreams.submit(self.origin, call)
        return call

    async def call(self, call: Told | None = None) -> Told:
        return await self.submit(call).done()

    def pass_time(self, seconds: float) -> None:
        """Let the client believe that `seconds` have passed."""
        self.upstreams.sweep(self.upstreams.now + seconds)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running_upstream() as running:
        yield running


@pytest.fixture
async def client(upstream: Upstream) -> AsyncIterator[Client]:
    upstreams = Upstreams()
    upstreams.sweep(time.monotonic())
    yield Client(upstream, upstreams)
    upstreams.close()

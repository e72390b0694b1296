import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from litemaas.providers.errors import AnswerBroken, AnswerTimedOut, ConnectFailed
from litemaas.providers.upstream import Timeouts, Upstreams
from litemaas.providers.upstream.fetching import CollectedCall
from litemaas.providers.upstream.pool import Origin
from litemaas.providers.upstream.uploading import Pieces, upload
from support.upstream import Call, Upstream, http, running_upstream

PIECE = bytes(65536)
PATIENT = Timeouts(5.0, 5.0, 5.0, 30.0)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running_upstream() as running:
        yield running


def origin_of(address: str) -> Origin:
    host, _, port = address.partition(":")
    return Origin("http", host, int(port))


def begin(origin: Origin, pieces: Pieces, length: int, timeouts: Timeouts = PATIENT) -> CollectedCall:
    head = f"POST /v1/files HTTP/1.1\r\nHost: upstream\r\nContent-Length: {length}\r\n\r\n"
    call = CollectedCall(head.encode(), timeouts)
    upload(Upstreams(), origin, call, pieces)
    return call


async def of(count: int, taken: list[int] | None = None) -> Pieces:
    for number in range(count):
        if taken is not None:
            taken.append(number)
        yield PIECE


async def test_nothing_is_uploaded_to_an_address_that_is_forbidden(upstream: Upstream):
    upstreams = Upstreams()
    upstreams.forbids = lambda address: address == "127.0.0.1"
    call = CollectedCall(b"POST /v1/files HTTP/1.1\r\nHost: upstream\r\nContent-Length: 65536\r\n\r\n", PATIENT)
    upload(upstreams, origin_of(upstream.address), call, of(1))
    with pytest.raises(ConnectFailed) as refused:
        await call.answer
    assert refused.value.reason == "forbidden"
    assert not upstream.calls


async def test_a_body_arrives_whole_and_is_answered(upstream: Upstream):
    async def script(call: Call) -> None:
        await call.send(http(b"%d" % len(call.body)))

    upstream.script = script
    answer = await begin(origin_of(upstream.address), of(100), 100 * len(PIECE)).answer
    assert (answer.status, answer.body) == (200, b"%d" % (100 * len(PIECE)))
    await upstream.until(lambda: upstream.closed == 1)


@asynccontextmanager
async def serving(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[Origin]:
    """A server that answers its one connection by hand."""
    over = asyncio.Event()

    async def serve_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.transport.abort()
            over.set()

    server = await asyncio.start_server(serve_and_close, "127.0.0.1", 0, limit=1 << 16)
    async with server:
        yield Origin("http", *server.sockets[0].getsockname())
        await over.wait()


async def test_no_more_is_read_than_the_upstream_takes():
    taken: list[int] = []
    reading = asyncio.Event()

    async def serve(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await reading.wait()

    async with serving(serve) as origin:
        call = begin(origin, of(10_000, taken), 10_000 * len(PIECE))
        before = -1
        while len(taken) != before or not taken:  # until it stands still
            before = len(taken)
            await asyncio.sleep(0.3)
        assert len(taken) < 1000
        call.cancel()
        reading.set()


async def test_an_answer_before_the_end_of_the_body_ends_the_sending():
    taken: list[int] = []
    answered = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(http(b"too large", "413 Content Too Large"))
        await writer.drain()
        await answered.wait()

    async with serving(serve) as origin:
        answer = await begin(origin, of(10_000, taken), 10_000 * len(PIECE)).answer
        answered.set()
    assert (answer.status, answer.body) == (413, b"too large")
    assert len(taken) < 10_000


async def test_an_upstream_that_is_not_there_is_a_failed_connection():
    with pytest.raises(ConnectFailed):
        await begin(Origin("http", "127.0.0.1", 1), of(1), len(PIECE)).answer


async def test_an_upstream_that_neither_reads_nor_answers_is_given_up(upstream: Upstream):
    async def silent(_: Call) -> None:
        await asyncio.Event().wait()

    upstream.script = silent
    call = begin(origin_of(upstream.address), of(1), len(PIECE), Timeouts(5.0, 0.2, 0.2, 5.0))
    with pytest.raises(AnswerTimedOut):
        await call.answer


async def test_a_source_that_fails_ends_the_call(upstream: Upstream):
    async def broken() -> Pieces:
        yield PIECE
        raise OSError

    with pytest.raises(AnswerBroken):
        await begin(origin_of(upstream.address), broken(), 3 * len(PIECE)).answer
    await upstream.until(lambda: upstream.closed == 1)


async def test_a_call_that_is_cancelled_hangs_up(upstream: Upstream):
    started = asyncio.Event()

    async def slow() -> Pieces:
        yield PIECE
        started.set()
        await asyncio.Event().wait()

    call = begin(origin_of(upstream.address), slow(), 3 * len(PIECE))
    await started.wait()
    call.cancel()
    await upstream.until(lambda: upstream.closed == 1)
    assert not call.answer.done()

"""What was answered is booked, whatever happens to the process, its database or its disk."""

import asyncio
import json
import resource
from decimal import Decimal

import pytest

from support.cable import Cable
from support.gateway import Running, server_process
from support.upstream import hanging, http
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_survival")

COST = Decimal("0.000025")
READINESS = b"GET /health/readiness HTTP/1.1\r\nHost: a\r\n\r\n"


async def ask_often(gateway: Running, request: bytes, connections: int, times: int) -> list[int]:
    """The statuses of `times` requests on each of so many connections."""

    async def ask() -> list[int]:
        async with wire_to(gateway.address) as wire:
            return [(await wire.ask(request)).status for _ in range(times)]

    answered = await asyncio.gather(*(ask() for _ in range(connections)))
    return [status for statuses in answered for status in statuses]


async def test_kill_9_after_a_thousand_answers_loses_and_doubles_nothing(database_url, shared_upstream, tmp_path):
    async with server_process(database_url, tmp_path) as server:
        model = await server.rows.model(shared_upstream.url)
        free, bounded = await server.rows.key(), await server.rows.key(max_budget="5")
        statuses = await asyncio.gather(
            *(ask_often(server, post(hello(model), key), connections=10, times=50) for key in (free, bounded))
        )
        await server.kill()
    assert statuses == [[200] * 500] * 2
    async with server_process(database_url, tmp_path) as server:
        for key in (free, bounded):
            rows = await server.booked(key, 500)
            assert len({row["id"] for row in rows}) == 500
            assert await server.rows.spent(key) == 500 * COST
        await server.rows.until("SELECT sum(requests) FROM daily_spend", 1000)
        await server.rows.until("SELECT sum(leased) FROM balances", 0)
        await server.stop()
    assert not list((tmp_path / "journal").iterdir())


async def test_without_its_database_the_gateway_serves_and_loses_nothing(database_url, upstream, tmp_path):
    async with Cable(database_url).laid() as cable, server_process(database_url, tmp_path, cable.url) as server:
        model = await server.rows.model(upstream.url)
        key, bounded = await server.rows.key(), await server.rows.key(max_budget="5")
        assert await ask_often(server, post(hello(model), bounded), connections=1, times=1) == [200]
        load = asyncio.ensure_future(ask_often(server, post(hello(model), key), connections=4, times=100))
        await upstream.until(lambda: len(upstream.calls) > 50)
        cable.cut()
        assert await load == [200] * 400
        assert await ask_often(server, post(hello(model), bounded), connections=1, times=1) == [200]
        assert (await server.ask(post(hello(model), "sk-nobody-has-this-one"))).status == 401
        await degraded(server)
        cable.mend()
        rows = await server.booked(key, 400)
        assert sum(row["cost"] for row in rows) == await server.rows.spent(key) == 400 * COST
        await server.booked(bounded, 2)
        await server.stop()


async def degraded(server: Running) -> None:
    """Wait until the gateway has noticed that its database is away: it is ready all the same."""
    async with asyncio.timeout(20):
        while True:
            answer = await server.ask(READINESS)
            assert answer.status == 200
            if json.loads(answer.body)["degraded"] == ["database"]:
                return
            await asyncio.sleep(0.1)


async def test_a_full_disk_is_a_503_and_no_answer_goes_out_unrecorded(database_url, upstream, tmp_path):
    async with server_process(database_url, tmp_path) as server:
        model = await server.rows.model(upstream.url)
        key = await server.rows.key(max_budget="5")
        assert (await server.ask(post(hello(model), key))).status == 200
        await server.booked(key)
        unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        for body in (hello(model), hello(model, stream=False, n=2)):
            answer = await server.ask(post(body, key))
            assert (answer.status, answer.error["code"]) == (503, "journal_unavailable")
            assert b"Hello." not in answer.body
        async with wire_to(server.address) as wire:
            await wire.send(post(hello(model, stream=True), key))
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await wire.answer()  # what was passed on before cannot be taken back, but it has no end
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
        assert (await server.ask(post(hello(model), key))).status == 200
        await server.booked(key, 2)
        assert await server.rows.spent(key) == 2 * COST
        await server.stop()


async def test_sigterm_lets_calls_end_and_books_them(database_url, upstream, tmp_path):
    async def slow(call):
        await ending.wait()
        await call.send(http(b'{"usage": {"prompt_tokens": 11, "completion_tokens": 7}}'))

    ending = asyncio.Event()
    upstream.script = slow
    async with server_process(database_url, tmp_path) as server:
        model = await server.rows.model(upstream.url)
        key = await server.rows.key()
        async with wire_to(server.address) as wire, wire_to(server.address) as idle:
            await wire.send(post(hello(model), key))
            await upstream.until(lambda: len(upstream.calls) == 1)
            stopping = asyncio.ensure_future(server.stop())
            assert await idle.rest() == b""
            ending.set()
            answer = await wire.answer()
            assert (answer.status, answer.headers["connection"]) == (200, "close")
        await stopping
        assert len(await server.rows.booked(key)) == 1
        assert await server.rows.spent(key) == COST
    assert not list((tmp_path / "journal").iterdir())


async def test_sigterm_does_not_wait_for_ever(database_url, upstream, tmp_path):
    upstream.script = hanging()
    async with server_process(database_url, tmp_path, LITEMAAS_DRAIN_SECONDS="0.2") as server:
        model = await server.rows.model(upstream.url)
        key = await server.rows.key()
        async with wire_to(server.address) as wire:
            await wire.send(post(hello(model), key))
            await upstream.until(lambda: len(upstream.calls) == 1)
            await server.stop()

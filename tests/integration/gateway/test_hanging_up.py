"""Clients that leave, or stop reading: the upstream is stopped, and what it did is paid for."""

import asyncio
from decimal import Decimal

import pytest

from support.upstream import STREAM_HEAD, USAGE, Call, chunk, events, framed, hanging, http
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_hanging_up")

MODELS = b"GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n"
"""Whatever its answer is, the connection is the slow lane's afterwards."""

THREE = b"".join(b"data: %d\n\n" % number for number in range(3))


async def test_a_client_that_leaves_before_the_answer_pays_for_its_prompt(gateway, upstream, model, key):
    upstream.script = hanging()
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model, messages=[{"role": "user", "content": "x" * 400}]), key))
        await upstream.until(lambda: len(upstream.calls) == 1)
    async with asyncio.timeout(1):
        await upstream.until(lambda: upstream.aborted == 1)
    (row,) = await gateway.booked(key)
    assert (row["status"], row["error_code"], row["estimated"]) == (499, "client_left", True)
    assert row["output_tokens"] == 0
    assert row["input_tokens"] >= 100
    assert row["cost"] == row["input_tokens"] * Decimal("0.000001")


async def test_a_client_that_leaves_in_mid_stream_pays_for_what_was_produced(gateway, upstream, model, key):
    upstream.script = hanging(STREAM_HEAD, framed(THREE))
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model, stream=True), key))
        await wire.head()
        assert await wire.chunk() == THREE
    async with asyncio.timeout(1):
        await upstream.until(lambda: upstream.aborted == 1)
    (row,) = await gateway.booked(key)
    assert (row["status"], row["output_tokens"], row["estimated"], row["streamed"]) == (499, 3, True, True)


async def test_usage_told_before_the_client_left_is_believed(gateway, upstream, model, key):
    upstream.script = hanging(STREAM_HEAD, framed(events(chunk("Hello", usage=USAGE))[:-14]))
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model, stream=True), key))
        await wire.head()
        await wire.chunk()
    (row,) = await gateway.booked(key)
    assert (row["status"], row["input_tokens"], row["output_tokens"], row["estimated"]) == (499, 11, 7, False)


async def test_a_client_that_leaves_in_mid_answer_stops_the_upstream_too(gateway, upstream, model, key):
    upstream.script = hanging(http(b'{"choices": []}')[:-3])
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model), key))
        await upstream.until(lambda: len(upstream.calls) == 1)
    async with asyncio.timeout(1):
        await upstream.until(lambda: upstream.aborted == 1)
    (row,) = await gateway.booked(key)
    assert row["status"] == 499


async def test_a_client_of_the_slow_lane_that_leaves_stops_the_upstream(gateway, upstream, model, key):
    upstream.script = hanging(STREAM_HEAD, framed(THREE))
    async with wire_to(gateway.address) as wire:
        await wire.ask(MODELS)
        await wire.send(post(hello(model, stream=True), key))
        await wire.head()
        assert await wire.chunk() == THREE
    async with asyncio.timeout(1):
        await upstream.until(lambda: upstream.aborted == 1)
    (row,) = await gateway.booked(key)
    assert (row["status"], row["output_tokens"]) == (499, 3)


async def test_a_client_that_leaves_while_it_waits_for_money_costs_nothing(gateway, upstream, model):
    key = await gateway.rows.key(max_budget="0.0001")
    upstream.script = hanging()
    body = hello(model, max_tokens=30)
    async with wire_to(gateway.address) as first, wire_to(gateway.address) as second:
        await first.send(post(body, key))
        await upstream.until(lambda: len(upstream.calls) == 1)
        await second.send(post(body, key))
        await asyncio.sleep(0.05)  # it waits now; nothing outside shows it
        second.hang_up()
    (row,) = await gateway.booked(key)
    assert row["status"] == 499
    assert len(upstream.calls) == 1


async def test_a_place_among_parallel_requests_is_free_again_when_the_client_leaves(gateway, upstream, model):
    key = await gateway.rows.key(max_parallel_requests=1)
    for _ in range(3):
        upstream.forget()
        upstream.script = hanging()
        async with wire_to(gateway.address) as wire:
            await wire.send(post(hello(model), key))
            await upstream.until(lambda: len(upstream.calls) == 1)
            assert (await gateway.ask(post(hello(model), key))).status == 429
        await upstream.until(lambda: upstream.aborted == 1)


# --- clients that do not read ---

BLOCK = b"data: " + b"x" * 65_000 + b"\n\n"
MANY = 2_000


class Flood:
    """A stream of 130 MB; knows how much of it was taken."""

    def __init__(self) -> None:
        self.sent = 0

    async def __call__(self, call: Call) -> None:
        await call.send(STREAM_HEAD)
        for _ in range(MANY):
            await call.send(framed(BLOCK))
            self.sent += 1
        await call.send(framed(b""))

    async def stopped(self) -> int:
        """Wait until no more is taken."""
        seen = -1
        while seen != self.sent:
            seen = self.sent
            await asyncio.sleep(0.2)
        return seen


@pytest.mark.parametrize("first", [b"", MODELS], ids=["fast", "slow"])
async def test_a_client_that_does_not_read_stops_its_upstream_until_it_does(gateway, upstream, model, key, first):
    upstream.script = flood = Flood()
    async with wire_to(gateway.address, limit=1024) as wire:
        if first:
            await wire.ask(first)
        await wire.send(post(hello(model, stream=True), key))
        await wire.head()
        assert await flood.stopped() < MANY / 4
        received = 0
        while piece := await wire.chunk():
            received += len(piece)
    assert received == len(BLOCK) * MANY
    (row,) = await gateway.booked(key)
    assert (row["status"], row["output_tokens"]) == (200, MANY)


async def test_requests_of_a_client_that_does_not_read_its_answers_are_not_taken(gateway, upstream, model, key):
    answer = http(b"x" * 100_000)

    async def large(call: Call) -> None:
        await call.send(answer)

    upstream.script = large
    async with wire_to(gateway.address, limit=1024) as wire:
        wire.writer.write(post(hello(model), key) * 400)
        taken = -1
        while taken != len(upstream.calls):
            taken = len(upstream.calls)
            await asyncio.sleep(0.2)
        assert taken < 200
        for _ in range(400):
            assert len((await wire.answer()).body) == 100_000

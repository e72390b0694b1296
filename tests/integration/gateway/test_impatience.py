"""Clients that keep us waiting. The edge's clock is the test's to move."""

import asyncio
from collections.abc import Callable

import pytest

from support.gateway import InProcess
from support.upstream import hanging
from support.wire import PATIENCE, hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_impatience")


async def arrive(gateway: InProcess, wire, data: bytes) -> None:
    """Send a part of the one request that there is, and wait until the edge has read it."""
    await wire.send(data)
    await until(
        lambda: any((one._buffer + b"".join(one._pieces)).endswith(data[-1:]) for one in gateway.lane.connections)
    )


async def until(what: Callable[[], bool]) -> None:
    """Wait for what the edge tells nobody."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if what():
                return
            await asyncio.sleep(0)


async def test_a_client_that_sends_nothing_is_closed(gateway):
    async with wire_to(gateway.address) as wire:
        await until(lambda: len(gateway.lane.connections) == 1)
        gateway.pass_time(89)
        assert gateway.lane.connections
        gateway.pass_time(2)
        assert await wire.rest() == b""


async def test_a_kept_connection_that_asks_nothing_more_is_closed(gateway, model, key):
    async with wire_to(gateway.address) as wire:
        await wire.ask(post(hello(model), key))
        gateway.pass_time(91)
        assert await wire.rest() == b""


async def test_headers_that_trickle_in_are_not_waited_for_for_ever(gateway):
    """Slowloris: a byte now and then, so that the connection never looks idle."""
    async with wire_to(gateway.address) as wire:
        await wire.send(b"POST /v1/chat/completions HTTP/1.1")
        for number in range(7):
            await arrive(gateway, wire, b"\r\nX: %d" % number)
            gateway.pass_time(10)
        assert await wire.rest() == b""


async def test_a_body_that_stops_is_not_waited_for_for_ever(gateway, key):
    async with wire_to(gateway.address) as wire:
        await arrive(gateway, wire, post(b"{", key, "Content-Length: 10"))
        gateway.pass_time(61)
        assert await wire.rest() == b""


async def test_a_body_that_comes_slowly_is_waited_for(gateway, model, key):
    request = post(hello(model), key)
    async with wire_to(gateway.address) as wire:
        await arrive(gateway, wire, request[:-3])
        for part in (request[-3:-2], request[-2:-1]):
            gateway.pass_time(50)
            await arrive(gateway, wire, part)
        gateway.pass_time(50)
        assert (await wire.ask(request[-1:])).status == 200


async def test_a_call_in_flight_is_nobody_s_idleness(gateway, upstream, model, key):
    upstream.script = hanging()
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model), key))
        await upstream.until(lambda: len(upstream.calls) == 1)
        gateway.pass_time(200)
        assert gateway.lane.connections

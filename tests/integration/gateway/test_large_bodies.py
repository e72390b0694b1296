"""Large bodies share a room: who may call cannot fill the memory either."""

from collections.abc import AsyncIterator

import pytest

from litemaas.gateway.http.body_room import BodyRoom
from support.gateway import InProcess, gateway_in_process
from support.postgres import PostgresServer
from support.replicas import until
from support.wire import Wire, hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_large_bodies")

ANNOUNCED = "Content-Length: 150000"
CHUNKED = "Transfer-Encoding: chunked"
CHUNK = b"%x\r\n%b\r\n" % (150_000, b" " * 150_000)


@pytest.fixture(scope="module")
async def gateway(postgres_server: PostgresServer) -> AsyncIterator[InProcess]:
    async with (
        postgres_server.database() as url,
        gateway_in_process(url, LITEMAAS_MAX_BODIES_BYTES="200000") as running,
    ):
        yield running


async def begin(wire: Wire, key: str, length: str) -> None:
    """Send as much of a large body as takes the room."""
    await wire.send(post(CHUNK if length == CHUNKED else b" " * 70_000, key, length))


async def taken(room: BodyRoom, size: int) -> None:
    """Wait until so much of the room is taken."""

    async def is_so() -> bool:
        return room.taken == size

    await until(is_so)


@pytest.mark.parametrize("length", [ANNOUNCED, CHUNKED])
@pytest.mark.parametrize("held_by", [ANNOUNCED, CHUNKED])
async def test_a_large_body_beyond_the_room_is_told_to_come_again(gateway, key, model, held_by, length):
    room = gateway.lane.gateway.room
    async with wire_to(gateway.address) as first:
        await begin(first, key, held_by)
        await taken(room, 150_000)
        async with wire_to(gateway.address) as second:
            await begin(second, key, length)
            refused = await second.answer()
        async with wire_to(gateway.address) as small:
            assert (await small.ask(post(hello(model), key))).status == 200
    assert refused.status == 503
    assert refused.error["code"] == "too_busy"
    await taken(room, 0)  # the first has left


async def test_an_answered_call_leaves_its_room_to_the_next(gateway, key, model):
    large = hello(model) | {"user": "x" * 150_000}
    async with wire_to(gateway.address) as wire:
        for _ in range(3):
            assert (await wire.ask(post(large, key))).status == 200
            assert gateway.lane.gateway.room.taken == 0

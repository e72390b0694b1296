"""Connections that are not the fast lane's: how strict they are, and how patient. On sockets, with uvicorn behind."""

import asyncio
import logging
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from litemaas.gateway.slow_lane.protocol import UvicornLane
from support.wire import wire_to

pytestmark = pytest.mark.xdist_group("gateway_slow_lane")

SHORT, LONG = 0.05, 60.0
GET = b"GET /told HTTP/1.1\r\nHost: a\r\n\r\n"
BAD_HEADS = {
    "no host": b"GET /told HTTP/1.1\r\nX: y\r\n\r\n",
    "two hosts": b"GET /told HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    "chunks in 1.0": b"POST /told HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST /told HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": GET[:-2] + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bare line feed": b"GET /told HTTP/1.1\nHost: a\n\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 3,
    "no URL": b"GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
}


async def tell(request: Request) -> PlainTextResponse:
    try:
        return PlainTextResponse(f"{len(await request.body())}")
    except ClientDisconnect:
        return PlainTextResponse("nobody reads this")


async def think(_request: Request) -> PlainTextResponse:
    await asyncio.sleep(SHORT * 6)  # longer than this lane waits for its clients
    return PlainTextResponse("done")


async def headers(request: Request) -> PlainTextResponse:
    with suppress(ClientDisconnect):
        await request.body()
    return PlainTextResponse(",".join(request.headers.keys()))


APP = Starlette(
    routes=[
        Route("/told", tell, methods=["GET", "POST"]),
        Route("/thought", think, methods=["GET", "POST"]),
        Route("/headers", headers, methods=["POST"]),
    ]
)


@asynccontextmanager
async def lane(read_seconds=LONG, idle_seconds=LONG):
    """The address of a server whose connections are all the slow lane's."""
    uvicorn_lane = UvicornLane(APP, read_seconds, idle_seconds)
    server = await asyncio.get_running_loop().create_server(uvicorn_lane, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()
        uvicorn_lane.shut_down()
        await uvicorn_lane.drain()


@pytest.mark.parametrize("head", BAD_HEADS.values(), ids=BAD_HEADS)
async def test_a_bad_request_is_refused_in_our_words_without_a_line_in_the_log(head, caplog):
    caplog.set_level(logging.INFO)
    async with lane() as address, wire_to(address) as wire:
        answer = await wire.ask(head)
        assert await wire.rest() == b""
    assert answer.status == 400
    assert answer.error["type"] == "invalid_request_error"
    assert answer.headers["connection"] == "close"
    assert not caplog.records


@pytest.mark.parametrize("head", BAD_HEADS.values(), ids=BAD_HEADS)
async def test_a_bad_request_behind_a_good_one_leaves_the_good_one_its_answer(head):
    async with lane() as address, wire_to(address) as wire:
        answer = await wire.ask(GET + head)
        assert (answer.status, answer.body) == (200, b"0")
        assert await wire.rest() == b""


async def test_the_running_gateway_asks_for_one_host_wherever_a_request_goes(gateway):
    for path in ("/v1/models", "/v1/chat/completions"):
        for hosts in ("", "Host: a\r\nHost: b\r\n"):
            answer = await gateway.ask(f"POST {path} HTTP/1.1\r\n{hosts}Content-Length: 2\r\n\r\n{{}}".encode())
            assert answer.status == 400
            assert "exactly one Host" in answer.error["message"]


async def test_chunks_that_break_off_in_nonsense_end_the_request():
    async with lane() as address, wire_to(address) as wire:
        answer = await wire.ask(b"POST /told HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n")
        assert answer.status == 400
        assert await wire.rest() == b""


async def test_a_head_without_end_is_refused():
    async with lane() as address, wire_to(address) as wire:
        await wire.send(GET[:-2])
        for _ in range(12):
            await wire.send(b"X: y\r\n" * 1000)
            await asyncio.sleep(0)
        answer = await wire.answer()
    assert answer.status == 400
    assert "64 KiB" in answer.error["message"]


async def test_an_upgrade_is_ignored_without_a_line_in_the_log(caplog):
    async with lane() as address, wire_to(address) as wire:
        answer = await wire.ask(GET[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    assert answer.status == 200
    assert not caplog.records


async def test_a_client_that_sends_nothing_is_closed():
    async with lane(idle_seconds=SHORT) as address, wire_to(address) as wire:
        assert await wire.rest() == b""


@pytest.mark.parametrize("begun", [b"GET /to", GET[:-2]])
async def test_a_head_that_stops_is_not_waited_for_for_ever(begun):
    async with lane(read_seconds=SHORT, idle_seconds=SHORT) as address, wire_to(address) as wire:
        await wire.send(begun)
        assert await wire.rest() == b""


async def test_a_head_that_trickles_in_is_not_waited_for_for_ever():
    async with lane(read_seconds=SHORT, idle_seconds=SHORT) as address, wire_to(address) as wire:
        await wire.send(GET[:-2])
        closing = asyncio.ensure_future(wire.rest())
        while not closing.done():
            wire.writer.write(b"X: y\r\n")
            await asyncio.sleep(SHORT / 10)
        assert await closing == b""


async def test_line_feeds_between_requests_do_not_keep_a_connection():
    async with lane(idle_seconds=SHORT) as address, wire_to(address) as wire:
        assert (await wire.ask(GET)).status == 200
        closing = asyncio.ensure_future(wire.rest())
        while not closing.done():
            wire.writer.write(b"\r\n")
            await asyncio.sleep(SHORT / 10)
        assert await closing == b""


async def test_a_body_that_stops_is_not_waited_for_for_ever():
    async with lane(read_seconds=SHORT) as address, wire_to(address) as wire:
        await wire.send(b"POST /told HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        assert await wire.rest() == b""


async def test_an_answer_that_takes_long_is_nobody_s_idleness():
    async with lane(read_seconds=SHORT, idle_seconds=SHORT) as address, wire_to(address) as wire:
        answer = await wire.ask(GET.replace(b"told", b"thought"))
        assert answer.body == b"done"


async def test_a_client_that_waits_for_leave_to_send_its_body_is_waited_for():
    head = b"POST /thought HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    async with lane(read_seconds=SHORT, idle_seconds=SHORT) as address, wire_to(address) as wire:
        assert (await wire.ask(head)).body == b"done"


CHUNKED = b"POST /headers HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


async def test_what_is_said_behind_a_body_is_no_header():
    async with lane() as address, wire_to(address) as wire:
        answer = await wire.ask(CHUNKED + b"1;ext=1\r\na\r\n0\r\nAuthorization: Bearer sk-of-another\r\n\r\n")
    assert (answer.status, answer.body) == (200, b"host,transfer-encoding")


@pytest.mark.parametrize("beginning", [b"0\r\nX: ", b"0\r\n", b"1;ext="], ids=["a trailer", "trailers", "an extension"])
async def test_what_has_no_end_behind_a_body_is_cut_off(beginning):
    again = b"X: y\r\n" * 1000 if beginning == b"0\r\n" else b"y" * 6000
    async with lane() as address, wire_to(address) as wire:
        await wire.send(CHUNKED + beginning)
        for _ in range(100):
            await wire.send(again)
        answer = await wire.answer()
    assert answer.status == 400
    assert "64 KiB" in answer.error["message"]

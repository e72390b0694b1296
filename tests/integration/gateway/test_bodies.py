"""How a request's body may come, and what is said to one that is none."""

import asyncio

import pytest

from support.wire import CHAT, hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_bodies")


async def test_a_request_may_come_byte_by_byte(gateway, model, key):
    async with wire_to(gateway.address) as wire:
        for byte in post(hello(model), key):
            wire.writer.write(bytes([byte]))
            await asyncio.sleep(0)
        assert (await wire.answer()).status == 200


async def test_a_client_that_waits_for_leave_to_send_its_body_gets_it(gateway, model, key):
    request = post(hello(model), key, "Expect: 100-continue")
    end = request.index(b"\r\n\r\n") + 4
    async with wire_to(gateway.address) as wire:
        await wire.send(request[:end])
        assert await wire.head() == (100, {})
        assert (await wire.ask(request[end:])).status == 200


async def test_a_client_that_did_not_wait_gets_no_leave(gateway, model, key):
    async with wire_to(gateway.address) as wire:
        assert (await wire.ask(post(hello(model), key, "Expect: 100-continue"))).status == 200


async def test_leave_is_not_given_for_a_body_that_is_too_large(gateway, key):
    async with wire_to(gateway.address) as wire:
        answer = await wire.ask(post(b"", key, "Expect: 100-continue", "Content-Length: 41943040"))
        assert answer.status == 413


def in_chunks(body: bytes, size: int) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, b""])


async def test_a_body_may_come_in_chunks(gateway, model, key):
    body = post(hello(model), key).partition(b"\r\n\r\n")[2]
    async with wire_to(gateway.address) as wire:
        for _ in range(2):
            assert (await wire.ask(post(in_chunks(body, 7), key, "Transfer-Encoding: chunked"))).status == 200


async def test_a_client_that_leaves_in_the_middle_of_its_chunks_costs_nothing(gateway, model, key, caplog):
    async with wire_to(gateway.address) as wire:
        await wire.send(post(b"5\r\nabcde\r\n", key, "Transfer-Encoding: chunked"))
    assert (await gateway.ask(post(hello(model), key))).status == 200
    await gateway.booked(key, 1)
    assert not caplog.text


async def test_a_body_of_40_mb_gets_an_answer_that_its_client_sees(gateway, key):
    """A usual client sends all it has before it reads; closing at once would reset its connection."""
    async with wire_to(gateway.address) as wire:
        await wire.send(post(b" " * 40_000_000, key))
        answer = await wire.answer()
        assert await wire.rest() == b""
    assert answer.status == 413
    assert answer.error["code"] == "request_too_large"
    assert answer.headers["connection"] == "close"


async def test_a_chunked_body_of_40_mb_gets_the_same_answer(gateway, key):
    body = in_chunks(b" " * 40_000_000, 1_000_000)
    async with wire_to(gateway.address) as wire:
        await wire.send(post(body, key, "Transfer-Encoding: chunked"))
        assert (await wire.answer()).status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"model": "m", "messages": [{"role"',
        b'{"model": "m", "user": "\xff\xfe"}',
        b'{"model": "m", "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b"model=m",
    ],
)
async def test_a_body_that_is_no_json_is_a_400_that_says_so_and_the_connection_lives(gateway, model, key, body):
    async with wire_to(gateway.address) as wire:
        answer = await wire.ask(post(body, key))
        assert answer.status == 400
        assert answer.error["type"] == "invalid_request_error"
        assert "body" in answer.error["message"].lower()
        assert (await wire.ask(post(hello(model), key))).status == 200


async def test_headers_without_end_are_refused(gateway, key):
    async with wire_to(gateway.address) as wire:
        await wire.send(f"POST {CHAT} HTTP/1.1\r\nHost: a\r\n".encode() + b"X: y\r\n" * 12_000)
        answer = await wire.answer()
    assert answer.status == 400
    assert "64 KiB" in answer.error["message"]

"""Several requests on one connection, one after the other and all at once."""

import asyncio

import pytest

from support.gateway import server_process
from support.upstream import hanging
from support.wire import CHAT, hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_keep_alive")

MODELS = b"GET /v1/models HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer %b\r\n\r\n"


async def test_a_connection_serves_one_request_after_the_other(gateway, model, key):
    async with wire_to(gateway.address) as wire:
        for _ in range(3):
            assert (await wire.ask(post(hello(model), key))).status == 200
    rows = await gateway.booked(key, 3)
    assert [row["status"] for row in rows] == [200, 200, 200]


async def test_pipelined_requests_are_answered_in_their_order(gateway, upstream, model, key):
    async def echo(call):
        text = call.json["messages"][0]["content"]
        await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(text), text.encode()))

    upstream.script = echo
    texts = [f"number {number}" for number in range(20)]
    requests = [post(hello(model, messages=[{"role": "user", "content": text}]), key) for text in texts]
    async with wire_to(gateway.address) as wire:
        await wire.send(b"".join(requests))
        answers = [await wire.answer() for _ in texts]
    assert [answer.body.decode() for answer in answers] == texts


async def test_pipelined_requests_go_upstream_one_at_a_time(gateway, upstream, model, key):
    upstream.script = hanging()
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model), key) * 3)
        await upstream.until(lambda: len(upstream.calls) == 1)
        await asyncio.sleep(0.05)  # nothing to wait for: that nothing happens is what is tested
        assert len(upstream.calls) == 1


async def test_a_refused_request_does_not_disturb_the_ones_behind_it(gateway, model, key):
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model), "sk-unknown-1234567") + post(b"{", key) + post(hello(model), key))
        assert [(await wire.answer()).status for _ in range(3)] == [401, 400, 200]


async def test_a_connection_goes_over_to_the_slow_lane_and_keeps_the_order(gateway, model, key):
    """Hot, then management, then hot again, all sent at once."""
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model), key) + MODELS % key.encode() + post(hello(model), key))
        first, second, third = [await wire.answer() for _ in range(3)]
    assert (first.status, second.status, third.status) == (200, 200, 200)
    assert b'"Hello."' in first.body
    assert model.encode() in second.body
    assert b'"Hello."' in third.body
    await gateway.booked(key, 2)


async def test_a_chat_works_on_a_connection_that_asked_for_the_models_first(gateway, upstream, model, key):
    async with wire_to(gateway.address) as wire:
        assert model.encode() in (await wire.ask(MODELS % key.encode())).body
        assert (await wire.ask(post(hello(model), key))).status == 200
        streamed = await wire.ask(post(hello(model, stream=True), key))
        assert streamed.body.endswith(b"data: [DONE]\n\n")
        assert b'"usage"' not in streamed.body
    rows = await gateway.booked(key, 2)
    assert [row["output_tokens"] for row in rows] == [7, 7]


@pytest.mark.parametrize("version", ["1.1", "1.0"])
async def test_a_connection_is_closed_after_the_answer_when_the_client_says_so(gateway, model, key, version):
    async with wire_to(gateway.address) as wire:
        answer = await wire.ask(post(hello(model), key, "Connection: close", version=version))
        assert answer.status == 200
        assert answer.headers["connection"] == "close"
        assert await wire.rest() == b""


async def test_http_1_0_closes_without_being_told(gateway, model, key):
    async with wire_to(gateway.address) as wire:
        assert (await wire.ask(post(hello(model), key, version="1.0"))).status == 200
        assert await wire.rest() == b""


async def test_http_1_0_gets_a_stream_that_ends_with_its_connection(gateway, model, key):
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model, stream=True), key, "Connection: keep-alive", version="1.0"))
        status, headers = await wire.head()
        body = await wire.rest()
    assert status == 200
    assert "transfer-encoding" not in headers
    assert body.startswith(b"data: {")
    assert body.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize("path", [CHAT, "/chat/completions", "/v1/completions", "/completions"])
async def test_each_route_is_there_with_and_without_v1(gateway, model, key, path):
    assert (await gateway.ask(post(hello(model, prompt="Hello"), key, path=path))).status == 200


@pytest.mark.parametrize("path", ["/v1/embeddings", "/embeddings"])
async def test_embeddings_are_there_with_and_without_v1(gateway, model, key, path):
    answer = await gateway.ask(post({"model": model, "input": "Hello"}, key, path=path))
    assert answer.status == 200
    (row,) = await gateway.booked(key)
    assert (row["endpoint"], row["input_tokens"], row["output_tokens"]) == ("/embeddings", 11, 7)


async def test_what_is_pipelined_is_answered_in_order_however_much_it_is(database_url, tmp_path):
    """In a process with uvloop, which reads on before it does what was to be done soon: what was held back is older."""
    count, refused = 10_000, post({}, "sk-of-nobody")
    async with server_process(database_url, tmp_path) as server, wire_to(server.address) as wire:
        sending = asyncio.create_task(wire.send(refused * count))
        for _ in range(count):
            assert (await wire.answer()).status == 401
        await sending

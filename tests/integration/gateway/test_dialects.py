"""Messages and responses at the edge: what is refused, in which form, and clients that leave."""

import asyncio
import json

import pytest

from support.upstream import STREAM_HEAD, chunk, events, framed, hanging
from support.wire import post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_dialects")

MESSAGES = ("/v1/messages", "/messages")
ALL = (*MESSAGES, "/v1/messages/count_tokens", "/v1/responses", "/responses")
TWO = events(chunk("one"), chunk("two")).removesuffix(b"data: [DONE]\n\n")


def hello(model: str, **more: object) -> dict:
    """A body that messages and responses both understand."""
    said = [{"role": "user", "content": "Hello"}]
    return {"model": model, "max_tokens": 20, "messages": said, "input": "Hello"} | more


def error_of(answer, path: str) -> dict:
    told = json.loads(answer.body)
    if "messages" in path:
        assert told["type"] == "error"
    return told["error"]


@pytest.mark.parametrize("path", ALL)
async def test_each_route_answers(gateway, model, key, path):
    answer = await gateway.ask(post(hello(model), key, path=path))
    assert (answer.status, json.loads(answer.body).get("error")) == (200, None)


@pytest.mark.parametrize("path", ALL)
async def test_a_call_without_a_key_is_refused_whatever_it_says(gateway, upstream, model, path):
    for body in (hello(model), b"{", b"", hello("no-such-model")):
        answer = await gateway.ask(post(body, path=path))
        assert (answer.status, error_of(answer, path)["code"]) == (401, "invalid_api_key")
    assert upstream.calls == []


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"model": 7}', b"{}", b'"\xff"', b"[" * 100_000])
async def test_a_malformed_body_is_a_bad_request(gateway, upstream, key, path, body):
    answer = await gateway.ask(post(body, key, path=path))
    assert answer.status == 400
    assert error_of(answer, path)["message"]
    assert upstream.calls == []


@pytest.mark.parametrize("path", ALL)
async def test_a_key_that_is_bound_to_other_routes_is_refused(gateway, model, path):
    key = await gateway.rows.key(allowed_routes=["/v1/chat"])
    answer = await gateway.ask(post(hello(model), key, path=path))
    assert (answer.status, error_of(answer, path)["code"]) == (403, "route_not_allowed")


@pytest.mark.parametrize("path", ["/v1/messages", "/v1/responses"])
async def test_a_client_that_leaves_in_mid_stream_pays_for_what_was_produced(gateway, upstream, model, key, path):
    upstream.script = hanging(STREAM_HEAD, framed(TWO))
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model, stream=True), key, path=path))
        await wire.head()
        assert b"_start" in (first := await wire.chunk()) or b"response.created" in first
        while b"two" not in await wire.chunk():
            pass
    async with asyncio.timeout(1):
        await upstream.until(lambda: upstream.aborted == 1)
    (row,) = await gateway.booked(key)
    assert (row["status"], row["output_tokens"], row["estimated"]) == (499, 2, True)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("name", ["resp_1", "a%00b", "%F0%9F%98%80", "x" * 3000])
async def test_a_response_that_nobody_made_is_not_found(gateway, upstream, key, method, name):
    head = f"{method} /v1/responses/{name}?include[]=x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n\r\n"
    assert (await gateway.ask(head.encode())).status == 404
    nobody = f"{method} /v1/responses/{name} HTTP/1.1\r\nHost: a\r\n\r\n"
    assert (await gateway.ask(nobody.encode())).status == 401
    assert upstream.calls == []

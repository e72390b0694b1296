"""What of a request is kept before its sender is known: not its body."""

import json

import pytest

from support.wire import post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_strangers")

SLOW = ["/v1/messages", "/v1/messages/count_tokens", "/v1/responses", "/v1/files", "/v1/batches"]
LENGTHS = ["Content-Length: 30000000", "Transfer-Encoding: chunked"]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("path", SLOW)
async def test_a_stranger_is_refused_before_the_body_has_come(gateway, path, length):
    async with wire_to(gateway.address) as wire:
        answer = await wire.ask(post(b"", "sk-of-nobody", length, path=path))
    assert answer.status == 401
    assert json.loads(answer.body)["error"]["type"] == "authentication_error"


async def test_a_stranger_who_announces_a_long_chat_is_refused_before_it_has_come(gateway):
    async with wire_to(gateway.address) as wire:
        answer = await wire.ask(post(b"", "sk-of-nobody", "Content-Length: 30000000", "Expect: 100-continue"))
    assert answer.status == 401
    assert answer.headers["connection"] == "close"


async def test_a_stranger_who_sends_a_chat_in_chunks_is_refused_before_they_have_come(gateway):
    async with wire_to(gateway.address) as wire:
        assert (await wire.ask(post(b"", None, "Transfer-Encoding: chunked"))).status == 401


async def test_a_key_that_may_not_call_a_route_is_refused_before_the_body_has_come(gateway):
    key = await gateway.rows.key(allowed_routes=["/v1/embeddings"])
    async with wire_to(gateway.address) as wire:
        assert (await wire.ask(post(b"", key, "Transfer-Encoding: chunked"))).status == 403

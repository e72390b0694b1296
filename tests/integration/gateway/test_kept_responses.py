"""Responses that an upstream keeps, while the database that tells whose they are is away."""

import json

import pytest

from support.cable import Cable
from support.gateway import server_process
from support.responses_upstream import ResponsesUpstream
from support.wire import post

pytestmark = pytest.mark.xdist_group("gateway_kept_responses")


def make(model: str, key: str, **more: object) -> bytes:
    return post({"model": model, "input": "Hello", "max_output_tokens": 9} | more, key, path="/v1/responses")


def read(response_id: str, key: str) -> bytes:
    return f"GET /v1/responses/{response_id} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n\r\n".encode()


async def test_without_the_database_responses_are_made_and_nobody_s_is_shown(database_url, upstream, tmp_path):
    upstream.script = ResponsesUpstream()
    async with Cable(database_url).laid() as cable, server_process(database_url, tmp_path, cable.url) as server:
        model = await server.rows.model(upstream.url, provider="hosted_vllm")
        key = await server.rows.key()
        kept = json.loads((await server.ask(make(model, key))).body)["id"]
        assert (await server.ask(read(kept, key))).status == 200
        cable.cut()
        for stream in (False, True):
            assert (await server.ask(make(model, key, stream=stream))).status == 200
        assert (await server.ask(make(model, key, previous_response_id=kept))).status == 503
        assert (await server.ask(read(kept, key))).status == 503
        cable.mend()
        await server.booked(key, 3)
        assert (await server.ask(read(kept, key))).status == 200
        await server.stop()

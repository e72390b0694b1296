"""A message that was translated comes from the cache as a message, streamed or whole."""

import json

import pytest

from support.gateway import server_process
from support.wire import hello, post

pytestmark = pytest.mark.xdist_group("replicas")


@pytest.mark.parametrize("stream", [False, True])
async def test_a_cached_answer_is_told_in_the_dialect_of_who_asks(database_url, valkey, upstream, tmp_path, stream):
    async with server_process(database_url, tmp_path, REDIS_URL=valkey.url) as server:
        model = await server.rows.model(upstream.url)
        await server.rows.connection.execute("UPDATE model_groups SET cache_ttl = 60 WHERE name = $1", model)
        request = post(hello(model, stream=stream), await server.rows.key(), path="/v1/messages")
        for _ in range(100):  # the cache is filled in the background
            answer = await server.ask(request)
            if answer.headers["x-litemaas-cache"] == "hit":
                break
        assert answer.headers["x-litemaas-cache"] == "hit"
        if stream:
            pieces = [json.loads(line[6:]) for line in answer.body.decode().split("\n") if line.startswith("data: ")]
            assert pieces[-1] == {"type": "message_stop"}
            assert "".join(piece["delta"].get("text", "") for piece in pieces if "delta" in piece) == "Hello."
        else:
            assert json.loads(answer.body)["content"] == [{"type": "text", "text": "Hello."}]
        await server.stop()

"""Guardrails on a server as it runs in production: told by NOTIFY, and beside the response cache."""

import asyncio
import json

import pytest

from support.gateway import ServerProcess, server_process
from support.guarding import SECRET, add_guardrail, content
from support.upstream import chat
from support.wire import PATIENCE, Answer, hello, post

pytestmark = pytest.mark.xdist_group("replicas")


@pytest.fixture(scope="module")
async def server(shared_database_url, shared_valkey, tmp_path_factory):
    folder, redis = tmp_path_factory.mktemp("data"), {"REDIS_URL": shared_valkey.url}
    async with server_process(shared_database_url, folder, role="gateway", **redis) as server:
        yield server


async def until_hit(server: ServerProcess, body: bytes, key: str) -> Answer:
    """The first answer from the cache: it is filled in the background."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await server.ask(post(body, key))
            if answer.headers["x-litemaas-cache"] == "hit":
                return answer


def said(answer: Answer) -> str:
    if answer.headers["content-type"].startswith("text/event-stream"):
        return content(answer.body)
    return json.loads(answer.body)["choices"][0]["message"]["content"]


async def test_a_guardrail_is_in_force_without_a_restart_and_ends_without_one(server, upstream):
    model = await server.rows.model(upstream.url)
    body = hello(model, messages=[{"role": "user", "content": SECRET}])
    assert (await server.ask(post(body, await server.rows.key()))).status == 200
    name = await add_guardrail(server.rows, model, action="block")
    assert (await server.ask(post(body, await server.rows.key()))).status == 400
    await server.rows.connection.execute("DELETE FROM guardrails WHERE name = $1", name)
    assert (await server.ask(post(body, await server.rows.key()))).status == 200


@pytest.mark.parametrize("streamed", [False, True])
async def test_what_one_client_s_guardrails_mask_another_gets_from_the_cache(server, upstream, streamed):
    upstream.script = chat(f"Take {SECRET}.")
    model = await server.rows.model(upstream.url)
    await server.rows.connection.execute(
        "UPDATE model_groups SET cache_ttl = 60, cache_shared = true WHERE name = $1", model
    )
    body, guarded = hello(model, stream=streamed), await server.rows.key()
    bound = [{"holder": "key", "id": str(await server.rows.id_of(guarded))}]
    await add_guardrail(server.rows, model, sides=["output"], bindings=bound)
    free = await server.rows.key()
    masked, whole = "Take [github_token].", f"Take {SECRET}."
    first = await server.ask(post(body, guarded))
    assert (first.headers["x-litemaas-cache"], said(first)) == ("miss", masked)
    assert said(await until_hit(server, body, guarded)) == masked
    assert said(await until_hit(server, body, free)) == whole


@pytest.mark.parametrize("streamed", [False, True])
async def test_an_answer_from_the_cache_is_read_too(server, upstream, streamed):
    upstream.script = chat(f"Take {SECRET}.")
    model = await server.rows.model(upstream.url)
    await server.rows.connection.execute(
        "UPDATE model_groups SET cache_ttl = 60, cache_shared = true WHERE name = $1", model
    )
    body = hello(model, stream=streamed)
    assert SECRET in said(await until_hit(server, body, await server.rows.key()))
    await add_guardrail(server.rows, model, sides=["output"])
    answer = await server.ask(post(body, await server.rows.key()))
    assert answer.headers["x-litemaas-cache"] == "hit"
    assert said(answer) == "Take [github_token]."
    await add_guardrail(server.rows, model, sides=["output"], action="block")
    answer = await server.ask(post(body, key := await server.rows.key()))
    assert (b"guardrail_blocked" in answer.body, SECRET.encode() in answer.body) == (True, False)
    assert all(row["cost"] == 0 for row in await server.rows.booked(key))

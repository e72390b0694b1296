"""Batches that nobody asks for after they have begun: booked all the same, once, whichever replica sees them."""

import json
from decimal import Decimal

import pytest

from support.batch_upstream import BatchUpstream
from support.gateway import Running
from support.instance import instance
from support.replicas import until
from support.wire import post

pytestmark = pytest.mark.xdist_group("replicas")

BOUNDARY = "of-the-form"


async def begin_batch(server: Running, model: str, key: str) -> str:
    """Upload a file of one call, and have it run; returns the batch's id."""
    body = {"model": model, "messages": [{"role": "user", "content": "Hello"}]}
    line = json.dumps({"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": body})
    part = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    form = f'{part}"purpose"\r\n\r\nbatch\r\n{part}"file"; filename="calls.jsonl"\r\n\r\n{line}\r\n--{BOUNDARY}--\r\n'
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
    file = await server.ask(post(form.encode(), key, kind, path="/v1/files"))
    fields = {"input_file_id": json.loads(file.body)["id"], "endpoint": "/v1/chat/completions"}
    made = await server.ask(post(fields | {"completion_window": "24h"}, key, path="/v1/batches"))
    return json.loads(made.body)["id"]


def get(path: str, key: str) -> bytes:
    return f"GET /v1/{path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n\r\n".encode()


async def test_a_batch_that_nobody_asks_for_is_booked_once(database_url, upstream, tmp_path):
    keeper = BatchUpstream()
    upstream.script = keeper.script
    async with instance(database_url, tmp_path, LITEMAAS_BATCH_CHECK_SECONDS="1") as replicas:
        model, key = await replicas.rows.model(upstream.url), await replicas.rows.key()
        batch_id = await begin_batch(replicas, model, key)
        await replicas.rows.connection.execute("DELETE FROM duties")  # it is due at once
        await upstream.until(lambda: any(call.path == f"/v1/batches/{batch_id}" for call in upstream.calls))
        assert await replicas.rows.booked(key) == []
        keeper.batches[batch_id]["status"] = "finishing"
        (row,) = await replicas.booked(key)
        assert (row["endpoint"], row["input_tokens"], row["output_tokens"]) == ("/batches", 10, 5)
        assert (row["model"], row["cost"]) == (model, Decimal("0.00002"))
        settled = "SELECT count(*) FROM upstream_objects WHERE settled_at IS NOT NULL"
        await replicas.rows.until(settled, 1)
        told = json.loads((await replicas.ask(get(f"batches/{batch_id}", key))).body)
        results = await replicas.ask(get(f"files/{told['output_file_id']}/content", key))
        assert json.loads(results.body)["custom_id"] == "1"
        asked = len(upstream.calls)
        assert [one.status for one in [await replicas.ask(get("batches", key)) for _ in range(3)]] == [200] * 3
        assert len(upstream.calls) == asked + 3  # a batch that is settled is asked for by its owner alone
        assert len(await replicas.booked(key)) == 1


async def test_a_batch_is_booked_on_a_key_that_is_gone(database_url, upstream, tmp_path):
    keeper = BatchUpstream()
    upstream.script = keeper.script
    async with instance(database_url, tmp_path, replicas=1, LITEMAAS_BATCH_CHECK_SECONDS="1") as replicas:
        model, key = await replicas.rows.model(upstream.url), await replicas.rows.key()
        key_id = await replicas.rows.id_of(key)
        batch_id = await begin_batch(replicas, model, key)
        await replicas.rows.connection.execute("UPDATE keys SET blocked = true WHERE id = $1", key_id)
        keeper.batches[batch_id]["status"] = "finishing"
        await replicas.booked(key)

        async def charged() -> bool:
            return await replicas.rows.spent(key) == Decimal("0.00002")

        await until(charged)

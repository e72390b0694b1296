"""Replicas come and go under load, and nobody notices."""

import asyncio

import pytest

from support.instance import Instance, instance
from support.upstream import STREAM_HEAD, chunk, events, framed
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("replicas")

CHUNKS = 30


async def slow_stream(call) -> None:
    """A stream that takes longer than it takes to replace a replica's place in the balancer."""
    *pieces, usage, done = events(
        *(chunk("a") for _ in range(CHUNKS)), chunk(usage={"prompt_tokens": 1, "completion_tokens": CHUNKS})
    ).split(b"\n\n")[:-1]
    await call.send(STREAM_HEAD)
    for piece in (*pieces, usage, done):
        await call.send(framed(piece + b"\n\n"))
        await asyncio.sleep(0.1)
    await call.send(framed(b""))


async def keep_asking(replicas: Instance, request: bytes, enough: asyncio.Event) -> list[int]:
    statuses = []
    while not enough.is_set():
        statuses.append((await replicas.ask(request)).status)
    return statuses


async def keep_streaming(replicas: Instance, request: bytes, enough: asyncio.Event) -> int:
    """How many streams came whole; all must."""
    whole = 0
    while not enough.is_set():
        async with wire_to(replicas.address) as wire:
            answer = await wire.ask(request)
        assert answer.status == 200
        assert answer.body.count(b'"content": "a"') == CHUNKS
        assert answer.body.endswith(b"data: [DONE]\n\n")
        whole += 1
    return whole


@pytest.mark.timeout(240)
async def test_a_rolling_restart_fails_no_call_cuts_no_stream_and_loses_no_record(database_url, upstream, tmp_path):
    answer = upstream.script

    async def script(call):
        await (slow_stream if call.json.get("stream") else answer)(call)

    upstream.script = script
    async with instance(database_url, tmp_path) as replicas:
        model = await replicas.rows.model(upstream.url)
        key, streaming = await replicas.rows.key(rpm_limit=100_000), await replicas.rows.key(max_budget="5")
        enough = asyncio.Event()
        asking = [asyncio.ensure_future(keep_asking(replicas, post(hello(model), key), enough)) for _ in range(4)]
        request = post(hello(model, stream=True), streaming)
        flowing = [asyncio.ensure_future(keep_streaming(replicas, request, enough)) for _ in range(12)]
        await upstream.until(lambda: len(upstream.calls) > 50)
        for old in list(replicas.replicas):
            await replicas.add()
            await replicas.take_out(old)
            await old.stop()
        enough.set()
        statuses = [status for one in await asyncio.gather(*asking) for status in one]
        streams = sum(await asyncio.gather(*flowing))
        assert set(statuses) == {200}
        assert len(await replicas.booked(key, len(statuses))) == len(statuses)
        rows = await replicas.booked(streaming, streams)
        assert {row["output_tokens"] for row in rows} == {CHUNKS}

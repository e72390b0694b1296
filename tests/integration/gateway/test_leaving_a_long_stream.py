"""A client that leaves a stream after ten of a hundred chunks, while the model goes on producing."""

import asyncio
import json

import pytest

from support.upstream import STREAM_HEAD, Call, chunk, framed
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_leaving")

CHUNKS, READ = 100, 10


@pytest.mark.parametrize("framing", [(), ("Transfer-Encoding: chunked",)], ids=["fast lane", "slow lane"])
async def test_the_upstream_is_stopped_within_a_second_and_what_it_produced_is_paid_for(
    gateway, upstream, model, key, framing
):
    sent = 0

    async def script(call: Call) -> None:
        nonlocal sent
        await call.send(STREAM_HEAD)
        while sent < CHUNKS:
            await call.send(framed(b"data: %b\n\n" % json.dumps(chunk("word ")).encode()))
            sent += 1
            await asyncio.sleep(0.02)  # as a model takes its time

    upstream.script = script
    request = post(hello(model, stream=True), key, *framing)
    if framing:
        head, body = request.split(b"\r\n\r\n", 1)
        request = head + b"\r\n\r\n" + framed(body) + framed(b"")
    async with wire_to(gateway.address) as wire:
        await wire.send(request)
        assert (await wire.head())[0] == 200
        read = b""
        while read.count(b"data: ") < READ:
            read += await wire.chunk()
        wire.hang_up()
    async with asyncio.timeout(1):
        await upstream.until(lambda: upstream.aborted == 1)
    (row,) = await gateway.booked(key)
    assert (row["status"], row["error_code"], row["estimated"], row["streamed"]) == (499, "client_left", True, True)
    assert READ <= row["output_tokens"] <= sent < CHUNKS

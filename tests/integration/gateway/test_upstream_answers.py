"""Whatever form an upstream's answer has, the client gets it and the ledger gets its usage."""

import json
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.gateway import gateway_in_process
from support.upstream import (
    STREAM_HEAD,
    USAGE,
    chat,
    chunk,
    completion,
    events,
    framed,
    hanging,
    http,
    raw,
    stream,
)
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_upstream_answers")

TOLD = (11, 7, False)


def usage_of(row) -> tuple[int, int, bool]:
    return row["input_tokens"], row["output_tokens"], row["estimated"]


WITHOUT_USAGE = events(chunk("Hel"), chunk("lo"))
WITH_NULLS = events(chunk("Hel", usage=None), chunk("lo", usage=None), chunk(usage=USAGE))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (stream(events(chunk("Hel"), chunk("lo"), chunk(usage=USAGE))), TOLD),
        (stream(WITH_NULLS), TOLD),
        (stream(events(chunk("Hel"), chunk("lo", usage=USAGE))), TOLD),
        (stream(events(chunk("Hel"), chunk("lo"), chunk(usage=USAGE), end=b"\r\n\r\n")), TOLD),
        (stream(*(bytes([byte]) for byte in WITH_NULLS)), TOLD),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + WITH_NULLS, close=True), TOLD),
        (raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + WITH_NULLS, close=True), TOLD),
        (raw(b"HTTP/1.1 103 Early Hints\r\n\r\n" + STREAM_HEAD + framed(WITH_NULLS) + framed(b"")), TOLD),
        (stream(WITHOUT_USAGE), (8, 3, True)),
        (stream(b": still thinking\n\n", WITHOUT_USAGE), (8, 3, True)),
    ],
    ids=["usual", "nulls", "with choices", "CRLF", "bytes", "no length", "HTTP/1.0", "1xx", "no usage", "comments"],
)
async def test_a_stream_arrives_and_its_usage_is_booked(gateway, upstream, model, key, script, told):
    upstream.script = script
    answer = await gateway.ask(post(hello(model, stream=True), key))
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/event-stream"
    told_events = [line for line in answer.body.split(b"\n") if line.startswith(b"data: {")]
    contents = [choice["delta"]["content"] for one in told_events for choice in json.loads(one[6:])["choices"]]
    assert "".join(contents) == "Hello"
    assert b"data: [DONE]" in answer.body
    assert not any(json.loads(one[6:]) == chunk(usage=USAGE) for one in told_events)
    (row,) = await gateway.booked(key)
    assert usage_of(row) == told


@given(cuts=st.lists(st.integers(1, len(WITH_NULLS) - 1), max_size=10, unique=True))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
async def test_a_stream_arrives_the_same_wherever_it_is_cut(gateway, upstream, model, key, cuts):
    borders = [0, *sorted(cuts), len(WITH_NULLS)]
    upstream.script = stream(*(WITH_NULLS[start:end] for start, end in pairwise(borders)))
    answer = await gateway.ask(post(hello(model, stream=True), key))
    assert answer.body == events(chunk("Hel", usage=None), chunk("lo", usage=None))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (chat(), TOLD),
        (raw(http(completion("x" * 41, usage=None))), (8, 11, True)),
        (raw(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + completion(), close=True), TOLD),
        (raw(b"HTTP/1.1 102 Processing\r\n\r\n", b"HTTP/1.1 102 Processing\r\n\r\n", http(completion())), TOLD),
        (raw(*(bytes([byte]) for byte in http(completion()))), TOLD),
        (raw(http(completion(usage={"prompt_tokens": -5}))), (8, 2, True)),
    ],
    ids=["usual", "no usage", "HTTP/1.0", "1xx", "bytes", "negative"],
)
async def test_an_answer_arrives_and_its_usage_is_booked(gateway, upstream, model, key, script, told):
    upstream.script = script
    answer = await gateway.ask(post(hello(model), key))
    assert answer.status == 200
    assert json.loads(answer.body)["object"] == "chat.completion"
    (row,) = await gateway.booked(key)
    assert usage_of(row) == told


async def test_an_upstream_that_streams_although_nobody_asked_is_passed_on_whole(gateway, upstream, model, key):
    upstream.script = stream(WITH_NULLS)
    answer = await gateway.ask(post(hello(model), key))
    assert (answer.status, answer.body) == (200, WITH_NULLS)


async def test_an_upstream_that_does_not_stream_although_asked_is_passed_on_whole(gateway, upstream, model, key):
    upstream.script = raw(http(completion()))
    answer = await gateway.ask(post(hello(model, stream=True), key))
    assert (answer.headers["content-type"], answer.body) == ("application/json", completion())
    (row,) = await gateway.booked(key)
    assert usage_of(row) == TOLD


async def test_a_stray_second_answer_reaches_nobody(gateway, upstream, model, key):
    async with wire_to(gateway.address) as wire:
        upstream.script = raw(http(completion("mine")) + http(completion("nobody's")))
        assert b"mine" in (await wire.ask(post(hello(model), key))).body
        upstream.script = chat("next")
        for _ in range(3):
            assert b"next" in (await wire.ask(post(hello(model), key))).body


async def test_usage_above_its_hold_is_charged_in_full_and_counted(gateway, upstream, model):
    key = await gateway.rows.key(max_budget="1")
    upstream.script = chat(usage={"prompt_tokens": 11, "completion_tokens": 5000})
    before = gateway.lane.gateway.counters.above_hold
    assert (await gateway.ask(post(hello(model, max_tokens=5), key))).status == 200
    (row,) = await gateway.booked(key)
    assert row["output_tokens"] == 5000
    assert gateway.lane.gateway.counters.above_hold == before + 1


async def test_an_upstream_gets_nothing_of_the_client_s_own_headers(gateway, upstream, model, key):
    lines = ("Cookie: session=1", "X-Forwarded-For: 10.0.0.1", "OpenAI-Organization: org", "Accept-Encoding: gzip")
    await gateway.ask(post(hello(model), key, *lines))
    sent = upstream.calls[0].headers
    assert set(sent) == {"host", "content-type", "accept", "accept-encoding", "content-length"}
    assert sent["accept-encoding"] == "identity"
    assert key not in upstream.calls[0].head.decode()


@pytest.fixture
async def small_answers(database_url):
    async with gateway_in_process(database_url, LITEMAAS_MAX_ANSWER_BYTES="4096") as running:
        yield running


async def test_an_answer_that_is_too_large_is_a_502_and_stops_the_upstream(small_answers, upstream):
    model = await small_answers.rows.model(upstream.url)
    key = await small_answers.rows.key(model)
    upstream.script = hanging(http(b"x" * 5000)[:-1])
    answer = await small_answers.ask(post(hello(model), key))
    assert (answer.status, answer.error["code"]) == (502, "upstream_failed")
    await upstream.until(lambda: upstream.aborted == 1)
    (row,) = await small_answers.booked(key)
    assert (row["status"], row["cost"]) == (502, 0)

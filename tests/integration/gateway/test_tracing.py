"""Traces, as a collector receives them from a running gateway."""

import socket

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from support.gateway import server_process
from support.otlp import running_collector, traced_server, values
from support.upstream import chat, http, raw
from support.wire import hello, post

pytestmark = pytest.mark.xdist_group("gateway_tracing")

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CANARY = "a-word-that-must-not-leave"


@pytest.fixture(scope="module")
async def traced(postgres_server, tmp_path_factory):
    """A gateway process, and the collector that it tells of its calls."""
    folder = tmp_path_factory.mktemp("journal")
    async with traced_server(postgres_server, folder, OTEL_RESOURCE_ATTRIBUTES="service.namespace=models") as both:
        yield both


@pytest.fixture
async def ask(traced, upstream):
    """Asks once, and gives the span that comes of it."""
    server, collector = traced
    model, key = await server.rows.model(upstream.url), await server.rows.key()

    async def asking(*lines: str, **more: object) -> Span:
        count = len(collector.spans)
        await server.ask(post(hello(model, **more), key, *lines))
        return (await collector.until(count + 1))[-1]

    asking.model, asking.key = model, key
    return asking


async def test_a_call_is_a_span_with_the_attributes_of_the_conventions(ask, traced, upstream):
    span = await ask()
    (row,) = await traced[0].booked(ask.key)
    told = values(span)
    assert (span.name, span.kind) == (f"chat {ask.model}", Span.SPAN_KIND_CLIENT)
    assert span.start_time_unix_nano == pytest.approx(row["started_at"].timestamp() * 1e9, abs=2e6)
    assert span.end_time_unix_nano - span.start_time_unix_nano == row["duration_ms"] * 1_000_000
    assert not span.parent_span_id
    host, port = upstream.address.split(":")
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": ask.model,
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": 7,
        "http.response.status_code": 200,
        "server.address": host,
        "server.port": int(port),
        "litemaas.upstream_model": "upstream-name",
        "litemaas.key_id": str(row["key_id"]),
        "litemaas.cost_dollars": float(row["cost"]),
        "litemaas.attempts": 1,
    }
    assert told.items() >= expected.items()
    assert not {"error.type", "gen_ai.request.stream", "litemaas.team_id"} & told.keys()


async def test_the_process_says_what_it_is(ask, traced):
    await ask()
    collector = traced[1]
    assert collector.paths == {"/v1/traces"}
    assert collector.resource["service.name"] == "litemaas"
    assert collector.resource["service.namespace"] == "models"
    assert collector.resource["telemetry.sdk.language"] == "python"


async def test_a_stream_tells_how_long_its_first_piece_took(ask):
    told = values(await ask(stream=True))
    assert told["gen_ai.request.stream"] is True
    assert told["gen_ai.response.time_to_first_chunk"] >= 0


async def test_the_client_s_span_is_the_parent(ask):
    span = await ask(f"traceparent: 00-{TRACE}-{PARENT}-01", "tracestate: vendor=1")
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
    assert span.trace_state == "vendor=1"


async def test_a_trace_that_its_client_does_not_sample_gets_no_span(ask, traced):
    server, collector = traced
    before = len(collector.spans)
    await server.ask(post(hello(ask.model), ask.key, f"traceparent: 00-{TRACE}-{PARENT}-00"))
    span = await ask()
    assert collector.spans[before:] == [span]


@pytest.mark.parametrize("traceparent", ["00-0-0-01", f"00-{'0' * 32}-{PARENT}-01", "nonsense", "\xff"])
async def test_a_parent_that_cannot_be_read_is_none(ask, traceparent):
    span = await ask(f"traceparent: {traceparent}")
    assert not span.parent_span_id


async def test_a_call_that_failed_says_why(ask, upstream):
    upstream.script = raw(http(b"{}", "500 Internal Server Error"))
    span = await ask()
    told = values(span)
    assert span.status.code == Status.STATUS_CODE_ERROR
    assert told["http.response.status_code"] == 502
    assert told["error.type"] == span.status.message


async def test_no_prompt_answer_or_key_is_sent_to_the_collector(ask, traced, upstream):
    upstream.script = chat(content=f"{CANARY}-answer")
    await ask(messages=[{"role": "user", "content": CANARY}], user=f"{CANARY}-user")
    received = traced[1].received
    assert CANARY.encode() not in received
    assert ask.key.encode() not in received


async def test_spans_that_wait_when_the_process_ends_are_sent(database_url, upstream, tmp_path):
    async with (
        running_collector() as collector,
        server_process(
            database_url, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="60000"
        ) as server,
    ):
        model, key = await server.rows.model(upstream.url), await server.rows.key()
        assert (await server.ask(post(hello(model), key))).status == 200
        await server.stop()
        assert len(collector.spans) == 1


async def test_without_its_collector_the_gateway_serves_and_ends_as_ever(database_url, upstream, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    async with server_process(
        database_url, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=nobody, OTEL_BSP_SCHEDULE_DELAY="20"
    ) as server:
        model, key = await server.rows.model(upstream.url), await server.rows.key()
        for _ in range(3):
            assert (await server.ask(post(hello(model), key))).status == 200
        await server.stop()

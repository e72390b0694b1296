"""Traces that model servers join: each attempt is a span, and its server is told that it is the parent."""

import json

import pytest

from support.otlp import traced_server, values
from support.upstream import http, raw, running_upstream
from support.wire import hello, post

pytestmark = pytest.mark.xdist_group("gateway_tracing_upstream")

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
BOUNDARY = "of-the-form"


@pytest.fixture(scope="module")
async def traced(postgres_server, tmp_path_factory):
    """A gateway process that tells the model servers of 127.0.0.1, and the collector."""
    folder, told = tmp_path_factory.mktemp("journal"), "models.example.com, 127.0.0.1"
    async with traced_server(postgres_server, folder, LITEMAAS_TRACE_UPSTREAMS=told) as both:
        yield both


def parent_of(call) -> tuple[str, str, str]:
    """Trace, parent span and flags, as a model server was told."""
    version, trace, span, flags = call.headers["traceparent"].split("-")
    assert version == "00"
    return trace, span, flags


async def spans_of(traced, count: int, *lines: str, model: str, key: str, **more: object) -> list:
    server, collector = traced
    before = len(collector.spans)
    assert (await server.ask(post(hello(model, **more), key, *lines))).status == 200
    return (await collector.until(before + count))[before:]


@pytest.mark.parametrize("stream", [False, True])
async def test_the_attempt_is_the_model_server_s_parent(traced, upstream, stream):
    model, key = await traced[0].rows.model(upstream.url), await traced[0].rows.key()
    told = f"traceparent: 00-{TRACE}-{PARENT}-01", "tracestate: vendor=1"
    spans = await spans_of(traced, 2, *told, model=model, key=key, stream=stream)
    call = next(span for span in spans if span.name == f"chat {model}")
    attempt = next(span for span in spans if span.name == "attempt")
    assert {span.trace_id.hex() for span in spans} == {TRACE}
    assert (call.parent_span_id.hex(), attempt.parent_span_id) == (PARENT, call.span_id)
    assert parent_of(upstream.calls[0]) == (TRACE, attempt.span_id.hex(), "01")
    assert upstream.calls[0].headers["tracestate"] == "vendor=1"
    assert values(attempt)["http.response.status_code"] == 200
    assert values(call)["gen_ai.usage.output_tokens"] == 7
    assert call.start_time_unix_nano <= attempt.start_time_unix_nano <= attempt.end_time_unix_nano


async def test_each_attempt_is_a_span_of_its_own(traced, upstream):
    upstream.script = raw(http(b"{}", "503 Service Unavailable"))
    async with running_upstream() as other:
        model = await traced[0].rows.model(upstream.url)
        await traced[0].rows.second_deployment(model, other.url)
        key = await traced[0].rows.key()
        before = len(traced[1].spans)
        while not upstream.calls:  # either may be the first, and the other is not asked then
            assert (await traced[0].ask(post(hello(model), key))).status == 200
            await traced[1].until(before + 2)
            before = before if upstream.calls else len(traced[1].spans)
        failed, answered = sorted(
            (span for span in (await traced[1].until(before + 3))[before:] if span.name == "attempt"),
            key=lambda span: values(span)["litemaas.attempt"],
        )
        assert parent_of(upstream.calls[0])[1] == failed.span_id.hex()
        assert parent_of(other.calls[-1])[1] == answered.span_id.hex()
        assert failed.parent_span_id == answered.parent_span_id
        assert (values(failed)["error.type"], values(failed)["http.response.status_code"]) == ("503", 503)
        assert "error.type" not in values(answered)


async def test_a_trace_that_its_client_does_not_sample_is_told_so(traced, upstream):
    server, collector = traced
    model, key = await server.rows.model(upstream.url), await server.rows.key()
    before = len(collector.spans)
    await server.ask(post(hello(model), key, f"traceparent: 00-{TRACE}-{PARENT}-00"))
    assert parent_of(upstream.calls[0])[0::2] == (TRACE, "00")
    spans = await spans_of(traced, 2, model=model, key=key)
    assert collector.spans[before:] == spans


async def test_a_model_server_that_the_setting_does_not_name_is_told_nothing(traced, upstream):
    elsewhere = upstream.url.replace("127.0.0.1", "localhost")
    model, key = await traced[0].rows.model(elsewhere), await traced[0].rows.key()
    spans = await spans_of(traced, 2, f"traceparent: 00-{TRACE}-{PARENT}-01", model=model, key=key)
    assert {span.trace_id.hex() for span in spans} == {TRACE}
    assert not {"traceparent", "tracestate"} & upstream.calls[0].headers.keys()


async def test_a_form_s_attempt_is_told_too(traced, upstream):
    upstream.script = raw(http(json.dumps({"data": [{"b64_json": "aGk="}]}).encode()))
    model, key = await traced[0].rows.model(upstream.url), await traced[0].rows.key()
    part = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    form = f'{part}"model"\r\n\r\n{model}\r\n{part}"image"; filename="a.png"\r\n\r\nx\r\n--{BOUNDARY}--\r\n'
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
    request = post(form.encode(), key, kind, f"traceparent: 00-{TRACE}-{PARENT}-01", path="/v1/images/variations")
    assert (await traced[0].ask(request)).status == 200
    assert parent_of(upstream.calls[0])[0] == TRACE

"""Providers that speak nothing of ours, over real HTTP and through the library's real code."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import openai
import pytest

from support.anthropic_upstream import begun, messages, refusal
from support.foreign_upstreams import cohere, gemini
from support.gateway import MASTER_KEY, InProcess
from support.upstream import STREAM_HEAD, Script, Upstream, framed, hanging, http, raw
from support.wire import post, wire_to

pytestmark = [
    pytest.mark.xdist_group("contract_foreign"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:google"),
]

HELLO = [{"role": "user", "content": "Hello"}]
PROVIDERS = {"anthropic": messages, "gemini": gemini, "cohere": cohere}


@asynccontextmanager
async def sdk_of(gateway: InProcess, key: str) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{gateway.url}/v1", api_key=key, max_retries=0) as sdk:
        yield sdk


async def model_and_key(gateway: InProcess, upstream: Upstream, provider: str, script: Script) -> tuple[str, str]:
    upstream.script = script
    # These providers' own libraries put their version into the path.
    address = upstream.url.removesuffix("/v1")
    model = await gateway.rows.model(address, provider=provider, credential="sk-provider")
    return model, await gateway.rows.key()


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_chat_is_answered_and_booked(gateway, upstream, provider):
    model, key = await model_and_key(gateway, upstream, provider, PROVIDERS[provider]())
    async with sdk_of(gateway, key) as sdk:
        answer = await sdk.chat.completions.create(model=model, messages=HELLO, max_tokens=50)
    assert answer.choices[0].message.content == "Hello."
    assert answer.choices[0].finish_reason == "stop"
    (row,) = await gateway.booked(key)
    assert (row["status"], row["output_tokens"], row["estimated"], row["provider"]) == (200, 7, False, provider)
    assert row["input_tokens"] == (19 if provider == "anthropic" else 11)
    assert "sk-provider" in str(upstream.calls[0].headers)


@pytest.mark.parametrize("provider", ["anthropic", "gemini"])
async def test_a_stream_is_passed_on_with_its_usage_booked(gateway, upstream, provider):
    model, key = await model_and_key(gateway, upstream, provider, PROVIDERS[provider]())
    async with sdk_of(gateway, key) as sdk:
        stream = await sdk.chat.completions.create(model=model, messages=HELLO, max_tokens=50, stream=True)
        chunks = [chunk async for chunk in stream]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "Hello."
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    (row,) = await gateway.booked(key)
    assert (row["status"], row["streamed"], row["output_tokens"], row["estimated"]) == (200, True, 7, False)


async def test_cached_tokens_of_anthropic_are_booked_as_such(gateway, upstream):
    model, key = await model_and_key(gateway, upstream, "anthropic", messages())
    assert (await gateway.ask(post({"model": model, "messages": HELLO, "max_tokens": 9}, key))).status == 200
    (row,) = await gateway.booked(key)
    assert (row["input_tokens"], row["cached_input_tokens"], row["cache_write_tokens"]) == (19, 5, 3)


async def test_cohere_reranks(gateway, upstream):
    model, key = await model_and_key(gateway, upstream, "cohere", cohere())
    answer = await gateway.ask(post({"model": model, "query": "?", "documents": ["a", "b"]}, key, path="/v1/rerank"))
    assert json.loads(answer.body)["results"] == [{"index": 1, "relevance_score": 0.9}]
    assert len(await gateway.booked(key)) == 1


@pytest.mark.parametrize(
    ("status", "kind", "seen", "code"),
    [
        ("400 Bad Request", "invalid_request_error", 400, "upstream_refused"),
        ("401 Unauthorized", "authentication_error", 502, "upstream_auth"),
        ("404 Not Found", "not_found_error", 404, "upstream_refused"),
        ("429 Too Many Requests", "rate_limit_error", 429, "upstream_refused"),
        ("529 Overloaded", "overloaded_error", 502, "upstream_failed"),
    ],
)
async def test_refusals_are_told_as_of_any_upstream(gateway, upstream, status, kind, seen, code):
    model, key = await model_and_key(gateway, upstream, "anthropic", refusal(status, kind, "This is why. sk-provider"))
    answer = await gateway.ask(post({"model": model, "messages": HELLO, "max_tokens": 9}, key))
    assert (answer.status, answer.error["code"]) == (seen, code)
    assert b"sk-provider" not in answer.body
    (row,) = await gateway.booked(key)
    assert (row["status"], row["cost"]) == (seen, 0)


async def test_an_upstream_that_breaks_off_is_a_failure(gateway, upstream):
    model, key = await model_and_key(gateway, upstream, "anthropic", raw(b"HTTP/1.1 200 OK\r\n", close=True))
    answer = await gateway.ask(post({"model": model, "messages": HELLO, "max_tokens": 9}, key))
    assert (answer.status, answer.error["code"]) == (502, "upstream_failed")


async def test_a_stream_that_breaks_off_says_so_and_costs_what_came(gateway, upstream):
    script = raw(STREAM_HEAD, framed(begun("Hel", "lo")), close=True)
    model, key = await model_and_key(gateway, upstream, "anthropic", script)
    body = {"model": model, "messages": HELLO, "max_tokens": 9, "stream": True}
    answer = await gateway.ask(post(body, key))
    assert b"Hel" in answer.body
    assert b'"upstream_failed"' in answer.body
    (row,) = await gateway.booked(key)
    assert (row["status"], row["error_code"]) == (502, "upstream_failed")
    assert row["cost"] > 0


async def test_a_client_that_hangs_up_ends_the_call(gateway, upstream):
    script = hanging(STREAM_HEAD, framed(begun("Hel")))
    model, key = await model_and_key(gateway, upstream, "anthropic", script)
    async with wire_to(gateway.address) as wire:
        await wire.send(post({"model": model, "messages": HELLO, "max_tokens": 9, "stream": True}, key))
        await wire.head()
        while b"Hel" not in await wire.chunk():
            pass
        wire.hang_up()
        await upstream.until(lambda: upstream.aborted == 1)
    (row,) = await gateway.booked(key)
    assert (row["status"], row["error_code"]) == (499, "client_left")


async def test_a_field_that_the_library_does_not_know_is_refused_by_name(gateway, upstream):
    model, key = await model_and_key(gateway, upstream, "anthropic", messages())
    asked = {"model": model, "messages": HELLO, "extra_headers": {"x-api-key": "another"}}
    answer = await gateway.ask(post(asked, key))
    assert (answer.status, answer.error["param"]) == (400, "extra_headers")
    assert not upstream.calls


async def test_a_route_that_the_provider_has_not_is_refused(gateway, upstream):
    model, key = await model_and_key(gateway, upstream, "anthropic", messages())
    for path, asked in (("/v1/embeddings", {"input": "x"}), ("/v1/audio/speech", {"input": "x", "voice": "a"})):
        answer = await gateway.ask(post({"model": model} | asked, key, path=path))
        assert (answer.status, answer.error["type"]) == (404, "upstream_error")
    assert not upstream.calls


async def test_azure_finds_its_deployments_by_their_paths(gateway, upstream):
    upstream.script = raw(http(b'{"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}'))
    base = upstream.url.removesuffix("/v1")
    asked = {"messages": HELLO}
    for settings, path in (
        ({"api_version": "2024-10-21"}, "/openai/deployments/upstream-name/chat/completions?api-version=2024-10-21"),
        ({}, "/openai/v1/chat/completions"),
    ):
        model = await gateway.rows.model(base, provider="azure", credential="sk-azure", settings=settings)
        key = await gateway.rows.key()
        assert (await gateway.ask(post(asked | {"model": model}, key))).status == 200
        call = upstream.calls.pop()
        assert (call.path, call.headers["api-key"]) == (path, "sk-azure")
        assert "authorization" not in call.headers


@pytest.mark.parametrize(
    ("script", "ok", "detail"),
    [
        (gemini(), True, ""),
        (raw(http(b'{"error": {"code": 403, "message": "Not sk-provider"}}', "403 Forbidden")), False, "Status 403: "),
    ],
)
async def test_a_foreign_model_is_tried_by_one_real_call(gateway, upstream, script, ok, detail):
    upstream.script = script
    about = {
        "model_name": "tried",
        "litellm_params": {
            "model": "gemini/upstream-name",
            "api_base": upstream.url.removesuffix("/v1"),
            "api_key": "sk-provider",
        },
    }
    answer = await gateway.ask(post(about, MASTER_KEY, "Content-Type: application/json", path="/model/test"))
    verdict = json.loads(answer.body)
    assert verdict["ok"] is ok
    assert [step["name"] for step in verdict["steps"]] == ["address", "call"]
    assert detail in verdict["steps"][1]["detail"]
    assert "sk-provider" not in answer.body.decode()


async def test_an_azure_model_is_tried_where_its_version_says(gateway, upstream):
    upstream.script = raw(http(b"{}", "404 Not Found"))
    about = {
        "model_name": "tried",
        "litellm_params": {
            "model": "azure/upstream-name",
            "api_base": upstream.url.removesuffix("/v1"),
            "api_key": "sk-azure",
            "api_version": "2024-10-21",
        },
    }
    await gateway.ask(post(about, MASTER_KEY, "Content-Type: application/json", path="/model/test"))
    assert [call.path for call in upstream.calls] == [
        "/openai/models?api-version=2024-10-21",
        "/openai/deployments/upstream-name/chat/completions?api-version=2024-10-21",
    ]

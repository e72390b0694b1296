"""Anthropic's SDK against a model server that speaks Anthropic's messages: the body goes through as it is."""

import json
from decimal import Decimal

import anthropic
import pytest

from support.anthropic_upstream import begun, refusal
from support.upstream import STREAM_HEAD, framed, raw

pytestmark = pytest.mark.xdist_group("contract_anthropic")


async def test_a_message_goes_through_and_its_cache_is_booked(server, sdk, upstream, native):
    key = await server.rows.key()
    thinking = {"type": "enabled", "budget_tokens": 1024}
    beta = {"anthropic-beta": "some-2026-01-01"}
    answer = await sdk.say_hello(key, native, thinking=thinking, metadata={"user_id": "ann"}, extra_headers=beta)
    assert (answer.id, answer.content[0].text, answer.usage.cache_read_input_tokens) == ("msg_up", "Hello.", 5)
    call = upstream.calls[0]
    assert call.path == "/v1/messages"
    assert call.headers["x-api-key"] == "sk-credential-of-the-upstream"
    assert call.headers["anthropic-version"] == "2023-06-01"
    assert call.headers["anthropic-beta"] == "some-2026-01-01"
    assert "authorization" not in call.headers
    assert (call.json["model"], call.json["thinking"]) == ("upstream-name", thinking)
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["provider"], row["estimated"]) == ("/messages", "anthropic", False)
    assert (row["input_tokens"], row["cached_input_tokens"], row["cache_write_tokens"]) == (19, 5, 3)
    assert (row["output_tokens"], row["end_user"]) == (7, "ann")
    assert row["cost"] == Decimal("0.000033")


async def test_the_beta_side_of_the_sdk_works_too(server, sdk, upstream, native):
    said = [{"role": "user", "content": "Hello"}]
    key, betas = await server.rows.key(), ["one-2026-01-01", "two-2026-01-01"]
    answer = await sdk.call("beta.messages.create", key, model=native, max_tokens=9, messages=said, betas=betas)
    assert answer.content[0].text == "Hello."
    assert upstream.calls[0].headers["anthropic-beta"] == "one-2026-01-01,two-2026-01-01"


async def test_a_stream_s_usage_is_put_together(server, sdk, native):
    key = await server.rows.key()
    message = await sdk.stream_hello(key, native)
    assert (message.content[0].text, message.usage.output_tokens) == ("Hello.", 7)
    (row,) = await server.booked(key)
    assert (row["input_tokens"], row["cached_input_tokens"], row["cache_write_tokens"]) == (19, 5, 3)
    assert (row["output_tokens"], row["streamed"], row["estimated"]) == (7, True, False)


async def test_a_stream_that_breaks_off_is_an_error_and_its_output_is_estimated(server, sdk, upstream, native):
    upstream.script = raw(STREAM_HEAD, framed(begun("one", "two", "three")), close=True)
    key = await server.rows.key()
    with pytest.raises(anthropic.APIStatusError, match="closed the connection"):
        await sdk.stream_hello(key, native)
    (row,) = await server.booked(key)
    assert (row["input_tokens"], row["estimated"], row["status"]) == (19, True, 502)
    assert row["output_tokens"] >= 3


async def test_a_refusal_keeps_its_message(sdk, server, upstream, native):
    upstream.script = refusal("400 Bad Request", "invalid_request_error", "max_tokens: too many")
    with pytest.raises(anthropic.BadRequestError, match="too many") as caught:
        await sdk.say_hello(await server.rows.key(), native)
    assert caught.value.body["error"]["type"] == "invalid_request_error"


async def test_a_credential_that_is_refused_is_not_the_client_s_fault(sdk, server, upstream, native):
    upstream.script = refusal("401 Unauthorized", "authentication_error", "invalid x-api-key")
    with pytest.raises(anthropic.InternalServerError, match="refuses the gateway's credential") as caught:
        await sdk.say_hello(await server.rows.key(), native)
    assert caught.value.status_code == 502


async def test_tokens_are_counted_by_the_upstream(server, sdk, upstream, native):
    key = await server.rows.key()
    counted = await sdk.call("messages.count_tokens", key, model=native, messages=[{"role": "user", "content": "Hi"}])
    assert counted.input_tokens == 42
    assert (upstream.calls[0].path, upstream.calls[0].json["model"]) == ("/v1/messages/count_tokens", "upstream-name")


async def test_a_model_in_another_dialect_does_not_stand_in(server, sdk, upstream, native, model):
    routing = json.dumps({"fallbacks": [model], "retries": 0})
    await server.rows.connection.execute("UPDATE model_groups SET routing = $1::jsonb WHERE name = $2", routing, native)
    upstream.script = refusal("529 Overloaded", "overloaded_error", "Overloaded")
    with pytest.raises(anthropic.APIStatusError):
        await sdk.say_hello(await server.rows.key(), native)
    assert [call.path for call in upstream.calls] == ["/v1/messages"]


async def test_what_anthropic_keeps_for_our_account_cannot_be_named(server, sdk, upstream, native):
    key = await server.rows.key()
    document = {"type": "document", "source": {"type": "file", "file_id": "file_of_another"}}
    with pytest.raises(anthropic.NotFoundError, match="no file 'file_of_another' for this key"):
        await sdk.say_hello(key, native, messages=[{"role": "user", "content": [document]}])
    with pytest.raises(anthropic.NotFoundError):
        await sdk.call("messages.count_tokens", key, model=native, messages=[{"role": "user", "content": [document]}])
    with pytest.raises(anthropic.BadRequestError, match="not kept apart by key"):
        await sdk.say_hello(key, native, extra_body={"container": "container_of_another"})
    assert not upstream.calls


async def test_what_a_client_s_own_tool_was_told_is_not_taken_for_a_file(server, sdk, upstream, native):
    key = await server.rows.key()
    use = {"type": "tool_use", "id": "t-1", "name": "read", "input": {"file_id": "its own"}}
    result = {"type": "tool_result", "tool_use_id": "t-1", "content": "text"}
    said = [{"role": "user", "content": "Read it"}]
    said += [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    await sdk.say_hello(key, native, messages=said)
    assert upstream.calls[0].json["messages"] == said

"""Anthropic's SDK against a model server that speaks chats alone."""

import json
from decimal import Decimal

import anthropic
import pytest

from support.upstream import STREAM_HEAD, chunk, completion, events, framed, http, raw

pytestmark = pytest.mark.xdist_group("contract_anthropic")

TOOL = {
    "name": "weather",
    "description": "Tells it",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
}
CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Bonn"}'}}


async def test_a_message_is_answered_and_booked(server, sdk, upstream, model, key):
    answer = await sdk.say_hello(key, model, system="Be brief.", metadata={"user_id": "ann"})
    assert (answer.content[0].text, answer.stop_reason, answer.model) == ("Hello.", "end_turn", model)
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (11, 7)
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["model"], row["end_user"]) == ("/messages", model, "ann")
    assert (row["input_tokens"], row["output_tokens"], row["cost"]) == (11, 7, Decimal("0.000025"))
    call = upstream.calls[0]
    assert call.path == "/v1/chat/completions"
    assert call.headers["authorization"] == "Bearer sk-credential-of-the-upstream"
    assert call.json == {
        "model": "upstream-name",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}],
        "max_tokens": 64,
        "user": "ann",
    }


async def test_a_stream_becomes_a_message(server, sdk, model, key):
    message = await sdk.stream_hello(key, model)
    assert (message.content[0].text, message.stop_reason) == ("Hello.", "end_turn")
    assert (message.usage.input_tokens, message.usage.output_tokens) == (11, 7)
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["streamed"], row["estimated"], row["output_tokens"]) == ("/messages", True, False, 7)


async def test_events_come_in_anthropic_s_order(sdk, model, key):
    kinds = [event.type for event in await sdk.say_hello(key, model, stream=True)]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert set(kinds[2:-3]) == {"content_block_delta"}


async def test_a_tool_is_called_and_answered(sdk, upstream, model, key):
    called = json.loads(completion("", None))
    called["choices"][0]["message"] |= {"content": None, "tool_calls": [CALL]}
    upstream.script = raw(http(json.dumps(called).encode()))
    answer = await sdk.say_hello(key, model, tools=[TOOL], tool_choice={"type": "any"})
    (block,) = answer.content
    assert (answer.stop_reason, block.name, block.input) == ("tool_use", "weather", {"city": "Bonn"})
    assert upstream.calls[0].json["tool_choice"] == "required"
    upstream.script = raw(http(completion("Rain.")))
    turns = [
        {"role": "user", "content": "Weather in Bonn?"},
        {"role": "assistant", "content": answer.content},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": block.id, "content": "Rain"}]},
    ]
    answer = await sdk.say_hello(key, model, tools=[TOOL], messages=turns)
    assert answer.content[0].text == "Rain."
    assert upstream.calls[1].json["messages"][1:] == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [CALL | {"function": CALL["function"] | {"arguments": '{"city":"Bonn"}'}}],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "Rain"},
    ]


async def test_a_tool_call_is_streamed(sdk, upstream, model, key):
    begun = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"ci'}}
    more = {"index": 0, "function": {"arguments": 'ty": "Bonn"}'}}
    chunks = [chunk() | {"choices": [{"index": 0, "delta": {"tool_calls": [part]}}]} for part in (begun, more)]
    ended = chunk() | {"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}
    upstream.script = raw(STREAM_HEAD, framed(events(*chunks, ended)), framed(b""))
    message = await sdk.stream_hello(key, model, tools=[TOOL])
    assert (message.content[0].input, message.stop_reason) == ({"city": "Bonn"}, "tool_use")


async def test_a_stream_that_breaks_off_is_an_error(server, sdk, upstream, model, key):
    upstream.script = raw(STREAM_HEAD, framed(events(chunk("Hello")).removesuffix(b"data: [DONE]\n\n")), close=True)
    with pytest.raises(anthropic.APIStatusError, match="closed the connection"):
        await sdk.stream_hello(key, model)
    (row,) = await server.booked(key)
    assert (row["status"], row["error_code"], row["estimated"]) == (502, "upstream_failed", True)


async def test_what_a_chat_cannot_do_is_refused_and_not_sent(server, sdk, upstream, model, key):
    with pytest.raises(anthropic.BadRequestError, match="web_search"):
        await sdk.say_hello(key, model, tools=[{"type": "web_search_20250305", "name": "web_search"}])
    assert upstream.calls == []


async def test_a_deployment_s_refusal_is_told(sdk, upstream, model, key):
    upstream.script = raw(http(b'{"error": {"message": "too hot"}}', "400 Bad Request"))
    with pytest.raises(anthropic.BadRequestError, match="too hot") as caught:
        await sdk.say_hello(key, model)
    assert caught.value.body["type"] == "error"
    assert caught.value.request_id


async def test_tokens_are_estimated_and_the_answer_says_so(server, sdk, upstream, model, key):
    raw_answer = await sdk.call(
        "messages.with_raw_response.count_tokens", key, model=model, messages=[{"role": "user", "content": "x" * 400}]
    )
    assert raw_answer.headers["x-litemaas-estimated"] == "true"
    assert 100 <= raw_answer.parse().input_tokens <= 115
    assert upstream.calls == []
    assert await server.rows.booked(key) == []

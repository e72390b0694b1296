"""The official SDK's responses against a model server that speaks chats alone."""

import asyncio
import json
from decimal import Decimal

import openai
import pytest
from pydantic import BaseModel

from support.upstream import STREAM_HEAD, chunk, completion, events, framed, http, raw

pytestmark = pytest.mark.xdist_group("contract_openai")

TOOL = {
    "type": "function",
    "name": "weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    "strict": False,
}
CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Bonn"}'}}


class Weather(BaseModel):
    city: str


async def make(sdk, key: str, model: str, **arguments: object):
    return await sdk.call("responses.create", key, **{"model": model, "input": "Hello"} | arguments)


async def test_a_response_is_answered_and_booked(server, sdk, upstream, model, key):
    response = await make(sdk, key, model, instructions="Be brief.", max_output_tokens=9)
    assert (response.output_text, response.status, response.model) == ("Hello.", "completed", model)
    assert (response.usage.input_tokens, response.usage.output_tokens) == (11, 7)
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["cost"]) == ("/responses", Decimal("0.000025"))
    assert upstream.calls[0].path == "/v1/chat/completions"
    assert upstream.calls[0].json == {
        "model": "upstream-name",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}],
        "max_tokens": 9,
    }


async def test_a_stream_becomes_a_response(server, sdk, model, key):
    events = await make(sdk, key, model, stream=True)
    assert [event.type for event in events[:4]] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert events[-1].type == "response.completed"
    assert (events[-1].response.output_text, events[-1].response.usage.total_tokens) == ("Hello.", 18)
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["streamed"], row["estimated"]) == ("/responses", True, False)


async def test_a_function_is_called_and_answered(sdk, upstream, model, key):
    called = json.loads(completion("", None))
    called["choices"][0]["message"] |= {"content": None, "tool_calls": [CALL]}
    upstream.script = raw(http(json.dumps(called).encode()))
    response = await make(sdk, key, model, tools=[TOOL])
    (item,) = response.output
    assert (item.type, item.name, item.arguments) == ("function_call", "weather", '{"city": "Bonn"}')
    upstream.script = raw(http(completion("Rain.")))
    said = [{"role": "user", "content": "Weather in Bonn?"}, item.model_dump(exclude_none=True)]
    said.append({"type": "function_call_output", "call_id": item.call_id, "output": "Rain"})
    assert (await make(sdk, key, model, tools=[TOOL], input=said)).output_text == "Rain."
    assert upstream.calls[1].json["messages"][1:] == [
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "Rain"},
    ]


async def test_the_sdk_s_own_stream_reads_a_call_and_a_parsed_answer(server, sdk, upstream, model, key):
    pieces = ('{"ci', 'ty": "Bonn"}')
    upstream.script = raw(STREAM_HEAD, framed(events(*(chunk(piece) for piece in pieces))), framed(b""))

    def parse():
        with (
            openai.OpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0) as client,
            client.responses.stream(model=model, input="Hello", text_format=Weather) as stream,
        ):
            return stream.get_final_response()

    response = await asyncio.to_thread(parse)
    assert response.output_parsed == Weather(city="Bonn")
    assert upstream.calls[0].json["response_format"]["json_schema"]["name"] == "Weather"


async def test_a_stream_that_breaks_off_fails(server, sdk, upstream, model, key):
    upstream.script = raw(STREAM_HEAD, framed(events(chunk("Hello")).removesuffix(b"data: [DONE]\n\n")), close=True)
    told = await make(sdk, key, model, stream=True)
    assert [event.type for event in told[-2:]] == ["error", "response.failed"]
    assert "closed the connection" in told[-2].message
    (row,) = await server.booked(key)
    assert (row["status"], row["estimated"]) == (502, True)


@pytest.mark.parametrize(
    "fields", [{"previous_response_id": "resp_1"}, {"conversation": "conv_1"}, {"tools": [{"type": "web_search"}]}]
)
async def test_what_a_chat_cannot_do_is_refused_and_not_sent(sdk, upstream, model, key, fields):
    with pytest.raises(openai.BadRequestError, match=r"This model's server"):
        await make(sdk, key, model, **fields)
    assert upstream.calls == []


async def test_limits_hold_for_responses(server, sdk, model):
    key = await server.rows.key(rpm_limit=1)
    await make(sdk, key, model)
    with pytest.raises(openai.RateLimitError):
        await make(sdk, key, model)
    with pytest.raises(openai.PermissionDeniedError):
        await make(sdk, await server.rows.key("something-else"), model)
    with pytest.raises(openai.AuthenticationError):
        await make(sdk, "sk-unknown", model)

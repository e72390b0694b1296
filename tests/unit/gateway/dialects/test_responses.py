"""OpenAI's responses as chats, and chats' answers as responses."""

import json

import pytest
from openai.types.responses import Response

from litemaas.gateway.dialects.responses.answers import response
from litemaas.gateway.dialects.responses.requests import ResponsesRequest, chat_request, read_responses_request
from litemaas.gateway.errors import BadRequestError
from litemaas.providers.usage import Usage

TOOL = {
    "type": "function",
    "name": "weather",
    "parameters": {"type": "object"},
    "strict": True,
    "description": "Tells it",
}


def chat_of(**fields: object) -> dict:
    body = {"model": "m", "input": "Hi"} | fields
    return json.loads(chat_request(read_responses_request(json.dumps(body).encode())))


def test_a_plain_request_becomes_a_plain_chat():
    assert chat_of() == {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}


def test_settings_take_the_chat_s_names():
    chat = chat_of(
        instructions="Be brief.",
        max_output_tokens=9,
        stream=True,
        reasoning={"effort": "low", "summary": "auto"},
        text={"format": {"type": "json_schema", "name": "n", "schema": {}, "strict": True}, "verbosity": "low"},
        tools=[TOOL],
        tool_choice={"type": "function", "name": "weather"},
        parallel_tool_calls=False,
        user="ann",
        store=True,
        include=["reasoning.encrypted_content"],
    )
    function = {name: TOOL[name] for name in ("name", "parameters", "strict", "description")}
    assert chat == {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
        "max_tokens": 9,
        "stream": True,
        "reasoning_effort": "low",
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {}, "strict": True}},
        "verbosity": "low",
        "tools": [{"type": "function", "function": function}],
        "tool_choice": {"type": "function", "function": {"name": "weather"}},
        "parallel_tool_calls": False,
        "user": "ann",
    }


def test_a_conversation_becomes_messages():
    items = [
        {"role": "developer", "content": "Be kind."},
        {
            "role": "user",
            "content": [{"type": "input_text", "text": "Look"}, {"type": "input_image", "image_url": "data:x"}],
        },
        {"type": "reasoning", "id": "rs", "summary": []},
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "I look.", "annotations": []}],
        },
        {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{}"},
        {"type": "function_call", "call_id": "c2", "name": "weather", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "Rain"},
        {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "Sun"}]},
    ]
    function = {"name": "weather", "arguments": "{}"}
    assert chat_of(input=items)["messages"] == [
        {"role": "system", "content": "Be kind."},
        {
            "role": "user",
            "content": [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": "data:x"}}],
        },
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [{"id": call, "type": "function", "function": function} for call in ("c1", "c2")],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "Rain"},
        {"role": "tool", "tool_call_id": "c2", "content": "Sun"},
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"prompt": {"id": "p"}}, "prompt"),
        ({"background": True}, "background"),
        ({"tools": [{"type": "web_search"}]}, "web_search"),
        ({"tools": [TOOL], "tool_choice": {"type": "mcp"}}, "tool_choice"),
        ({"input": [{"type": "item_reference", "id": "x"}]}, "item_reference"),
        ({"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]}, "image_url"),
        ({"input": [{"role": "robot", "content": "Hi"}]}, "robot"),
        ({"input": 7}, "input"),
        ({"tools": [TOOL | {"parameters": json.loads('{"a":' * 300 + "{}" + "}" * 300)}]}, "too deeply"),
    ],
)
def test_what_a_chat_cannot_do_is_refused_in_a_sentence(fields, told):
    with pytest.raises(BadRequestError, match=told):
        chat_of(**fields)


def test_an_answer_is_told_as_a_response():
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    said = {"content": "I look.", "reasoning": "hm", "tool_calls": [call]}
    body = json.dumps({"choices": [{"index": 0, "message": said, "finish_reason": "tool_calls"}]}).encode()
    request = ResponsesRequest(model="m", input="Hi", metadata={"a": "b"})
    told = Response.model_validate_json(
        response(body, Usage(input=20, output=7), request, response_id="resp_1", created_at=1)
    )
    assert [item.type for item in told.output] == ["reasoning", "message", "function_call"]
    assert (told.output_text, told.status, told.model, told.metadata) == ("I look.", "completed", "m", {"a": "b"})
    assert (told.usage.input_tokens, told.usage.output_tokens) == (20, 7)


@pytest.mark.parametrize("body", [b"", b'{"choices": []}'])
def test_what_is_no_chat_completion_is_told_apart(body):
    assert response(body, Usage(), ResponsesRequest(model="m", input=""), response_id="r", created_at=1) is None

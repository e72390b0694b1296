"""Anthropic's requests as chats, and chats' answers as Anthropic's messages."""

import json

import pytest
from anthropic.types import Message

from litemaas.gateway.dialects.messages.answers import message
from litemaas.gateway.dialects.messages.errors import error_body
from litemaas.gateway.dialects.messages.requests import chat_request, read_messages_request
from litemaas.gateway.errors import BadRequestError
from litemaas.providers.usage import Usage

USAGE = Usage(input=20, output=7, cached_input=5, cache_write=3)
PIXEL = {"type": "base64", "media_type": "image/png", "data": "AAAA"}
TOOL = {"name": "weather", "description": "Tells it", "input_schema": {"type": "object"}}


def chat_of(**fields: object) -> dict:
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]} | fields
    return json.loads(chat_request(read_messages_request(json.dumps(body).encode())))


def turns(*messages: dict) -> list[dict]:
    return chat_of(messages=list(messages))["messages"]


def said(choice: dict) -> bytes:
    return json.dumps({"id": "c", "choices": [{"index": 0} | choice]}).encode()


def test_a_plain_request_becomes_a_plain_chat():
    assert chat_of() == {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}


def test_settings_take_the_chat_s_names():
    chat = chat_of(
        system=[
            {"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": "Be kind."},
        ],
        stop_sequences=["END"],
        stream=True,
        temperature=0.5,
        top_p=0.9,
        top_k=5,
        metadata={"user_id": "ann"},
        thinking={"type": "enabled", "budget_tokens": 1024},
        output_config={"effort": "low", "format": {"type": "json_schema", "schema": {"type": "object"}}},
    )
    assert chat["messages"][0] == {"role": "system", "content": "Be brief.\n\nBe kind."}
    assert (chat["stop"], chat["stream"], chat["user"]) == (["END"], True, "ann")
    assert (chat["temperature"], chat["top_p"], chat["top_k"]) == (0.5, 0.9, 5)
    schema = {"name": "answer", "schema": {"type": "object"}, "strict": True}
    assert chat["response_format"] == {"type": "json_schema", "json_schema": schema}
    assert "thinking" not in chat


def test_images_and_documents_become_parts():
    blocks = [
        {"type": "text", "text": "Look:"},
        {"type": "image", "source": PIXEL},
        {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
        {
            "type": "document",
            "title": "a.pdf",
            "source": {"type": "base64", "media_type": "application/pdf", "data": "BB"},
        },
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Words."}},
        {"type": "search_result", "source": "s", "title": "t", "content": [{"type": "text", "text": "found"}]},
    ]
    (turn,) = turns({"role": "user", "content": blocks})
    assert turn["content"] == [
        {"type": "text", "text": "Look:"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        {"type": "text", "text": "a.pdf"},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,BB"}},
        {"type": "text", "text": "Words."},
        {"type": "text", "text": "t\ns\n\nfound"},
    ]


def test_tool_calls_and_their_results_find_each_other():
    called = [
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "text", "text": "I look."},
        {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Bonn"}},
    ]
    results = [
        {
            "type": "tool_result",
            "tool_use_id": "t1",
            "content": [{"type": "text", "text": "Rain"}, {"type": "image", "source": PIXEL}],
        },
        {"type": "text", "text": "And now?"},
    ]
    assert turns({"role": "assistant", "content": called}, {"role": "user", "content": results}) == [
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [
                {"id": "t1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Bonn"}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "t1", "content": "Rain"},
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                {"type": "text", "text": "And now?"},
            ],
        },
    ]


def test_a_result_without_content_is_an_empty_one():
    (turn,) = turns({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1"}]})
    assert turn == {"role": "tool", "tool_call_id": "t1", "content": ""}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"type": "auto"}, "auto"),
        ({"type": "any"}, "required"),
        ({"type": "none"}, "none"),
        ({"type": "tool", "name": "weather"}, {"type": "function", "function": {"name": "weather"}}),
    ],
)
def test_tools_and_their_choice_are_translated(choice, expected):
    chat = chat_of(tools=[TOOL], tool_choice=choice | {"disable_parallel_tool_use": True})
    function = {"name": "weather", "parameters": {"type": "object"}, "description": "Tells it"}
    assert chat["tools"] == [{"type": "function", "function": function}]
    assert (chat["tool_choice"], chat["parallel_tool_calls"]) == (expected, False)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"max_tokens": None}, "max_tokens"),
        (
            {
                "messages": [
                    {"role": "user", "content": [{"type": "image", "source": {"type": "file", "file_id": "f"}}]}
                ]
            },
            "file",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "container_upload", "file_id": "f"}]}]},
            "container_upload",
        ),
        ({"messages": [{"role": "robot", "content": "Hi"}]}, "role"),
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "web_search"),
        ({"tools": [TOOL], "tool_choice": {"type": "tool"}}, "name"),
        ({"mcp_servers": [{"url": "https://example.com"}]}, "MCP"),
    ],
)
def test_what_a_chat_cannot_do_is_refused_in_a_sentence(fields, told):
    with pytest.raises(BadRequestError, match=told):
        chat_of(**fields)


def test_an_answer_is_told_as_a_message():
    call = {"id": "t1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Bonn"}'}}
    body = said(
        {"message": {"content": "I look.", "reasoning_content": "hm", "tool_calls": [call]}, "finish_reason": "stop"}
    )
    told = Message.model_validate_json(message(body, USAGE, message_id="msg_1", model="m", with_thoughts=True))
    assert [block.type for block in told.content] == ["thinking", "text", "tool_use"]
    assert (told.content[2].name, told.content[2].input) == ("weather", {"city": "Bonn"})
    assert (told.stop_reason, told.model, told.role) == ("tool_use", "m", "assistant")
    assert (told.usage.input_tokens, told.usage.cache_read_input_tokens, told.usage.output_tokens) == (12, 5, 7)


@pytest.mark.parametrize(
    ("finish_reason", "stop_reason"), [("stop", "end_turn"), ("length", "max_tokens"), ("content_filter", "refusal")]
)
def test_the_reason_to_stop_is_translated(finish_reason, stop_reason):
    body = said({"message": {"content": "a"}, "finish_reason": finish_reason})
    assert json.loads(message(body, USAGE, message_id="i", model="m"))["stop_reason"] == stop_reason


def test_arguments_that_are_no_json_are_shown_as_they_are():
    call = {"id": "t1", "function": {"name": "f", "arguments": "{oops"}}
    told = json.loads(message(said({"message": {"tool_calls": [call]}}), USAGE, message_id="i", model="m"))
    assert told["content"][0]["input"] == {"invalid_json": "{oops"}


def test_parts_of_text_and_arguments_that_are_an_object_are_understood():
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    call = {"id": "t1", "function": {"name": "f", "arguments": {"city": "Bonn"}}}
    told = json.loads(
        message(said({"message": {"content": parts, "tool_calls": [call]}}), USAGE, message_id="i", model="m")
    )
    assert (told["content"][0]["text"], told["content"][1]["input"]) == ("ab", {"city": "Bonn"})


@pytest.mark.parametrize("body", [b"", b"[]", b'{"choices": []}', b'{"choices": [{"index": 0}]}', b"\xff"])
def test_what_is_no_chat_completion_is_told_apart(body):
    assert message(body, USAGE, message_id="i", model="m") is None


def test_an_error_takes_anthropic_s_form_and_keeps_our_code():
    body = json.dumps({"error": {"message": "No.", "type": "budget_exceeded", "code": "insufficient_quota"}}).encode()
    assert json.loads(error_body(429, body)) == {
        "type": "error",
        "error": {"type": "rate_limit_error", "message": "No.", "code": "insufficient_quota"},
    }
    assert json.loads(error_body(502, b"<html>"))["error"]["type"] == "api_error"

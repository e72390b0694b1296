"""Whatever a client or an upstream sends, a translator answers or refuses; it never breaks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.gateway.dialects.messages.translation import MessagesTranslation
from litemaas.gateway.dialects.responses.translation import ResponsesTranslation
from litemaas.gateway.errors import BadRequestError
from litemaas.providers.usage import Usage
from support.chat_streams import told

TYPES = [
    "text",
    "image",
    "document",
    "search_result",
    "tool_use",
    "tool_result",
    "thinking",
    "message",
    "function_call",
    "function_call_output",
    "reasoning",
    "input_text",
    "output_text",
    "refusal",
    "input_image",
    "input_file",
    "input_audio",
    "function",
    "json_schema",
    "base64",
    "url",
    "auto",
    "any",
    "tool",
    "user",
    "assistant",
    "system",
    "enabled",
]
KEYS = [
    "type",
    "role",
    "content",
    "source",
    "data",
    "url",
    "media_type",
    "text",
    "title",
    "tool_use_id",
    "id",
    "name",
    "input",
    "arguments",
    "call_id",
    "output",
    "tools",
    "tool_choice",
    "format",
    "schema",
    "json_schema",
    "image_url",
    "file_data",
    "input_audio",
    "parameters",
    "input_schema",
    "strict",
    "delta",
    "message",
    "index",
    "tool_calls",
    "function",
    "finish_reason",
    "choices",
    "reasoning",
    "refusal",
    "error",
]
values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2**40) | st.sampled_from(TYPES) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)
FIELDS = {
    MessagesTranslation: [
        "system",
        "stop_sequences",
        "temperature",
        "top_k",
        "tools",
        "tool_choice",
        "metadata",
        "thinking",
        "output_config",
    ],
    ResponsesTranslation: [
        "instructions",
        "tools",
        "tool_choice",
        "text",
        "reasoning",
        "metadata",
        "previous_response_id",
        "prompt",
    ],
}
translations = pytest.mark.parametrize("translation", [MessagesTranslation, ResponsesTranslation])


PLAIN = json.dumps({"model": "m", "max_tokens": 1, "messages": [], "input": "Hi"}).encode()


@translations
@given(data=st.data())
def test_a_request_is_translated_or_refused(translation, data):
    optional = dict.fromkeys(FIELDS[translation], values)
    required = {"model": st.just("m"), "max_tokens": st.just(1), "messages": values, "input": values}
    body = data.draw(st.fixed_dictionaries(required, optional=optional))
    try:
        chat = translation(json.dumps(body).encode()).chat
    except BadRequestError:
        return
    assert isinstance(json.loads(chat)["messages"], list)


@translations
@given(body=st.binary(max_size=60))
def test_bytes_that_are_no_request_are_refused(translation, body):
    with pytest.raises(BadRequestError):
        translation(body)


@translations
@given(answer=values | st.fixed_dictionaries({"choices": st.lists(values, max_size=2)}))
def test_an_odd_answer_is_told_or_told_apart(translation, answer):
    told = translation(PLAIN).whole(json.dumps(answer).encode(), Usage(), "1")
    assert told is None or json.loads(told)["id"]


@translations
@given(chunks=st.lists(values | st.fixed_dictionaries({"choices": st.lists(values, max_size=2)}), max_size=5))
def test_an_odd_stream_has_an_end(translation, chunks):
    stream = translation(PLAIN).stream("1")
    lines = b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in chunks)
    events = told(stream.begin() + stream.feed(lines) + stream.end(Usage()))
    assert events[-1]["type"] in {
        "message_stop",
        "error",
        "response.completed",
        "response.incomplete",
        "response.failed",
    }

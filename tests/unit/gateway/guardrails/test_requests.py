"""What a provider reads of a request as text, guardrails read too, wherever it is; ids, bytes and such stay.

The bodies have what the providers' own SDKs can send: every text in them is `TEXT`, and nothing else is.
"""

import json

import pytest

from litemaas.domain.guardrails.entities import Action, Side
from litemaas.domain.guardrails.patterns import PatternDetector
from litemaas.domain.guardrails.tally import Tally
from litemaas.gateway.guardrails.readers import Guard, Guards
from litemaas.gateway.guardrails.values import ValueReader

TEXT = "number 7531"
MASKED = "[number]"
IN_JSON = json.dumps({"user": TEXT, "id": [TEXT], TEXT: 1})
SCHEMA = {
    "description": TEXT,
    "properties": {"user": {"type": "string", "description": TEXT, "enum": [TEXT], "default": TEXT, "const": TEXT}},
    "$defs": {"status": {"title": TEXT, "examples": [TEXT]}},
}

CHAT = {
    "messages": [
        {"role": "developer", "name": TEXT, "content": TEXT},
        {"role": "user", "content": [{"type": "text", "text": TEXT}, {"type": "file", "file": {"filename": TEXT}}]},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": f"https://pictures/{TEXT}"}}]},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": TEXT}], "reasoning_content": TEXT},
        {
            "role": "assistant",
            "tool_calls": [
                {"id": "c", "type": "function", "function": {"name": "f", "arguments": IN_JSON}},
                {"id": "d", "type": "custom", "custom": {"name": "g", "input": TEXT}},
            ],
            "function_call": {"name": "f", "arguments": IN_JSON},
        },
        {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": TEXT}]},
    ],
    "tools": [
        {"type": "function", "function": {"name": "f", "description": TEXT, "parameters": SCHEMA}},
        {"type": "custom", "custom": {"name": "g", "format": {"type": "grammar", "grammar": {"definition": TEXT}}}},
    ],
    "response_format": {"type": "json_schema", "json_schema": {"name": "n", "description": TEXT, "schema": SCHEMA}},
    "prediction": {"type": "content", "content": [{"type": "text", "text": TEXT}]},
    "web_search_options": {"user_location": {"type": "approximate", "approximate": {"city": TEXT}}},
    "metadata": {"user": TEXT, "status": TEXT},
    "documents": [{"title": TEXT, "id": TEXT}],
    "chat_template_kwargs": {"role": TEXT},
    "stop": [TEXT],
    "guided_json": SCHEMA,
    "guided_choice": [TEXT],
    "a_field_of_tomorrow": {"note": [TEXT]},
}
RESPONSES = {
    "instructions": TEXT,
    "input": [
        {"role": "user", "content": TEXT},
        {"role": "user", "content": [{"type": "input_text", "text": TEXT}, {"type": "input_file", "filename": TEXT}]},
        {"type": "message", "role": "assistant", "id": "m", "content": [{"type": "output_text", "text": TEXT}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": IN_JSON},
        {"type": "function_call_output", "call_id": "c", "output": TEXT},
        {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": TEXT}]},
        {"type": "custom_tool_call", "call_id": "d", "name": "g", "input": TEXT},
        {"type": "mcp_call", "id": "e", "name": "h", "arguments": IN_JSON, "output": TEXT, "error": TEXT},
        {"type": "local_shell_call", "call_id": "k", "action": {"command": [TEXT], "env": {"user": TEXT}}},
        {"type": "file_search_call", "queries": [TEXT], "results": [{"text": TEXT, "attributes": {"status": TEXT}}]},
        {"type": "code_interpreter_call", "code": TEXT, "outputs": [{"type": "logs", "logs": TEXT}]},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": TEXT}], "content": [{"text": TEXT}]},
    ],
    "tools": [
        {"type": "function", "name": "f", "description": TEXT, "parameters": SCHEMA},
        {"type": "mcp", "server_label": "h", "server_description": TEXT, "headers": {"user": TEXT}},
        {"type": "file_search", "filters": {"type": "eq", "key": "a", "value": TEXT}},
    ],
    "text": {"format": {"type": "json_schema", "name": "n", "schema": SCHEMA}},
    "prompt": {"id": "p", "variables": {"user": TEXT, "x": {"type": "input_text", "text": TEXT}}},
    "metadata": {"role": TEXT},
}
DOCUMENT = {
    "type": "document",
    "title": TEXT,
    "context": TEXT,
    "source": {"type": "text", "media_type": "text/plain", "data": TEXT},
}
MESSAGES = {
    "system": [{"type": "text", "text": TEXT}],
    "messages": [
        {"role": "user", "content": TEXT},
        {"role": "user", "content": [DOCUMENT, {"type": "text", "text": TEXT, "citations": [{"cited_text": TEXT}]}]},
        {"role": "user", "content": [{"type": "search_result", "source": TEXT, "title": TEXT, "content": []}]},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": TEXT, "signature": "s"}]},
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"id": TEXT, TEXT: 1}}],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": TEXT}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [DOCUMENT]}]},
        {"role": "user", "content": [{"type": "code_execution_tool_result", "content": {"stdout": TEXT}}]},
    ],
    "tools": [{"name": "f", "description": TEXT, "input_schema": SCHEMA, "input_examples": [{"user": TEXT}]}],
    "stop_sequences": [TEXT],
    "metadata": {"user_id": TEXT},
}
RERANK = {"query": TEXT, "documents": [TEXT, {"text": TEXT, "status": TEXT, "parts": [{"user": TEXT}]}]}
OTHERS = {
    "completions": {"prompt": [TEXT], "suffix": TEXT},
    "embeddings": {"input": [TEXT]},
    "moderations": {"input": [{"type": "text", "text": TEXT}]},
    "images": {"prompt": TEXT},
    "speech": {"input": TEXT, "instructions": TEXT},
    "tokenize": {"prompt": TEXT, "messages": [{"role": "user", "content": TEXT}]},
}
BODIES = {"chat": CHAT, "responses": RESPONSES, "messages": MESSAGES, "rerank": RERANK, **OTHERS}

PICTURE = "data:image/png;base64,number7531"


def read(body: dict) -> dict:
    guard = Guard("number", Action.MASK, PatternDetector("number", (r"number ?7531",)), quick=True)
    values = ValueReader(Guards([guard], Side.INPUT, Tally(), "a test"))
    return {name: values.read(value, name) for name, value in body.items()}


@pytest.mark.parametrize("route", BODIES)
def test_every_text_is_read(route):
    body = BODIES[route]
    told = json.dumps(read(body))
    assert TEXT not in told
    assert told.count(MASKED) == json.dumps(body).count(TEXT)


@pytest.mark.parametrize(
    "body",
    [
        {"user": TEXT, "prompt_cache_key": TEXT, "safety_identifier": TEXT, "previous_response_id": TEXT},
        {"messages": [{"role": TEXT, "tool_call_id": TEXT, "tool_calls": [{"id": TEXT, "type": TEXT}]}]},
        {"messages": [{"content": [{"type": "image_url", "image_url": {"url": PICTURE, "detail": TEXT}}]}]},
        {"messages": [{"content": [{"type": "input_audio", "input_audio": {"data": TEXT, "format": "wav"}}]}]},
        {"messages": [{"content": [{"type": "file", "file": {"file_data": TEXT, "file_id": TEXT}}]}]},
        {"messages": [{"content": [{"source": {"type": "base64", "media_type": "image/png", "data": TEXT}}]}]},
        {
            "messages": [
                {"content": [{"type": "thinking", "signature": TEXT}, {"type": "redacted_thinking", "data": TEXT}]}
            ]
        },
        {"input": [{"type": "reasoning", "encrypted_content": TEXT}, {"type": "input_image", "image_url": PICTURE}]},
        {"prompt": {"id": TEXT, "variables": {"x": {"type": "input_image", "image_url": PICTURE}}}},
    ],
)
def test_ids_words_of_the_protocol_and_bytes_stay_as_they_are(body):
    assert read(body) == body

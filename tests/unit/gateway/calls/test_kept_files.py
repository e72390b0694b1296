"""Which files a body names, however it does."""

import json

import pytest
from msgspec import Raw

from litemaas.gateway.calls.kept_files import files_named, may_name_files


def fields_of(text: str) -> dict[str, Raw]:
    return {name: Raw(json.dumps(value).encode()) for name, value in json.loads(text).items()}


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "f-1"}}]}]},
        {"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f-1"}]}]},
        {"messages": [{"content": [{"type": "document", "source": {"type": "file", "file_id": "f-1"}}]}]},
        {"messages": [{"content": [{"type": "tool_result", "content": [{"source": {"file_id": "f-1"}}]}]}]},
        {"tools": [{"type": "code_interpreter", "container": {"type": "auto", "file_ids": ["f-1"]}}]},
        {"tools": [{"type": "image_generation", "input_image_mask": {"file_id": "f-1"}}]},
        {"file_id": "f-1"},
    ],
)
def test_a_file_is_found_wherever_it_is_named(body):
    assert may_name_files(json.dumps(body).encode())
    assert files_named(fields_of(json.dumps(body))) == ["f-1"]


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [{"role": "user", "content": 'Explain {"file_id": "f-1"} to me.'}]},
        {"messages": [{"content": [{"type": "tool_use", "name": "read", "input": {"file_id": "f-1"}}]}]},
        {"tools": [{"function": {"parameters": {"properties": {"file_id": {"type": "string"}}}}}]},
        {"metadata": {"file_id": "f-1"}},
        {"messages": [{"role": "user", "content": "Hello"}]},
    ],
)
def test_what_only_looks_like_a_file_s_name_is_none(body):
    assert files_named(fields_of(json.dumps(body))) == []


def test_an_escaped_name_is_read_as_what_it_means():
    body = rb'{"messages": [{"content": [{"file": {"f\u0069le_id": "f-1"}}]}]}'
    assert may_name_files(body)
    assert files_named({"messages": Raw(body[len('{"messages": ') : -1])}) == ["f-1"]


def test_of_a_name_given_twice_the_upstream_gets_the_one_that_was_read():
    fields = {"messages": Raw(b'[{"file": {"file_id": "f-others", "file_id": "f-mine"}}]')}
    assert files_named(fields) == ["f-mine"]
    assert bytes(fields["messages"]) == b'[{"file":{"file_id":"f-mine"}}]'


def test_a_body_that_names_no_file_stays_as_it_is():
    text = b'[{"content" :  "1.0 \\u00e9", "n": 1.00}]'
    fields = {"messages": Raw(text)}
    assert files_named(fields) == []
    assert bytes(fields["messages"]) == text

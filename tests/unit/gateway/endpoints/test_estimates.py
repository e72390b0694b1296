"""Usage of answers whose upstream did not tell it: never free, and marked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.domain.admission import Asked
from litemaas.gateway.endpoints.estimates import (
    added_text,
    estimate_answer,
    estimate_stream,
    tokens_of,
    told_or_measured,
)
from litemaas.providers.usage import Usage
from support.upstream import completion

ASKED = Asked("m", input_bytes=400)
EMBEDDING = Asked("m", input_bytes=400, generates=False)


def test_an_answer_is_estimated_by_four_bytes_a_token():
    assert estimate_answer(ASKED, completion("x" * 41, usage=None)) == Usage(100, 11, estimated=True)


def test_text_completions_count_too():
    assert estimate_answer(ASKED, b'{"choices":[{"text":"12345678"},{"text":"1"}]}') == Usage(100, 3, estimated=True)


def test_an_answer_that_is_no_chat_counts_by_its_size_unless_it_tells():
    assert told_or_measured(ASKED, b'{"output":[{"text":"12345678"}]}') == Usage(100, 8, estimated=True)
    assert told_or_measured(ASKED, b'{"usage":{"input_tokens":3,"output_tokens":2}}') == Usage(3, 2)


def test_an_answer_that_is_no_json_counts_whole():
    assert estimate_answer(ASKED, b"x" * 80) == Usage(100, 20, estimated=True)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"choices":null}', b'{"choices":[{"message":{"content":null}}]}'])
def test_an_odd_answer_does_no_harm(body):
    assert estimate_answer(ASKED, body).estimated


def test_embeddings_have_no_output():
    assert estimate_answer(EMBEDDING, b"x" * 1000) == Usage(100, 0, estimated=True)
    assert estimate_stream(EMBEDDING, 5) == Usage(100, 0, estimated=True)


def test_a_stream_counts_a_token_for_each_event():
    assert estimate_stream(ASKED, 9) == Usage(100, 9, estimated=True)


def test_the_shortest_prompt_is_a_token():
    assert estimate_stream(Asked("m", input_bytes=1), 0).input == 1


WORDS = "four" * 100
"""A hundred tokens, by four bytes each."""


@pytest.mark.parametrize(
    "event",
    [
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": WORDS}}]},
        {"choices": [{"delta": {"content": [{"type": "text", "text": WORDS}]}}]},
        {"choices": [{"delta": {"reasoning_content": WORDS}}]},
        {"choices": [{"delta": {"tool_calls": [{"id": "call-1", "function": {"name": "f", "arguments": WORDS}}]}}]},
        {"choices": [{"delta": {"content": WORDS[:200]}}, {"delta": {"content": WORDS[200:]}}]},
        {"choices": [{"index": 0, "text": WORDS}]},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": WORDS}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": WORDS}},
        {"type": "response.output_text.delta", "item_id": "i", "delta": WORDS},
    ],
)
def test_an_event_with_much_text_counts_by_it_in_each_dialect(event):
    assert tokens_of(added_text(json.dumps(event).encode())) == 100


@pytest.mark.parametrize(
    "event",
    [
        {"choices": [{"delta": {"content": "Hi"}, "logprobs": {"content": [{"token": WORDS}]}}], "model": WORDS},
        {"choices": [{"delta": {"images": [{"image_url": {"url": WORDS}}]}}]},
        {"type": "content_block_delta", "delta": {"type": "signature_delta", "signature": WORDS}},
        {"type": "response.output_text.done", "text": WORDS},
        {"type": "response.completed", "response": {"output": [{"content": [{"text": WORDS}]}]}},
        [WORDS],
    ],
)
def test_what_is_no_new_text_counts_as_one_token(event):
    assert tokens_of(added_text(json.dumps(event).encode())) == 1


@given(st.binary(max_size=300))
def test_an_event_is_counted_whatever_it_is(content):
    assert tokens_of(added_text(content)) >= 1

"""Usage of answers whose upstream did not tell it: never free, and marked."""

import pytest

from litemaas.domain.admission import Asked
from litemaas.gateway.endpoints.estimates import estimate_answer, estimate_stream, told_or_measured
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

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.providers.usage import Usage, read_usage

LARGEST = 2**31 - 1  # more than any model reads or writes

FIELDS = [
    "prompt_tokens",
    "completion_tokens",
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
]
DETAILS = [
    "prompt_tokens_details",
    "completion_tokens_details",
    "input_tokens_details",
    "output_tokens_details",
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
counts = st.integers(0, 10**6)
believable = st.integers(-2, 10**6) | st.none() | st.just(10**400) | anything
details = st.fixed_dictionaries({}, optional={"cached_tokens": believable, "reasoning_tokens": believable})
reported = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(FIELDS, believable) | dict.fromkeys(DETAILS, details | anything)
)


def answer(**usage: object) -> bytes:
    return json.dumps({"id": "x", "choices": [], "usage": usage}).encode()


def assert_believable(usage: Usage | None) -> None:
    if usage is not None:
        assert 0 <= usage.input <= 3 * LARGEST  # Anthropic says it in three parts
        assert 0 <= usage.output <= LARGEST
        assert 0 <= usage.cached_input + usage.cache_write <= usage.input
        assert 0 <= usage.reasoning <= usage.output


@given(st.binary(max_size=300))
def test_garbage_never_raises(body):
    assert_believable(read_usage(body))


@given(anything | st.fixed_dictionaries({"usage": reported | anything}))
def test_whatever_an_upstream_reports_counts_are_whole_bounded_and_consistent(value):
    assert_believable(read_usage(json.dumps(value).encode()))


@given(st.binary(max_size=30), st.integers(0, 200))
def test_a_damaged_answer_never_raises(garbage, place):
    body = answer(prompt_tokens=12, completion_tokens=3, prompt_tokens_details={"cached_tokens": 4})

    assert_believable(read_usage(body[:place] + garbage + body[place:]))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"usage":null}',
        b'{"usage":{}}',
        b'{"usage":{"prompt_tokens":-1,"completion_tokens":5}}',
        b'{"usage":{"prompt_tokens":"7"}}',
        b'{"usage":{"prompt_tokens":1e400}}',
        b'{"usage":{"prompt_tokens":true}}',
        b'\xff\xfe{"usage":{"prompt_tokens":7}}',
        answer(prompt_tokens=LARGEST + 1, completion_tokens=5),
    ],
)
def test_what_cannot_be_believed_is_no_usage(body):
    assert read_usage(body) is None


@given(counts, counts, counts, counts)
def test_openai_chat_counts_cached_and_reasoning_tokens_as_parts(prompt, completion, cached, reasoning):
    usage = read_usage(
        answer(
            prompt_tokens=prompt,
            completion_tokens=completion,
            total_tokens=prompt + completion,
            prompt_tokens_details={"cached_tokens": cached, "audio_tokens": 0},
            completion_tokens_details={"reasoning_tokens": reasoning},
        )
    )

    assert usage == Usage(prompt, completion, min(cached, prompt), 0, min(reasoning, completion))


def test_embeddings_tell_only_their_input():
    assert read_usage(answer(prompt_tokens=8, total_tokens=8)) == Usage(8, 0)


def test_details_that_are_null_are_none():
    usage = answer(prompt_tokens=8, completion_tokens=2, prompt_tokens_details=None, completion_tokens_details=None)

    assert read_usage(usage) == Usage(8, 2)


def test_openai_responses_say_input_and_output():
    usage = answer(
        input_tokens=10,
        input_tokens_details={"cached_tokens": 4},
        output_tokens=6,
        output_tokens_details={"reasoning_tokens": 5},
        total_tokens=16,
    )

    assert read_usage(usage) == Usage(10, 6, cached_input=4, reasoning=5)


@given(counts, counts, counts, counts)
def test_anthropic_adds_cached_tokens_to_its_input(plain, output, read, written):
    usage = read_usage(
        answer(
            input_tokens=plain,
            output_tokens=output,
            cache_read_input_tokens=read,
            cache_creation_input_tokens=written,
        )
    )

    assert usage == Usage(plain + read + written, output, read, written)


def test_openai_tells_what_was_written_to_its_cache_as_a_part_of_the_prompt():
    details = {"cached_tokens": 4, "cache_write_tokens": 5}
    told = {"usage": {"prompt_tokens": 10, "completion_tokens": 1, "prompt_tokens_details": details}}
    assert read_usage(json.dumps(told).encode()) == Usage(10, 1, 4, 5)
    details["cache_write_tokens"] = 50
    assert read_usage(json.dumps(told).encode()) == Usage(10, 1, 4, 6)

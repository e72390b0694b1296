"""What clients may ask for, and what it becomes."""

import json

import pytest

from litemaas.providers.demo.chat_model import MAX_OUTPUT_TOKENS, Sampling
from litemaas.providers.demo.errors import ApiError
from litemaas.providers.demo.requests import ChatRequest, CompletionRequest, EmbeddingRequest, read

USER = {"role": "user", "content": "Hi"}


def chat(**fields):
    return read(json.dumps({"model": "m", "messages": [USER]} | fields).encode(), ChatRequest, "m")


def completion(**fields):
    return read(json.dumps({"model": "m", "prompt": "Once"} | fields).encode(), CompletionRequest, "m")


def test_a_chat_takes_the_likeliest_tokens_unless_asked_otherwise():
    assert chat().sampling(0) == Sampling(
        max_tokens=MAX_OUTPUT_TOKENS,
        temperature=0.0,
        top_p=1.0,
        frequency_penalty=0.0,
        presence_penalty=0.0,
        seed=None,
        stop=("\nUser:", "\n\n"),
    )


def test_null_means_not_set():
    fields = dict.fromkeys(
        ["max_tokens", "temperature", "top_p", "seed", "stop", "n", "stream", "stream_options", "tools", "logprobs"]
    )

    assert chat(**fields).sampling(0) == chat().sampling(0)


def test_what_the_client_sets_is_kept():
    request = chat(
        temperature=0.7, top_p=0, frequency_penalty=1, presence_penalty=-1, seed=5, stop=["a", ""], max_tokens=9
    )

    assert request.sampling(0) == Sampling(9, 0.7, 0.0, 1.0, -1.0, 5, ("\nUser:", "\n\n", "a"))


def test_the_newer_maximum_stands_above_the_older():
    assert chat(max_tokens=9, max_completion_tokens=7).sampling(0).max_tokens == 7


def test_each_choice_has_a_seed_of_its_own():
    assert [chat(seed=5).sampling(choice).seed for choice in range(3)] == [5, 6, 7]


def test_a_completion_has_openais_default_maximum_and_no_stops_of_ours():
    sampling = completion(stop="x").sampling(0)

    assert (sampling.max_tokens, sampling.stop) == (16, ("x",))


def test_one_prompt_or_text_is_a_list_of_one():
    assert completion().prompts == ["Once"]
    assert read(b'{"model": "m", "input": "cat"}', EmbeddingRequest, "m").texts == ["cat"]


@pytest.mark.parametrize(
    "fields",
    [
        {
            "user": "someone",
            "metadata": {"a": "b"},
            "store": False,
            "service_tier": "auto",
            "parallel_tool_calls": True,
        },
        {"tools": [], "tool_choice": "none", "logprobs": False, "logit_bias": {}, "response_format": {"type": "text"}},
    ],
    ids=["makes no difference", "asks for nothing"],
)
def test_fields_that_change_nothing_are_let_pass(fields):
    assert chat(**fields).sampling(0) == chat().sampling(0)


@pytest.mark.parametrize(
    "fields",
    [
        {"tools": [{"type": "function"}]},
        {"functions": [{"name": "f"}]},
        {"audio": {"voice": "ash"}},
        {"logit_bias": {"1": 2}},
        {"logprobs": True},
        {"response_format": {"type": "json_schema"}},
    ],
)
def test_fields_that_would_change_the_answer_are_refused(fields):
    with pytest.raises(ApiError) as refused:
        chat(**fields)

    assert (refused.value.status, refused.value.code) == (400, "unsupported_parameter")


@pytest.mark.parametrize(
    ("body", "message", "param"),
    [
        (b"{", "The body of the request is not JSON: Input data was truncated", None),
        (b"[]", "Expected `object`, got `array`", None),
        (b"{}", "Object missing required field `model`", None),
        (
            b'{"model": "m", "messages": [{"role": "user", "content": 7}]}',
            "messages[0].content: Expected `str | array | null`, got `int`",
            "messages[0].content",
        ),
    ],
)
def test_a_malformed_body_is_refused_with_its_place(body, message, param):
    with pytest.raises(ApiError) as refused:
        read(body, ChatRequest, "m")

    assert refused.value.body() == {
        "error": {"message": message, "type": "invalid_request_error", "param": param, "code": None}
    }

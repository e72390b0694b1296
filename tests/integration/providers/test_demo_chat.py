"""The demo's chat completions, through OpenAI's own client."""

import openai
import pytest

pytestmark = pytest.mark.xdist_group("demo")

CAPITAL = [{"role": "user", "content": "What is the capital of France?"}]


def ask(client, messages=CAPITAL, **options):
    return client.chat.completions.create(model="gemma-3-270m", messages=messages, **options)


def text_of(chunks):
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def test_a_question_is_answered(client):
    answer = ask(client)

    assert answer.object == "chat.completion"
    assert answer.model == "gemma-3-270m"
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.content == "The capital of France is Paris."
    assert answer.choices[0].finish_reason == "stop"


def test_the_system_prompt_is_respected(client):
    answer = ask(
        client,
        [
            {"role": "system", "content": "Your name is Ada. You work at the post office."},
            {"role": "user", "content": "What is your name?"},
        ],
        seed=1,  # without it, what the last test left in the cache may change a word
    )

    assert answer.choices[0].message.content == "My name is Ada."


def test_a_follow_up_question_is_understood(client):
    answer = ask(
        client,
        [
            *CAPITAL,
            {"role": "assistant", "content": "The capital of France is Paris."},
            {"role": "user", "content": "And of Italy?"},
        ],
        seed=1,
    )

    assert "Rome" in answer.choices[0].message.content


def test_text_in_parts_is_read(client):
    parts = [{"type": "text", "text": "What is the capital"}, {"type": "text", "text": "of France?"}]

    assert "Paris" in ask(client, [{"role": "user", "content": parts}]).choices[0].message.content


def test_usage_counts_the_tokens(client):
    short = ask(client, seed=1).usage
    longer = ask(client, [{"role": "user", "content": "Tell me please: what is the capital of France?"}], seed=1).usage

    assert short.completion_tokens == 8  # The| capital| of| France| is| Paris|.| and the stop
    assert short.total_tokens == short.prompt_tokens + short.completion_tokens
    assert longer.prompt_tokens > short.prompt_tokens


def test_a_long_chat_that_goes_on_is_not_read_anew(client):
    chat = [{"role": "user", "content": "word " * 600}]
    said = ask(client, chat, max_tokens=4)
    reply = {"role": "assistant", "content": said.choices[0].message.content}
    usage = ask(client, [*chat, reply, {"role": "user", "content": "Why?"}], max_tokens=4).usage

    assert said.usage.prompt_tokens <= usage.prompt_tokens_details.cached_tokens < usage.prompt_tokens


def test_a_stream_says_the_same_as_the_whole_answer(client):
    with ask(client, stream=True) as stream:
        chunks = list(stream)

    assert text_of(chunks) == "The capital of France is Paris."
    assert len(chunks) > 4
    assert {chunk.object for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk.id for chunk in chunks}) == 1
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason] == ["stop"]


def test_a_stream_has_a_usage_chunk_only_if_it_is_asked_for(client):
    with ask(client, stream=True) as stream:
        assert not any(chunk.usage for chunk in stream)
    with ask(client, stream=True, stream_options={"include_usage": True}) as stream:
        *parts, last = stream

    assert not any(part.usage for part in parts)
    assert last.choices == []
    assert last.usage.completion_tokens == 8


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_the_clients_maximum_ends_an_answer(client, name):
    answer = ask(client, **{name: 3})

    assert answer.choices[0].message.content == "The capital of"
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 3


@pytest.mark.parametrize("stop", [" France", [" France", "never said"]])
def test_the_clients_stops_end_an_answer(client, stop):
    answer = ask(client, stop=stop)

    assert answer.choices[0].message.content == "The capital of"
    assert answer.choices[0].finish_reason == "stop"


def test_a_seed_repeats_an_answer_and_another_seed_does_not(client):
    story = [{"role": "user", "content": "Tell me a story about a robot and a bird."}]

    def drawn(seed):
        return ask(client, story, temperature=1.5, seed=seed, max_tokens=24).choices[0].message.content

    first = drawn(1)
    assert drawn(1) == first
    assert any(drawn(seed) != first for seed in (2, 3, 4))


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_several_choices_differ_and_read_the_prompt_once(client, stream):
    options = {"n": 3, "temperature": 1.5, "seed": 1, "max_tokens": 12}
    single = ask(client, seed=1).usage
    if stream:
        with ask(client, stream=True, stream_options={"include_usage": True}, **options) as chunks:
            *parts, last = chunks
        texts = [text_of(part for part in parts if part.choices[0].index == index) for index in range(3)]
        usage = last.usage
    else:
        answer = ask(client, **options)
        assert [choice.index for choice in answer.choices] == [0, 1, 2]
        texts = [choice.message.content for choice in answer.choices]
        usage = answer.usage

    assert len(set(texts)) > 1
    assert usage.prompt_tokens == single.prompt_tokens
    assert 3 < usage.completion_tokens <= 36


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_a_prompt_longer_than_the_context_is_refused_before_a_status_is_sent(client, stream):
    with pytest.raises(openai.BadRequestError) as refused:
        ask(client, [{"role": "user", "content": "word " * 9000}], stream=stream)

    assert refused.value.code == "context_length_exceeded"
    assert "maximum context length is 8192 tokens" in refused.value.message


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}]},
            "messages[0].content[0].type",
        ),
        ({"temperature": 2.5}, "temperature"),
        ({"top_p": "high"}, "top_p"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"n": 0}, "n"),
        ({"n": 1000}, "n"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"logprobs": True}, "logprobs"),
    ],
)
def test_bad_input_is_refused_by_name(client, options, param):
    with pytest.raises(openai.BadRequestError) as refused:
        ask(client, **{"messages": CAPITAL} | options)

    assert (refused.value.param, refused.value.type) == (param, "invalid_request_error")


def test_a_model_that_is_not_served_here_is_not_found(client):
    with pytest.raises(openai.NotFoundError) as refused:
        client.chat.completions.create(model="all-minilm-l6-v2", messages=CAPITAL)

    assert refused.value.code == "model_not_found"

"""The demo's text completions, through OpenAI's own client."""

import openai
import pytest

pytestmark = pytest.mark.xdist_group("demo")


def complete(client, prompt="1, 2, 3, 4,", **options):
    return client.completions.create(model="gemma-3-270m", prompt=prompt, **options)


def test_a_text_is_continued(client):
    answer = complete(client, max_tokens=6)

    assert answer.object == "text_completion"
    assert answer.choices[0].text == " 5, 6,"
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 6
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 6


def test_without_a_maximum_sixteen_tokens_are_written(client):
    assert complete(client).usage.completion_tokens == 16


def test_a_stop_ends_the_text_before_it(client):
    answer = complete(client, stop="6", max_tokens=40)

    assert answer.choices[0].text == " 5, "
    assert answer.choices[0].finish_reason == "stop"


def test_a_blank_line_does_not_end_a_completion(client):
    answer = complete(client, "a\n\nb\n\nc\n\nd\n\n", max_tokens=8)

    assert "\n\n" in answer.choices[0].text


def test_a_stream_says_the_same_as_the_whole_text(client):
    with complete(client, max_tokens=6, stream=True, stream_options={"include_usage": True}) as stream:
        *parts, last = stream

    assert "".join(part.choices[0].text for part in parts) == " 5, 6,"
    assert parts[-1].choices[0].finish_reason == "length"
    assert last.usage.completion_tokens == 6


def test_each_prompt_gets_its_choices_in_order(client):
    answer = complete(client, ["1, 2, 3, 4,", "Monday, Tuesday, Wednesday,"], n=2, max_tokens=2)

    assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
    texts = [choice.text for choice in answer.choices]
    assert texts[:2] == [" 5"] * 2
    assert texts[2] == texts[3]
    assert "Thursday" in texts[2]


def test_prompts_count_once_each_and_not_for_each_choice(client):
    alone = [complete(client, text, max_tokens=1).usage.prompt_tokens for text in ("1, 2, 3, 4,", "Monday,")]
    together = complete(client, ["1, 2, 3, 4,", "Monday,"], n=2, max_tokens=1).usage

    assert together.prompt_tokens == sum(alone)
    assert together.completion_tokens == 4


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"prompt": []}, "prompt"),
        ({"prompt": [1, 2, 3]}, "prompt[0]"),
        ({"echo": True}, "echo"),
        ({"suffix": "the end"}, "suffix"),
        ({"best_of": 3}, "best_of"),
        ({"logprobs": 2}, "logprobs"),
        ({"stop": 7}, "stop"),
    ],
)
def test_bad_input_is_refused_by_name(client, options, param):
    with pytest.raises(openai.BadRequestError) as refused:
        complete(client, **options)

    assert refused.value.param == param

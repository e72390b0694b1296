"""The demo's embeddings, through OpenAI's own client."""

import math

import openai
import pytest

pytestmark = pytest.mark.xdist_group("demo")

# What sentence-transformers 5 (PyTorch 2.13) gives for the same weights: the first numbers of each vector.
REFERENCE = {
    "This is an example sentence": [0.067657, 0.063496, 0.048713, 0.079305, 0.037448, 0.002653, 0.039375, -0.007098],
    "Each sentence is converted": [0.086439, 0.102763, 0.005395, 0.002044, -0.009963, 0.025386, 0.049288, -0.030627],
    "": [-0.118838, 0.048299, -0.002548, -0.011011, 0.051951, 0.010292, 0.115433, 0.000701],
}


def embed(client, texts, **options):
    return client.embeddings.create(model="all-minilm-l6-v2", input=texts, **options)


def cosine(one, other):
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_near_meanings_have_near_vectors(client):
    cat, kitten, revenue = (item.embedding for item in embed(client, ["cat", "kitten", "revenue"]).data)

    assert cosine(cat, kitten) > cosine(cat, revenue) + 0.3


def test_vectors_agree_with_the_reference_implementation(client):
    answer = embed(client, list(REFERENCE))

    for item, expected in zip(answer.data, REFERENCE.values(), strict=True):
        assert len(item.embedding) == 384
        assert item.embedding[:8] == pytest.approx(expected, abs=2e-6)
        assert math.hypot(*item.embedding) == pytest.approx(1, abs=1e-6)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(client):
    texts = [f"Sentence number {number}" + " and more" * number for number in range(20)]

    batch = embed(client, texts)
    alone = embed(client, texts[13])

    assert [item.index for item in batch.data] == list(range(20))
    assert batch.data[13].embedding == pytest.approx(alone.data[0].embedding, abs=2e-6)


def test_both_encodings_carry_the_same_numbers(client):
    numbers = embed(client, "cat", encoding_format="float").data[0].embedding
    encoded = (
        embed(client, "cat", encoding_format="base64").data[0].embedding
    )  # the client decodes only its own default

    assert isinstance(encoded, str)
    assert embed(client, "cat").data[0].embedding == pytest.approx(numbers, abs=0)


def test_usage_counts_the_tokens_of_all_texts(client):
    one = embed(client, "cat").usage
    two = embed(client, ["cat", "cat sat"]).usage

    assert (one.prompt_tokens, one.total_tokens) == (3, 3)  # [CLS] cat [SEP]
    assert two.prompt_tokens == 3 + 4


def test_a_text_longer_than_the_model_reads_is_refused(client):
    embed(client, "word " * 254)
    with pytest.raises(openai.BadRequestError) as refused:
        embed(client, ["short", "word " * 255])

    assert refused.value.code == "context_length_exceeded"
    assert "maximum context length is 256 tokens" in refused.value.message


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"texts": []}, "input"),
        ({"texts": [[9906, 1917]]}, "input[0]"),
        ({"texts": "cat", "dimensions": 128}, "dimensions"),
        ({"texts": "cat", "encoding_format": "hex"}, "encoding_format"),
    ],
)
def test_bad_input_is_refused_by_name(client, options, param):
    with pytest.raises(openai.BadRequestError) as refused:
        embed(client, **options)

    assert refused.value.param == param

"""What the official SDK reads of our answers."""

from decimal import Decimal

import openai
import pytest

from support.upstream import DONE, STREAM_HEAD, chunk, events, framed, raw, stream

pytestmark = pytest.mark.xdist_group("contract_openai")


async def test_a_chat_is_answered_and_booked(server, sdk, upstream, model, key):
    answer = await sdk.chat(key, model)
    assert answer.choices[0].message.content == "Hello."
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (11, 7)
    (row,) = await server.booked(key)
    assert (row["input_tokens"], row["output_tokens"], row["estimated"], row["streamed"]) == (11, 7, False, False)
    assert row["cost"] == Decimal("0.000025")
    assert await server.rows.spent(key) == row["cost"]
    call = upstream.calls[0]
    assert call.json["model"] == "upstream-name"
    assert call.headers["authorization"] == "Bearer sk-credential-of-the-upstream"


async def test_a_stream_is_passed_on_without_the_usage_that_nobody_asked_for(server, sdk, upstream, model, key):
    chunks = await sdk.chat(key, model, stream=True)
    assert "".join(chunk.choices[0].delta.content for chunk in chunks) == "Hello."
    assert all(chunk.usage is None for chunk in chunks)
    (row,) = await server.booked(key)
    assert (row["input_tokens"], row["output_tokens"], row["estimated"], row["streamed"]) == (11, 7, False, True)
    assert upstream.calls[0].json["stream_options"] == {"include_usage": True}


async def test_usage_is_the_last_chunk_for_who_asks_for_it(server, sdk, model, key):
    chunks = await sdk.chat(key, model, stream=True, stream_options={"include_usage": True})
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 7
    assert len(await server.booked(key)) == 1


async def test_a_text_completion_is_answered(server, sdk, model, key):
    answer = await sdk.call("completions.create", key, model=model, prompt="Hello")
    assert answer.choices[0].text == "Hello."
    (row,) = await server.booked(key)
    assert row["endpoint"] == "/completions"


async def test_embeddings_are_answered_and_cost_their_input(server, sdk, model, key):
    answer = await sdk.call("embeddings.create", key, model=model, input="Hello", encoding_format="float")
    assert answer.data[0].embedding == [0.5, -0.25]
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["input_tokens"], row["output_tokens"]) == ("/embeddings", 11, 7)


async def test_models_are_those_that_the_key_may_call(server, sdk, upstream, model):
    other = await server.rows.model(upstream.url)
    key = await server.rows.key(model)
    listed = await sdk.call("models.list", key)
    assert [one.id for one in listed.data] == [model]
    everything = await sdk.call("models.list", await server.rows.key())
    assert {model, other} <= {one.id for one in everything.data}


@pytest.mark.parametrize("spelling", ["", "/", "/v1", "/v1/"])
async def test_each_spelling_of_the_address_works(server, sdk, model, key, spelling):
    answer = await sdk.chat(key, model, client={"base_url": server.url + spelling})
    assert answer.choices[0].message.content == "Hello."


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("Authorization", "Bearer {}"),
        ("x-litellm-api-key", "{}"),
        ("x-litellm-api-key", "Bearer {}"),
        ("x-api-key", "{}"),
        ("api-key", "{}"),
    ],
)
async def test_the_key_may_come_in_each_of_four_headers(sdk, model, key, header, form):
    headers = {"Authorization": openai.omit, header: form.format(key)}
    answer = await sdk.chat("unused", model, extra_headers=headers)
    assert answer.choices[0].message.content == "Hello."


async def test_a_model_may_be_called_by_its_provider_s_name_too(server, sdk, upstream):
    name = await server.rows.model(upstream.url, "public-name-of-" + sdk.kind.__name__)
    key = await server.rows.key(name)
    answer = await sdk.chat(key, "openai/upstream-name")
    assert answer.choices[0].message.content == "Hello."
    (row,) = await server.booked(key)
    assert row["model"] == name


async def test_an_answer_carries_its_cost_model_limits_and_id(server, sdk, model):
    key = await server.rows.key(rpm_limit=10, tpm_limit=100_000)
    raw_answer = await sdk.call(
        "chat.completions.with_raw_response.create",
        key,
        model=model,
        messages=[{"role": "user", "content": "Hello"}],
        extra_headers={"x-request-id": "my-own-id"},
    )
    headers = raw_answer.headers
    assert headers["x-request-id"] == "my-own-id"
    assert headers["x-litemaas-cost"] == "0.000025"
    assert headers["x-litemaas-model"] == model
    assert headers["x-litemaas-deployment"]
    assert headers["x-ratelimit-limit-requests"] == "10"
    assert headers["x-ratelimit-remaining-requests"] == "9"
    assert headers["x-ratelimit-limit-tokens"] == "100000"
    assert headers["x-ratelimit-remaining-tokens"] == "99982"


async def test_a_stream_that_breaks_off_is_an_error_after_what_came(server, sdk, upstream, model, key):
    upstream.script = raw(STREAM_HEAD, framed(events(chunk("Hello")).removesuffix(DONE)), close=True)
    with pytest.raises(openai.APIError, match="closed the connection"):
        await sdk.chat(key, model, stream=True)
    (row,) = await server.booked(key)
    assert (row["status"], row["error_code"], row["estimated"]) == (502, "upstream_failed", True)


async def test_an_error_event_of_the_upstream_reaches_the_sdk(sdk, upstream, model, key):
    upstream.script = stream(b'data: {"error": {"message": "out of memory", "code": 500}}\n\n')
    with pytest.raises(openai.APIError, match="out of memory"):
        await sdk.chat(key, model, stream=True)

"""Models that do not chat, as the official SDK calls them: images, speech, moderation, reranking."""

import json
from decimal import Decimal

import openai
import pytest

from support.upstream import DONE, STREAM_HEAD, events, framed, http, raw
from support.wire import post

pytestmark = pytest.mark.xdist_group("contract_openai")

FREE = {"input_token": "0", "output_token": "0"}


def images(count: int, **more: object) -> bytes:
    return http(json.dumps({"created": 1, "data": [{"b64_json": "aGk="}] * count} | more).encode())


async def test_images_are_paid_for_one_by_one(server, sdk, upstream):
    model = await server.rows.model(upstream.url, output_image="0.04", **FREE)
    key = await server.rows.key()
    upstream.script = raw(images(2))
    answer = await sdk.call("images.generate", key, model=model, prompt="A house", n=3, size="1024x1024")
    assert len(answer.data) == 2
    assert (upstream.calls[0].path, upstream.calls[0].json["model"]) == ("/v1/images/generations", "upstream-name")
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["cost"]) == ("/images/generations", Decimal("0.08"))
    assert (row["images"], row["seconds"], row["characters"], row["searches"]) == (2, None, None, None)


async def test_images_that_the_money_does_not_suffice_for_are_not_made(server, sdk, upstream):
    model = await server.rows.model(upstream.url, output_image="0.04", **FREE)
    key = await server.rows.key(max_budget="0.1")
    upstream.script = raw(images(2))
    with pytest.raises(openai.RateLimitError) as refused:
        await sdk.call("images.generate", key, model=model, prompt="A house", n=3)
    assert refused.value.code == "insufficient_quota"
    assert not upstream.calls
    await sdk.call("images.generate", key, model=model, prompt="A house", n=2)
    assert len(await server.booked(key)) == 1
    assert await server.rows.spent(key) == Decimal("0.08")


async def test_image_models_that_tell_tokens_are_paid_by_tokens(server, sdk, upstream):
    model = await server.rows.model(upstream.url)
    key = await server.rows.key()
    upstream.script = raw(images(1, usage={"input_tokens": 50, "output_tokens": 4160, "total_tokens": 4210}))
    await sdk.call("images.generate", key, model=model, prompt="A house")
    (row,) = await server.booked(key)
    assert (row["input_tokens"], row["output_tokens"], row["estimated"]) == (50, 4160, False)
    assert row["cost"] == Decimal("0.00005") + Decimal("0.00832")


async def test_a_stream_of_images_is_passed_on_and_paid_for(server, sdk, upstream):
    model = await server.rows.model(upstream.url, output_image="0.04")
    key = await server.rows.key()
    partial = {"type": "image_generation.partial_image", "b64_json": "aA==", "partial_image_index": 0}
    whole = {"type": "image_generation.completed", "b64_json": "aGk=", "usage": {"input_tokens": 5, "output_tokens": 9}}
    upstream.script = raw(STREAM_HEAD, framed(events(partial, whole).removesuffix(DONE)), framed(b""))
    told = await sdk.call("images.generate", key, model=model, prompt="A house", stream=True, partial_images=1)
    assert [one.type for one in told] == [partial["type"], whole["type"]]
    (row,) = await server.booked(key)
    assert (row["streamed"], row["output_tokens"]) == (True, 9)
    assert row["cost"] == Decimal("0.04") + Decimal("0.000005") + Decimal("0.000018")


async def test_speech_is_passed_on_as_it_comes_and_paid_for_by_its_characters(server, sdk, upstream):
    model = await server.rows.model(upstream.url, character="0.000015", **FREE)
    key = await server.rows.key()
    sound = bytes(range(256)) * 4096
    upstream.script = raw(http(sound, "200 OK", "audio/mpeg"))
    answer = await sdk.call("audio.speech.create", key, model=model, voice="alloy", input="Grüß Gott")
    assert answer.content == sound
    assert answer.response.headers["content-type"] == "audio/mpeg"
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["cost"]) == ("/audio/speech", Decimal("0.000135"))
    assert (row["characters"], row["images"]) == (9, None)


async def test_speech_that_breaks_off_is_no_whole_answer(server, sdk, upstream):
    model = await server.rows.model(upstream.url, character="0.000015", **FREE)
    key = await server.rows.key()
    upstream.script = raw(http(b"abc", "200 OK", "audio/mpeg", "Content-Length: 1000"), close=True)
    with pytest.raises(openai.APIConnectionError):
        await sdk.call("audio.speech.create", key, model=model, voice="alloy", input="Hi")
    (row,) = await server.booked(key)
    assert (row["status"], row["cost"]) == (502, Decimal("0.00003"))


async def test_a_refusal_of_a_speech_model_is_told(server, sdk, upstream):
    model = await server.rows.model(upstream.url, character="0.000015")
    key = await server.rows.key()
    upstream.script = raw(http(b'{"error": {"message": "No such voice"}}', "400 Bad Request"))
    with pytest.raises(openai.BadRequestError, match="No such voice"):
        await sdk.call("audio.speech.create", key, model=model, voice="nobody", input="Hi")
    (row,) = await server.booked(key)
    assert (row["status"], row["cost"]) == (400, 0)


async def test_moderation_is_free_unless_it_has_a_price(server, sdk, upstream):
    model = await server.rows.model(upstream.url, **FREE)
    key = await server.rows.key()
    result = {"flagged": False, "categories": {}, "category_scores": {}, "category_applied_input_types": {}}
    upstream.script = raw(http(json.dumps({"id": "m-1", "model": "upstream-name", "results": [result]}).encode()))
    answer = await sdk.call("moderations.create", key, model=model, input="Hello")
    assert answer.results[0].flagged is False
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["cost"]) == ("/moderations", 0)


@pytest.mark.parametrize("path", ["/v1/rerank", "/rerank", "/v2/rerank"])
async def test_reranking_is_paid_for_by_its_searches(server, upstream, path):
    model = await server.rows.model(upstream.url, search="0.002", **FREE)
    key = await server.rows.key()
    told = {"id": "r", "results": [{"index": 0, "relevance_score": 0.9}], "meta": {"billed_units": {"search_units": 2}}}
    upstream.script = raw(http(json.dumps(told).encode()))
    asked = {"model": model, "query": "Where?", "documents": ["Here", "There"], "top_n": 1}
    answer = await server.ask(post(asked, key, path=path))
    assert json.loads(answer.body) == told
    assert upstream.calls[0].path == "/v1/rerank"
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["cost"], row["searches"]) == ("/rerank", Decimal("0.004"), 2)


async def test_tokens_are_counted_beside_the_upstreams_v1_and_cost_nothing(server, upstream):
    model = await server.rows.model(upstream.url)
    key = await server.rows.key()
    upstream.script = raw(http(b'{"count": 3, "tokens": [1, 2, 3]}'))
    answer = await server.ask(post({"model": model, "prompt": "Hello you"}, key, path="/v1/tokenize"))
    assert json.loads(answer.body)["count"] == 3
    assert upstream.calls[0].path == "/tokenize"
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["cost"], row["input_tokens"]) == ("/tokenize", 0, 0)


@pytest.mark.parametrize(
    ("path", "asked", "field"),
    [
        ("/v1/images/generations", {"prompt": "A house", "n": 1000}, "n"),
        ("/v1/audio/speech", {"input": 5}, "input"),
        ("/v1/rerank", {"query": "?", "documents": "a"}, "documents"),
    ],
)
async def test_what_cannot_be_bounded_is_refused(server, upstream, model, key, path, asked, field):
    answer = await server.ask(post({"model": model} | asked, key, path=path))
    assert (answer.status, answer.error["param"]) == (400, field)
    assert not upstream.calls


@pytest.mark.parametrize("path", ["/v1/images/generations", "/v1/audio/speech", "/v1/rerank", "/v1/moderations"])
async def test_nobody_calls_without_a_key(server, upstream, model, path):
    answer = await server.ask(post({"model": model, "input": "x", "prompt": "x", "documents": []}, path=path))
    assert answer.status == 401
    assert not upstream.calls

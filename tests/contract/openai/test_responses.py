"""The official SDK's responses against a model server that serves them itself, and keeps them."""

import asyncio
import json
from decimal import Decimal

import openai
import pytest

from support.responses_upstream import ResponsesUpstream
from support.upstream import STREAM_HEAD, framed, raw, running_upstream

pytestmark = pytest.mark.xdist_group("contract_openai")


@pytest.fixture
async def native(server, upstream) -> str:
    """A model whose only deployment serves responses."""
    upstream.script = ResponsesUpstream()
    return await server.rows.model(upstream.url, credential="sk-credential-of-the-upstream", provider="hosted_vllm")


@pytest.fixture
async def ann(server, native) -> str:
    await server.rows.connection.execute(
        "INSERT INTO users (id, models) VALUES ('ann', '{all-proxy-models}') ON CONFLICT DO NOTHING"
    )
    return await server.rows.key(user_id="ann")


async def make(sdk, key: str, model: str, **arguments: object):
    return await sdk.call("responses.create", key, **{"model": model, "input": "Hello"} | arguments)


async def test_a_response_is_answered_and_booked(server, sdk, upstream, native, ann):
    response = await make(sdk, ann, native, max_output_tokens=9)
    assert (response.output_text, response.status) == ("Hello.", "completed")
    row = (await server.rows.booked(ann) or await server.booked(ann))[0]
    assert (row["endpoint"], row["estimated"], row["cost"]) == ("/responses", False, Decimal("0.000025"))
    assert (row["input_tokens"], row["cached_input_tokens"], row["reasoning_tokens"]) == (11, 5, 2)
    call = upstream.calls[0]
    assert (call.path, call.json) == (
        "/v1/responses",
        {"model": "upstream-name", "input": "Hello", "max_output_tokens": 9},
    )


async def test_a_stream_goes_through_and_is_booked(server, sdk, native, ann):
    events = await make(sdk, ann, native, stream=True)
    assert [event.type for event in events[-2:]] == ["response.output_item.done", "response.completed"]
    assert events[-1].response.output_text == "Hello."
    (row,) = await server.booked(ann)
    assert (row["input_tokens"], row["output_tokens"], row["streamed"], row["estimated"]) == (11, 7, True, False)


async def test_a_stream_that_breaks_off_is_an_error(server, sdk, upstream, native, ann):
    created = b'event: response.created\ndata: {"type": "response.created", "response": {"id": "resp_broken"}}\n\n'
    upstream.script = raw(STREAM_HEAD, framed(created), close=True)
    with pytest.raises(openai.APIError, match="closed the connection"):
        await make(sdk, ann, native, stream=True)
    (row,) = await server.booked(ann)
    assert (row["status"], row["estimated"]) == (502, True)


@pytest.mark.parametrize("stream", [False, True])
async def test_a_kept_response_can_be_read_continued_and_deleted(sdk, upstream, native, ann, stream):
    made = await make(sdk, ann, native, stream=stream)
    kept = made[-1].response if stream else made
    read = await sdk.call("responses.retrieve", ann, response_id=kept.id, include=["reasoning.encrypted_content"])
    assert (read.id, read.output_text) == (kept.id, "Hello.")
    assert upstream.calls[-1].path.startswith(f"/v1/responses/{kept.id}?include")
    assert upstream.calls[-1].headers["authorization"] == "Bearer sk-credential-of-the-upstream"
    items = await sdk.call("responses.input_items.list", ann, response_id=kept.id)
    assert items.data[0].role == "user"
    assert (await sdk.call("responses.cancel", ann, response_id=kept.id)).id == kept.id
    following = await make(sdk, ann, native, previous_response_id=kept.id)
    assert following.id != kept.id
    assert upstream.calls[-1].json["previous_response_id"] == kept.id
    await sdk.call("responses.delete", ann, response_id=kept.id)
    with pytest.raises(openai.NotFoundError):
        await sdk.call("responses.retrieve", ann, response_id=kept.id)


async def test_nobody_else_can_touch_a_kept_response(server, sdk, upstream, native, ann):
    kept = await make(sdk, ann, native)
    calls = len(upstream.calls)
    for other in (await server.rows.key(), await server.rows.key(user_id=None, blocked=False)):
        for method in ("retrieve", "delete", "cancel", "input_items.list"):
            with pytest.raises(openai.NotFoundError, match="no response"):
                await sdk.call(f"responses.{method}", other, response_id=kept.id)
        with pytest.raises(openai.NotFoundError, match="no response"):
            await make(sdk, other, native, previous_response_id=kept.id)
    with pytest.raises(openai.AuthenticationError):
        await sdk.call("responses.retrieve", "sk-unknown", response_id=kept.id)
    assert len(upstream.calls) == calls


async def test_another_key_of_the_same_user_can(server, sdk, native, ann):
    kept = await make(sdk, ann, native)
    other = await server.rows.key(user_id="ann")
    assert (await sdk.call("responses.retrieve", other, response_id=kept.id)).id == kept.id
    limited = await server.rows.key("something-else", user_id="ann")
    with pytest.raises(openai.PermissionDeniedError):
        await sdk.call("responses.retrieve", limited, response_id=kept.id)


async def test_what_is_not_to_be_kept_is_not_known_here(sdk, native, ann):
    made = await make(sdk, ann, native, store=False)
    with pytest.raises(openai.NotFoundError):
        await make(sdk, ann, native, previous_response_id=made.id)


async def test_a_response_is_continued_where_it_is_kept(server, sdk, upstream, native, ann):
    async with running_upstream(ResponsesUpstream("second")) as second:
        await server.rows.connection.execute(
            """
            INSERT INTO deployments (id, group_id, provider, upstream_model, api_base)
            SELECT $1, id, 'hosted_vllm', 'upstream-name', $2 FROM model_groups WHERE name = $3
            """,
            f"second-of-{native}",
            second.url,
            native,
        )
        await server.rows.key()  # the gateway knows the deployment when it knows this key
        made = await asyncio.gather(*(make(sdk, ann, native) for _ in range(12)))
        assert {one.id.split("_")[1] for one in made} == {"up", "second"}
        for one in made:
            following = await make(sdk, ann, native, previous_response_id=one.id)
            assert following.id.split("_")[1] == one.id.split("_")[1]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"conversation": "conv_1"}, "conversation"),
        ({"background": True}, "background"),
        ({"input": [{"type": "item_reference", "id": "msg_1"}]}, "send them whole"),
    ],
)
async def test_what_is_not_kept_apart_by_key_is_refused(sdk, upstream, native, ann, fields, told):
    with pytest.raises(openai.BadRequestError, match=told):
        await make(sdk, ann, native, **fields)
    assert upstream.calls == []


async def test_a_file_of_somebody_else_cannot_be_named(sdk, upstream, native, ann):
    part = {"type": "input_file", "file_id": "file-of-somebody"}
    with pytest.raises(openai.NotFoundError, match="no file"):
        await make(sdk, ann, native, input=[{"role": "user", "content": [part]}])
    assert upstream.calls == []


async def test_a_call_that_goes_on_holds_what_came_before(server, sdk, native):
    """A hold is a bound: the upstream adds 18 tokens, dearer than the budget, to a prompt of a few."""
    key = await server.rows.key(max_budget="0.0002")
    kept = await make(sdk, key, native, max_output_tokens=8)
    await server.rows.connection.execute("UPDATE upstream_objects SET tokens = 1000 WHERE id = $1", kept.id)
    with pytest.raises(openai.RateLimitError) as caught:
        await make(sdk, key, native, max_output_tokens=8, previous_response_id=kept.id)
    assert caught.value.code == "insufficient_quota"


async def test_a_flag_says_that_a_deployment_serves_responses(server, sdk, upstream, model, key):
    upstream.script = ResponsesUpstream()
    flag = json.dumps({"supports_responses": True})
    await server.rows.connection.execute(
        "UPDATE deployments SET metadata = $1::jsonb FROM model_groups g WHERE g.id = group_id AND g.name = $2",
        flag,
        model,
    )
    await server.rows.key()
    assert (await make(sdk, key, model)).id.startswith("resp_up")
    assert upstream.calls[0].path == "/v1/responses"

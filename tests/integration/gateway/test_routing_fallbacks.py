"""A model that cannot serve a call is stood in for by others, as far as the key may call them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal

import pytest

from support.fleet import MICRO, Fleet, failing, fleet, nothing_held, until
from support.gateway import InProcess
from support.upstream import USAGE, http
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_routing_fallbacks")

OUTPUT = USAGE["completion_tokens"]
TOO_LONG = "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens."


@asynccontextmanager
async def fleets(gateway: InProcess, *sizes: int, **routing: object) -> AsyncIterator[list[Fleet]]:
    """Models of so many deployments; `routing` is the first one's, and its fallbacks are the others."""
    async with AsyncExitStack() as stack:
        others = [await stack.enter_async_context(fleet(gateway, *[{}] * size)) for size in sizes[1:]]
        names = [other.name for other in others]
        routing = routing or {"fallbacks": names}
        routing = {name: names if value is ... else value for name, value in routing.items()}
        first = await stack.enter_async_context(fleet(gateway, *[{}] * sizes[0], **routing))
        first.answer_with(*[failing()] * sizes[0])
        yield [first, *others]


async def test_another_model_stands_in_when_all_deployments_failed(gateway):
    async with fleets(gateway, 2, 2) as (model, other):
        key = await gateway.rows.key(model.name, other.name, max_budget="1")
        answer = await model.ask(key, stream=True)
        assert (answer.status, answer.headers["x-litemaas-attempts"]) == (200, "3")
        assert answer.headers["x-litemaas-model"] == other.name
        assert (model.calls, other.calls) == ([1, 1], [1, 0])
        (row,) = await gateway.booked(key)
        assert (row["model"], row["deployment_id"], row["attempts"]) == (other.name, other.deployment(0), 3)
        assert row["cost"] == await gateway.rows.spent(key) == OUTPUT * MICRO
        await nothing_held(gateway)


async def test_a_model_that_the_key_may_not_call_does_not_stand_in(gateway):
    async with fleets(gateway, 1, 1, 1) as (model, closed, open_):
        key = await gateway.rows.key(model.name, open_.name)
        assert (await model.ask(key)).headers["x-litemaas-model"] == open_.name
        assert closed.calls == [0]

        narrow = await gateway.rows.key(model.name)
        answer = await model.ask(narrow)
        assert (answer.status, answer.error["code"]) == (502, "upstream_failed")
        assert closed.calls == [0]
        await nothing_held(gateway)


async def test_the_next_stands_in_when_one_that_stood_in_fails_too(gateway):
    async with fleets(gateway, 1, 2, 0, 1) as (model, second, _, fourth):
        second.answer_with(failing("429 No"), failing("500 No"))
        key = await gateway.rows.key()
        answer = await model.ask(key)
        assert (answer.status, answer.headers["x-litemaas-attempts"]) == (200, "4")
        assert (model.calls, second.calls, fourth.calls) == ([1], [1, 1], [1])
        assert [row["model"] for row in await gateway.booked(key)] == [fourth.name]
        await nothing_held(gateway)


async def test_each_model_has_retries_of_its_own(gateway):
    async with fleets(gateway, 3, 3) as (model, other):
        other.answer_with(failing(), failing(), other.upstreams[2].script)
        key = await gateway.rows.key()
        assert (await model.ask(key)).headers["x-litemaas-attempts"] == "6"
        assert (model.calls, other.calls) == ([1, 1, 1], [1, 1, 1])


async def test_models_that_stand_in_for_each_other_are_each_tried_once(gateway):
    async with fleets(gateway, 1, 1) as (model, other):
        other.answer_with(failing("429 No", "the last one"))
        statement = "UPDATE model_groups SET routing = jsonb_build_object('fallbacks', $2::text[]) WHERE id = $1"
        await gateway.rows.connection.execute(statement, other.group, [model.name, other.name])
        key = await gateway.rows.key()
        answer = await model.ask(key)
        assert (answer.status, answer.error["message"]) == (429, "the last one")
        assert (model.calls, other.calls) == ([1], [1])
        (row,) = await gateway.booked(key)
        assert (row["attempts"], row["cost"]) == (2, 0)
        await nothing_held(gateway)


# --- what the key may ---


async def test_a_key_of_one_call_at_a_time_is_stood_in_for(gateway):
    async with fleets(gateway, 1, 1) as (model, other):
        key = await gateway.rows.key(max_parallel_requests=1)
        assert (await model.ask(key)).headers["x-litemaas-model"] == other.name
        await nothing_held(gateway)


async def test_a_call_that_stands_in_counts_as_a_call_of_its_own(gateway):
    async with fleets(gateway, 1, 1) as (model, other):
        key = await gateway.rows.key(rpm_limit=3)
        answer = await model.ask(key)
        assert (answer.status, answer.headers["x-ratelimit-remaining-requests"]) == (200, "1")
        answer = await model.ask(key)
        assert (answer.status, answer.error["code"]) == (502, "upstream_failed")
        assert other.calls == [1]
        await nothing_held(gateway)


async def test_the_limit_of_the_key_for_the_other_model_counts(gateway):
    async with fleets(gateway, 1, 1) as (model, other):
        key = await gateway.rows.key(model_rpm_limit=json.dumps({other.name: 1}))
        assert [(await model.ask(key)).status for _ in range(2)] == [200, 502]
        await nothing_held(gateway)


async def test_money_for_one_call_at_a_time_suffices(gateway):
    async with fleets(gateway, 1, 1) as (model, other):
        key = await gateway.rows.key(max_budget=str(30 * MICRO))  # twenty tokens are held
        assert (await model.ask(key)).headers["x-litemaas-model"] == other.name
        await nothing_held(gateway)


async def test_money_of_the_other_model_s_own_budget_is_asked_for(gateway):
    async with fleets(gateway, 1, 1, 1) as (model, poor, rich):
        key = await gateway.rows.key()
        await limit(gateway, key, poor.name, 5 * MICRO)
        await limit(gateway, key, rich.name, 30 * MICRO)
        assert (await model.ask(key)).headers["x-litemaas-model"] == rich.name
        assert poor.calls == [0]
        await nothing_held(gateway)


async def limit(gateway: InProcess, key: str, model: str, dollars: Decimal) -> str:
    """Give the key a budget for one model; returns its account."""
    account = f"key:{await gateway.rows.id_of(key)}/model:{model}"
    execute = gateway.rows.connection.execute
    async with gateway.rows.connection.transaction():
        await execute("INSERT INTO accounts (id, max_budget) VALUES ($1, $2)", account, dollars)
        await execute("INSERT INTO balances (account_id) VALUES ($1)", account)
    await gateway.platform.snapshot.catch_up()
    return account


async def test_a_key_that_was_blocked_meanwhile_goes_no_further(gateway):
    async def held(call):
        await blocked.wait()
        await call.send(http(b"{}", "503 No"))

    blocked = asyncio.Event()
    async with fleets(gateway, 1, 1) as (model, other):
        model.answer_with(held)
        key = await gateway.rows.key()
        asking = asyncio.ensure_future(model.ask(key))
        await model.upstreams[0].until(lambda: model.upstreams[0].calls)
        statement = "UPDATE keys SET blocked = true WHERE id = $1"
        await gateway.rows.connection.execute(statement, await gateway.rows.id_of(key))
        await gateway.platform.snapshot.catch_up()
        blocked.set()
        assert (await asking).status == 502
        assert other.calls == [0]
        await nothing_held(gateway)


async def test_a_client_that_leaves_while_another_model_s_money_is_asked_for_leaves_nothing(gateway):
    async with fleets(gateway, 1, 1) as (model, other):
        key = await gateway.rows.key(max_budget="1")
        account = await limit(gateway, key, other.name, 30 * MICRO)
        async with gateway.rows.connection.transaction():
            await gateway.rows.connection.execute("SELECT 1 FROM balances WHERE account_id = $1 FOR UPDATE", account)
            async with wire_to(gateway.address) as wire:
                await wire.send(post(hello(model.name), key))
                lease = gateway.platform.budgets.lease_of(account)
                await until(lambda: lease.waiting)
            await nothing_held(gateway)
        (row,) = await gateway.booked(key)
        assert (row["status"], row["model"], row["cost"], row["attempts"]) == (499, model.name, 0, 1)


# --- prompts that are too long ---


@pytest.mark.parametrize(
    "error",
    [
        {"message": "Too long.", "type": "invalid_request_error", "code": "context_length_exceeded"},  # OpenAI
        {"message": TOO_LONG, "type": "BadRequestError", "param": None, "code": 400},  # vLLM
        {"message": "the request exceeds the available context size", "type": "exceed_context_size_error", "code": 400},
    ],
    ids=["openai", "vllm", "llama.cpp"],
)
async def test_a_prompt_that_is_too_long_goes_to_a_model_with_more_room(gateway, error):
    async with fleets(gateway, 2, 1, context_window_fallbacks=...) as (model, other):
        model.answer_with(failing("400 Bad Request", **error), failing("400 Bad Request", **error))
        key = await gateway.rows.key(max_budget="1")
        answer = await model.ask(key)
        assert (answer.status, answer.headers["x-litemaas-model"]) == (200, other.name)
        assert (model.calls, other.calls) == ([1, 0], [1])
        assert model.state(0).cooling_until == 0
        (row,) = await gateway.booked(key)
        assert (row["model"], row["attempts"]) == (other.name, 2)

        narrow = await gateway.rows.key(model.name)
        answer = await model.ask(narrow)
        assert (answer.status, answer.error["code"]) == (400, "context_length_exceeded")
        await nothing_held(gateway)


async def test_another_refusal_does_not_go_to_a_model_with_more_room(gateway):
    async with fleets(gateway, 1, 1, context_window_fallbacks=..., fallbacks=...) as (model, other):
        model.answer_with(failing("400 Bad Request", "temperature is too large", code=400))
        key = await gateway.rows.key()
        assert (await model.ask(key)).status == 400
        assert other.calls == [0]
        await nothing_held(gateway)


async def test_a_failure_does_not_go_to_a_model_with_more_room(gateway):
    async with fleets(gateway, 1, 1, context_window_fallbacks=...) as (model, other):
        key = await gateway.rows.key()
        assert (await model.ask(key)).status == 502
        assert other.calls == [0]
        await nothing_held(gateway)

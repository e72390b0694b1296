"""Calls find their way over the deployments of a model: by strategy, and past those that fail."""

import asyncio
import time

import pytest

from support.fleet import MICRO, failing, fleet, nobody, nothing_held, router_of
from support.upstream import STREAM_HEAD, USAGE, chat, chunk, events, framed, hanging, http, raw
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_routing")

OUTPUT = USAGE["completion_tokens"]


@pytest.fixture
async def anyone(gateway):
    return await gateway.rows.key()


# --- strategies ---


async def test_weights_share_out_the_calls(gateway):
    async with fleet(gateway, {"weight": 3.0}, {"weight": 1.0}, {"weight": 0.0}, strategy="simple-shuffle") as model:
        key = await gateway.rows.key()
        async with wire_to(gateway.address) as wire:
            for _ in range(200):
                await wire.ask(post(hello(model.name), key))
        assert model.calls[0] > model.calls[1] > 0  # the contrary has a probability below 1e-12
        assert model.calls[2] == 0


async def test_the_least_busy_deployment_takes_the_next_call(gateway):
    async with fleet(gateway, {}, {}, strategy="least-busy") as model:
        key = await gateway.rows.key()
        model.answer_with(hanging(), hanging())
        wires = [asyncio.ensure_future(model.ask(key)) for _ in range(6)]
        for upstream in model.upstreams:
            await upstream.until(lambda one=upstream: len(one.calls) == 3)
        for wire in wires:
            wire.cancel()
        await asyncio.gather(*wires, return_exceptions=True)
        await nothing_held(gateway)


async def test_the_fastest_deployment_takes_the_calls_once_all_are_known(gateway):
    async def slow(call):
        await answered.wait()
        await call.send(http(b"{}"))

    answered = asyncio.Event()
    async with fleet(gateway, {}, {}, strategy="latency-based-routing") as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = slow
        first = asyncio.ensure_future(model.ask(key))
        await model.upstreams[0].until(lambda: model.upstreams[0].calls)
        await model.ask(key)  # to the other, which nobody knows yet; it begins later and ends sooner
        assert model.calls == [1, 1]
        answered.set()
        await first
        for _ in range(5):
            await model.ask(key)
        assert model.calls == [1, 6]


async def test_latency_is_the_deployment_s_own_without_what_happened_before(gateway):
    async def dying(call):
        await asyncio.sleep(0.3)
        nonlocal failed_at
        failed_at = time.time()
        await call.send(http(b"{}", "503 Service Unavailable"))

    failed_at = 0.0
    async with fleet(gateway, {}, {}) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = dying
        assert (await model.ask(key)).status == 200
        assert model.state(1).latency <= time.time() - failed_at


async def test_the_cheapest_deployment_takes_the_calls(gateway):
    async with fleet(gateway, {}, {}, strategy="lowest-cost") as model:
        key = await gateway.rows.key()
        for _ in range(5):
            await model.ask(key)
        assert model.calls == [5, 0]


# --- another deployment ---


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 500, 502, 503, 504, 507, 529])
async def test_a_call_that_a_deployment_cannot_serve_goes_to_another(gateway, status):
    async with fleet(gateway, {}, {}) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = failing(f"{status} No")
        answer = await model.ask(key)
        assert (answer.status, answer.headers["x-litemaas-attempts"]) == (200, "2")
        assert answer.headers["x-litemaas-deployment"] == model.deployment(1)
        (row,) = await gateway.booked(key)
        assert (row["status"], row["attempts"], row["deployment_id"]) == (200, 2, model.deployment(1))
        assert row["cost"] == await gateway.rows.spent(key) == OUTPUT * 2 * MICRO  # the price of who served
        await nothing_held(gateway)


@pytest.mark.parametrize("script", [raw(close=True), raw(b"this is not HTTP", close=True)], ids=["closed", "garbage"])
async def test_a_deployment_that_does_not_speak_is_passed_over(gateway, script):
    async with fleet(gateway, {}, {}) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = script
        assert (await model.ask(key)).status == 200
        assert model.calls == [1, 1]


async def test_a_deployment_that_breaks_off_its_failure_is_passed_over(gateway):
    async with fleet(gateway, {}, {}) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = raw(http(b"fail", "500 No", "text/plain", "Content-Length: 10"), close=True)
        assert (await model.ask(key)).status == 200


async def test_a_deployment_that_nobody_can_reach_is_passed_over(gateway):
    async with fleet(gateway, {"api_base": nobody()}, {}) as model:
        key = await gateway.rows.key()
        answer = await model.ask(key, stream=True)
        assert (answer.status, answer.headers["x-litemaas-attempts"]) == (200, "2")
        (row,) = await gateway.booked(key)
        assert (row["streamed"], row["attempts"]) == (True, 2)


async def test_an_address_that_is_none_ends_the_call_and_leaves_nothing_behind(gateway):
    async with fleet(gateway, {}, {"api_base": "nowhere"}, {}) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = failing()
        assert (await model.ask(key)).status == 500
        await nothing_held(gateway)


async def test_an_answer_at_the_first_attempt_says_nothing_of_attempts(gateway):
    async with fleet(gateway, {}, {}) as model:
        key = await gateway.rows.key()
        assert "x-litemaas-attempts" not in (await model.ask(key)).headers
        assert [row["attempts"] for row in await gateway.booked(key)] == [1]


@pytest.mark.parametrize("status", [400, 409, 422])
async def test_a_request_that_is_refused_for_itself_goes_nowhere_else(gateway, status):
    async with fleet(gateway, {}, {}) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = failing(f"{status} No", "not so")
        answer = await model.ask(key)
        assert (answer.status, answer.error["message"]) == (status, "not so")
        assert model.calls == [1, 0]


async def test_a_time_out_is_never_tried_again(gateway):
    async with fleet(gateway, {"timeouts": '{"first_byte": 0.1}'}, {}) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = hanging()
        answer = await model.ask(key)
        assert (answer.status, answer.error["code"]) == (504, "upstream_timeout")
        assert model.calls == [1, 0]
        (row,) = await gateway.booked(key)
        assert (row["status"], row["cost"], row["attempts"]) == (504, 0, 1)
        await nothing_held(gateway)


@pytest.mark.parametrize("usage", [USAGE, None])
async def test_a_stream_that_breaks_off_is_not_begun_again(gateway, usage):
    async with fleet(gateway, {}, {}) as model:
        key = await gateway.rows.key()
        begun = events(chunk("Hello", usage=usage))[:-14]
        model.upstreams[0].script = raw(STREAM_HEAD, framed(begun), close=True)
        answer = await model.ask(key, stream=True)
        assert answer.status == 200
        assert b"upstream_failed" in answer.body
        assert model.calls == [1, 0]
        (row,) = await gateway.booked(key)
        assert (row["status"], row["output_tokens"]) == (502, OUTPUT if usage else 1)
        await nothing_held(gateway)


@pytest.mark.parametrize(("retries", "calls"), [(0, [1, 0, 0]), (1, [1, 1, 0]), (2, [1, 1, 1]), (9, [1, 1, 1])])
async def test_retries_are_bounded_and_each_goes_to_another_deployment(gateway, retries, calls):
    async with fleet(gateway, {}, {}, {}, retries=retries) as model:
        key = await gateway.rows.key()
        model.answer_with(failing(), failing(), failing())
        assert (await model.ask(key)).status == 502
        assert model.calls == calls
        (row,) = await gateway.booked(key)
        assert (row["attempts"], row["cost"], row["error_code"]) == (sum(calls), 0, "upstream_failed")


async def test_when_all_fail_the_last_failure_is_told(gateway):
    async with fleet(gateway, {}, {}) as model:
        key = await gateway.rows.key()
        model.answer_with(failing("404 Not Found", "who?"), failing("429 No", "slower", "Retry-After: 17"))
        answer = await model.ask(key)
        assert (answer.status, answer.error["message"], answer.headers["retry-after"]) == (429, "slower", "17")
        model.answer_with(failing("429 No", "slower", "Retry-After: 17"), failing("401 No"))
        answer = await model.ask(key)
        assert (answer.status, answer.error["code"]) == (502, "upstream_auth")
        assert "retry-after" not in answer.headers
        await nothing_held(gateway)


# --- cooldown ---


async def test_a_deployment_that_fails_too_often_rests_and_comes_back(gateway, monkeypatch):
    async with fleet(gateway, {}, {}, allowed_fails=2, cooldown_seconds=30) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = failing()
        for _ in range(5):
            assert (await model.ask(key)).status == 200
        assert model.calls == [3, 5]

        model.upstreams[0].script = chat()
        router = router_of(gateway)
        monkeypatch.setattr(router, "monotonic", lambda: time.monotonic() + 31)
        assert (await model.ask(key)).status == 200
        assert model.calls == [4, 5]


# --- changes while calls are in flight ---


async def test_a_removed_deployment_ends_its_calls_and_gets_no_more(gateway):
    async def held(call):
        await ending.wait()
        await call.send(http(b'{"usage": {"prompt_tokens": 1, "completion_tokens": 1}}'))

    ending = asyncio.Event()
    async with fleet(gateway, {}, {}) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = held
        first = asyncio.ensure_future(model.ask(key))
        await model.upstreams[0].until(lambda: model.upstreams[0].calls)
        await gateway.rows.connection.execute("DELETE FROM deployments WHERE id = $1", model.deployment(0))
        await gateway.platform.snapshot.catch_up()

        assert (await model.ask(key)).headers["x-litemaas-deployment"] == model.deployment(1)
        ending.set()
        answer = await first
        assert (answer.status, answer.headers["x-litemaas-deployment"]) == (200, model.deployment(0))
        assert model.calls == [1, 1]
        rows = await gateway.booked(key, 2)
        assert {row["cost"] for row in rows} == {MICRO, OUTPUT * 2 * MICRO}
        await nothing_held(gateway)

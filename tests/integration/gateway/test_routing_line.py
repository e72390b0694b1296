"""Deployments have limits of their own; calls beyond them stand in a fair line, and leave nothing behind."""

import asyncio

import pytest

from support.fleet import MICRO, Fleet, failing, fleet, nothing_held, router_of
from support.gateway import gateway_in_process
from support.upstream import Call, completion, hanging, http
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_routing_line")

FOUR = {"max_parallel_requests": 4}
ONE = {"max_parallel_requests": 1}


class Gate:
    """A script whose calls end one by one, when the test says so."""

    def __init__(self) -> None:
        self._may_end = asyncio.Semaphore(0)

    async def __call__(self, call: Call) -> None:
        await self._may_end.acquire()
        await call.send(http(completion()))

    def end(self, count: int = 1) -> None:
        for _ in range(count):
            self._may_end.release()


async def begun(model: Fleet, count: int, number: int = 0) -> list[str]:
    """Wait until so many calls have come to a deployment; returns their users."""
    upstream = model.upstreams[number]
    await upstream.until(lambda: len(upstream.calls) == count)
    return [call.json.get("user", "") for call in upstream.calls]


# --- a deployment's own limits ---


async def test_no_more_calls_at_once_than_a_deployment_takes(gateway):
    async with fleet(gateway, FOUR) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = gate = Gate()
        asking = [asyncio.ensure_future(model.ask(key)) for _ in range(10)]
        await model.until_waiting(6)
        for count in (4, 8, 10):
            await begun(model, count)
            assert model.state(0).in_flight <= 4
            gate.end(4)
        assert {(await one).status for one in asking} == {200}
        await nothing_held(gateway)


async def test_calls_beyond_a_deployment_s_rpm_go_to_another(gateway):
    async with fleet(gateway, {"rpm_limit": 2}, {}) as model:
        key = await gateway.rows.key()
        for _ in range(5):
            await model.ask(key)
        assert model.calls == [2, 3]


@pytest.mark.parametrize("limits", [{}, {"tpm_limit": 10**6}], ids=["a key without limits", "a key with limits"])
async def test_calls_that_would_exceed_a_deployment_s_tpm_go_to_another(gateway, limits):
    async with fleet(gateway, {"tpm_limit": 100}, {}) as model:
        key = await gateway.rows.key(**limits)
        model.answer_with(gate := Gate(), gate)
        asking = [asyncio.ensure_future(model.ask(key, max_tokens=60)) for _ in range(4)]
        for number, count in enumerate((1, 3)):
            await begun(model, count, number)
        gate.end(4)
        await asyncio.gather(*asking)
        await nothing_held(gateway)


# --- the line ---


async def test_one_call_waits_for_at_most_two_service_times_behind_two_hundred_of_another_tenant(gateway):
    async with fleet(gateway, FOUR) as model:
        many, one = await gateway.rows.key(), await gateway.rows.key()
        model.upstreams[0].script = gate = Gate()
        crowd = [asyncio.ensure_future(model.ask(many, user="many")) for _ in range(200)]
        await model.until_waiting(196)
        single = asyncio.ensure_future(model.ask(one, user="one"))
        await model.until_waiting(197)
        for count in (8, 12):  # two rounds of service
            gate.end(4)
            users = await begun(model, count)
        assert "one" in users[4:]
        gate.end(201 - 8)
        assert {(await call).status for call in (*crowd, single)} == {200}
        await nothing_held(gateway)


async def test_nobody_overtakes_however_many_come(gateway):
    async with fleet(gateway, ONE) as model:
        key, other = await gateway.rows.key(), await gateway.rows.key()
        model.upstreams[0].script = gate = Gate()
        first = asyncio.ensure_future(model.ask(key, user="first"))
        await begun(model, 1)
        waiting = asyncio.ensure_future(model.ask(other, user="waiting"))
        await model.until_waiting(1)
        newcomers = []
        async with wire_to(gateway.address) as wire:
            gate.end()
            await wire.send(post(hello(model.name, user="newcomer"), key))  # as the place comes free
            newcomers.append(asyncio.ensure_future(wire.answer()))
            await begun(model, 2)
            gate.end(2)
            await asyncio.gather(first, waiting, *newcomers)
        assert await begun(model, 3) == ["first", "waiting", "newcomer"]
        await nothing_held(gateway)


async def test_teams_share_a_line_and_keys_without_a_team_have_their_own(gateway):
    async with fleet(gateway, ONE) as model:
        connection = gateway.rows.connection
        await connection.execute("INSERT INTO teams (id, models) VALUES ($1, '{all-proxy-models}')", model.name)
        keys = [await gateway.rows.key(team_id=model.name) for _ in range(2)]
        alone = await gateway.rows.key()
        model.upstreams[0].script = gate = Gate()
        asking = []
        for number, key in enumerate((keys[0], keys[0], keys[1], alone)):
            asking.append(asyncio.ensure_future(model.ask(key, user=str(number))))
            await (model.until_waiting(number) if number else begun(model, 1))
        gate.end(4)
        await asyncio.gather(*asking)
        assert await begun(model, 4) == ["0", "1", "3", "2"]


async def test_who_waited_as_long_as_stated_gets_429_and_a_time_to_come_back(database_url):
    async with (
        gateway_in_process(database_url, LITEMAAS_QUEUE_WAIT_SECONDS="0.05") as gateway,
        fleet(gateway, ONE, {}) as model,
    ):
        key = await gateway.rows.key(max_budget="1")
        model.answer_with(hanging(), failing())
        async with wire_to(gateway.address) as wire:
            await wire.send(post(hello(model.name), key))
            await model.upstreams[0].until(lambda: model.calls[0] == 1)
            answer = await model.ask(key)
            assert (answer.status, answer.error["code"]) == (429, "rate_limit_exceeded")
            assert "0.05 s" in answer.error["message"]
            assert int(answer.headers["retry-after"]) > 0
            assert model.calls == [1, 1]  # it had tried the other one
            (row,) = await gateway.booked(key)
            assert (row["status"], row["cost"], row["attempts"]) == (429, 0, 1)

            await gateway.rows.connection.execute("DELETE FROM deployments WHERE id = $1", model.deployment(1))
            await gateway.platform.snapshot.catch_up()
            answer = await model.ask(key)
            assert (answer.status, answer.headers["retry-after"]) == (429, "5")
        await nothing_held(gateway)


# --- clients that leave ---


async def test_a_client_that_leaves_the_line_leaves_nothing_behind(gateway):
    async with fleet(gateway, ONE) as model:
        key = await gateway.rows.key(max_budget="1", max_parallel_requests=3, tpm_limit=1000)
        model.upstreams[0].script = gate = Gate()
        async with wire_to(gateway.address) as first, wire_to(gateway.address) as last:
            await first.send(post(hello(model.name, user="first"), key))
            await begun(model, 1)
            async with wire_to(gateway.address) as leaving:
                await leaving.send(post(hello(model.name, user="leaving"), key))
                await model.until_waiting(1)
                await last.send(post(hello(model.name, user="last"), key))
                await model.until_waiting(2)
            await model.until_waiting(1)
            gate.end()
            assert (await first.answer()).status == 200
            await begun(model, 2)
            gate.end()
            assert (await last.answer()).status == 200
        assert await begun(model, 2) == ["first", "last"]
        await gateway.booked(key, 2)
        await nothing_held(gateway)


async def test_a_client_that_leaves_between_two_attempts_leaves_nothing_behind(gateway):
    async with fleet(gateway, {}, ONE) as model:
        key = await gateway.rows.key(max_budget="1", max_parallel_requests=2, tpm_limit=1000)
        place = router_of(gateway).try_place(
            gateway.platform.snapshot.catalog.models[model.name], 0, [model.deployment(0)]
        )
        model.upstreams[0].script = failing()
        async with wire_to(gateway.address) as wire:
            await wire.send(post(hello(model.name), key))
            await model.until_waiting(1)
        (row,) = await gateway.booked(key)
        assert (row["status"], row["error_code"], row["attempts"], row["cost"]) == (499, "client_left", 1, 0)
        router_of(gateway).leave(place, 0)
        assert model.calls == [1, 0]
        await nothing_held(gateway)


async def test_a_client_that_leaves_during_the_second_attempt_pays_once(gateway):
    async with fleet(gateway, ONE, ONE) as model:
        key = await gateway.rows.key(max_budget="1", max_parallel_requests=1, tpm_limit=1000)
        model.answer_with(failing(), hanging())
        async with wire_to(gateway.address) as wire:
            await wire.send(post(hello(model.name), key))
            await model.upstreams[1].until(lambda: model.calls[1] == 1)
        await model.upstreams[1].until(lambda: model.upstreams[1].aborted == 1)
        (row,) = await gateway.booked(key)
        assert (row["status"], row["deployment_id"], row["attempts"]) == (499, model.deployment(1), 2)
        assert row["cost"] == row["output_tokens"] * 2 * MICRO == await gateway.rows.spent(key)
        await nothing_held(gateway)

"""A deployment that an administrator removes ends what it has begun, and gets nothing new."""

import asyncio

import pytest

from support.fleet import MICRO, fleet, nothing_held
from support.upstream import STREAM_HEAD, USAGE, chunk, events, framed

pytestmark = pytest.mark.xdist_group("gateway_routing")


async def test_calls_in_flight_at_a_removed_deployment_end_normally_and_new_ones_go_elsewhere(gateway):
    removed = asyncio.Event()

    async def slowly(call):
        await call.send(STREAM_HEAD + framed(events(chunk("Hel"))[: -len(b"data: [DONE]\n\n")]))
        await removed.wait()
        await call.send(framed(events(chunk("lo."), chunk(usage=USAGE))) + framed(b""))

    async with fleet(gateway, {}, {}) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = slowly
        begun = asyncio.ensure_future(model.ask(key, stream=True))
        await model.upstreams[0].until(lambda: model.upstreams[0].calls)

        await gateway.rows.connection.execute("DELETE FROM deployments WHERE id = $1", model.deployment(0))
        await gateway.platform.snapshot.catch_up()
        assert (await model.ask(key)).status == 200
        assert model.calls == [1, 1]
        removed.set()
        answer = await begun

        assert answer.status == 200
        assert b"Hel" in answer.body
        assert b"lo." in answer.body
        assert answer.body.endswith(b"data: [DONE]\n\n")
        rows = {row["deployment_id"]: row for row in await gateway.booked(key, 2)}
        row = rows[model.deployment(0)]
        assert (row["status"], row["output_tokens"], row["estimated"]) == (200, USAGE["completion_tokens"], False)
        assert row["cost"] == USAGE["completion_tokens"] * MICRO
        await nothing_held(gateway)


async def test_a_call_whose_model_is_removed_meanwhile_ends_normally(gateway):
    removed = asyncio.Event()

    async with fleet(gateway, {}) as model:
        key = await gateway.rows.key()
        usual = model.upstreams[0].script

        async def slowly(call):
            await removed.wait()
            await usual(call)

        model.upstreams[0].script = slowly
        begun = asyncio.ensure_future(model.ask(key))
        await model.upstreams[0].until(lambda: model.upstreams[0].calls)

        await gateway.rows.connection.execute("DELETE FROM model_groups WHERE name = $1", model.name)
        await gateway.platform.snapshot.catch_up()
        assert (await model.ask(key)).status == 404
        removed.set()

        assert (await begun).status == 200
        (row,) = await gateway.booked(key)
        assert (row["model"], row["cost"]) == (model.name, USAGE["completion_tokens"] * MICRO)
        await nothing_held(gateway)

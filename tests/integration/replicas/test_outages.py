"""What all replicas know and do while something between them is away."""

import asyncio
import json

import pytest

from support.cable import Cable
from support.instance import Instance, instance
from support.replicas import until

pytestmark = pytest.mark.xdist_group("replicas")


async def refused_everywhere(replicas: Instance, model: str, key: str) -> None:
    """Wait until every replica refuses the key."""

    async def refused() -> bool:
        places = range(len(replicas.replicas))
        return {await replicas.ask_at(place, model, key) for place in places} == {401}

    await until(refused)


async def block(replicas: Instance, key: str) -> None:
    await replicas.rows.connection.execute(
        "UPDATE keys SET blocked = true WHERE id = $1", await replicas.rows.id_of(key)
    )


async def test_a_blocked_key_is_refused_by_all_replicas(database_url, upstream, tmp_path):
    async with instance(database_url, tmp_path) as replicas:
        model, key = await replicas.rows.model(upstream.url), await replicas.rows.key()
        assert [await replicas.ask_at(place, model, key) for place in range(3)] == [200] * 3
        await block(replicas, key)
        await refused_everywhere(replicas, model, key)


async def test_replicas_that_hear_no_notification_look_for_themselves(database_url, upstream, tmp_path):
    async with Cable(database_url).laid() as ear:
        heard_by = {"DATABASE_DIRECT_URL": ear.url}
        async with instance(database_url, tmp_path, **heard_by) as replicas:
            model, key = await replicas.rows.model(upstream.url), await replicas.rows.key()
            ear.cut()
            await block(replicas, key)
            await refused_everywhere(replicas, model, key)


@pytest.mark.timeout(240)
async def test_while_postgresql_is_away_known_keys_work_and_nothing_is_lost(database_url, upstream, valkey, tmp_path):
    async with (
        Cable(database_url).laid() as cable,
        instance(database_url, tmp_path, seen_at=cable.url, REDIS_URL=valkey.url) as replicas,
    ):
        await replicas.until_shared("redis")
        model = await replicas.rows.model(upstream.url)
        free, limited = await replicas.rows.key(), await replicas.rows.key(rpm_limit=20)
        cable.cut()

        async def degraded() -> bool:
            told = [await readiness(replica) for replica in replicas.replicas]
            assert {status for status, _ in told} == {200}
            return all(body["degraded"] == ["database"] for _, body in told)

        await until(degraded)
        assert [await replicas.ask_at(place % 3, model, free) for place in range(30)] == [200] * 30
        limited_statuses = [await replicas.ask_at(place % 3, model, limited) for place in range(25)]
        assert sorted(limited_statuses) == [200] * 20 + [429] * 5
        assert await replicas.ask_at(0, model, "sk-nobody-has-this-one") == 401
        cable.mend()
        assert len(await replicas.booked(free, 30)) == 30
        assert len(await replicas.booked(limited, 20)) == 20


async def readiness(replica) -> tuple[int, dict]:
    answer = await replica.ask(b"GET /health/readiness HTTP/1.1\r\nHost: a\r\n\r\n")
    return answer.status, json.loads(answer.body)


async def test_a_replica_alone_counts_for_itself_until_it_has_company(database_url, tmp_path):
    async with instance(database_url, tmp_path, replicas=1) as replicas:
        await replicas.until_shared("alone")
        await asyncio.gather(replicas.add(), replicas.add())
        await replicas.until_shared("postgres")

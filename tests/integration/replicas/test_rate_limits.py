"""Limits per minute hold over all replicas together, whatever becomes of Redis, PostgreSQL, or one of them."""

import asyncio
from collections import Counter

import pytest

from support.cable import Cable
from support.instance import instance

pytestmark = pytest.mark.xdist_group("replicas")

PLACES = 4
SERVICE_SECONDS = 0.25


@pytest.fixture(scope="module", params=["redis", "postgres"])
async def sharing(request, shared_valkey, postgres_server, tmp_path_factory):
    """Three replicas that share limits, in either way, for tests that leave them as they are."""
    redis = {"REDIS_URL": shared_valkey.url} if request.param == "redis" else {}
    async with (
        postgres_server.database() as url,
        instance(url, tmp_path_factory.mktemp("data"), **redis) as replicas,
    ):
        await replicas.until_shared(request.param)
        yield replicas


async def ask_all(replicas, model, key, times) -> Counter[int]:
    """The statuses of so many calls at once, at the replicas in turn."""
    places = (number % len(replicas.replicas) for number in range(times))
    return Counter(await asyncio.gather(*(replicas.ask_at(place, model, key) for place in places)))


async def let_so_many_in(replicas, model, calls) -> None:
    """Let the model's deployment serve so many calls at a time; add a key afterwards."""
    await replicas.rows.connection.execute(
        "UPDATE deployments SET max_parallel_requests = $2"
        " WHERE group_id = (SELECT id FROM model_groups WHERE name = $1)",
        model,
        calls,
    )


async def test_exactly_two_of_ten_calls_pass_a_limit_of_two(sharing, upstream):
    model, key = await sharing.rows.model(upstream.url), await sharing.rows.key(rpm_limit=2)
    assert await ask_all(sharing, model, key, 10) == {200: 2, 429: 8}
    assert await ask_all(sharing, model, key, 3) == {429: 3}


async def test_one_replica_gets_what_the_others_do_not_use(sharing, upstream):
    model, key = await sharing.rows.model(upstream.url), await sharing.rows.key(rpm_limit=40)
    assert await ask_all(sharing, model, key, 3) == {200: 3}
    statuses = [await sharing.ask_at(0, model, key) for _ in range(38)]
    assert Counter(statuses) == {200: 37, 429: 1}


async def test_parallel_calls_are_bounded_over_all_replicas(sharing, upstream):
    model, key = await sharing.rows.model(upstream.url), await sharing.rows.key(max_parallel_requests=4)
    ending, answer = asyncio.Event(), upstream.script

    async def slow(call):
        await ending.wait()
        await answer(call)

    upstream.script = slow
    asked = asyncio.ensure_future(ask_all(sharing, model, key, 30))
    await upstream.until(lambda: len(upstream.calls) == 4)
    ending.set()
    assert (await asked)[200] >= 4
    assert await ask_all(sharing, model, key, 1) == {200: 1}


async def test_calls_wait_in_the_lines_of_all_replicas_for_the_places_of_one_deployment(sharing, upstream):
    at_once, most, answer = 0, 0, upstream.script

    async def script(call):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.05)  # what a model needs
        at_once -= 1
        await answer(call)

    upstream.script = script
    model = await sharing.rows.model(upstream.url)
    await let_so_many_in(sharing, model, 3)
    key = await sharing.rows.key()
    assert await ask_all(sharing, model, key, 60) == {200: 60}
    assert most <= 3


async def test_a_tenant_that_floods_one_replica_starves_nobody_at_another(sharing, upstream):
    begun, answer = [], upstream.script

    async def script(call):
        begun.append(call.json["user"])
        await asyncio.sleep(SERVICE_SECONDS)
        await answer(call)

    upstream.script = script
    model = await sharing.rows.model(upstream.url)
    await let_so_many_in(sharing, model, PLACES)
    flooding, single = await sharing.rows.key(), await sharing.rows.key()
    flood = [asyncio.ensure_future(sharing.ask_at(0, model, flooding, user="flood")) for _ in range(60)]
    await upstream.until(lambda: len(upstream.calls) >= PLACES)
    for replica in (1, 2):
        before = len(begun)
        assert await sharing.ask_at(replica, model, single, user=f"single {replica}") == 200
        assert begun.index(f"single {replica}") - before < 4 * PLACES, "it waited for its turn, not for the flood"
    assert set(await asyncio.gather(*flood)) == {200}


async def test_replicas_take_turns_with_the_only_place_of_a_deployment(sharing, upstream):
    begun, answer = [], upstream.script

    async def script(call):
        begun.append(call.json["user"])
        await asyncio.sleep(0.05)  # what a model needs
        await answer(call)

    upstream.script = script
    model = await sharing.rows.model(upstream.url)
    await let_so_many_in(sharing, model, 1)
    key = await sharing.rows.key()
    asked = (sharing.ask_at(replica, model, key, user=str(replica)) for _ in range(8) for replica in range(3))
    assert set(await asyncio.gather(*asked)) == {200}
    served = Counter[str]()
    for replica in begun:  # until one has nobody in line any more: it would have had all its turns in a row
        served[replica] += 1
        if served[replica] == 8:
            break
    assert len(served) == 3, f"order: {' '.join(begun)}"


async def test_without_redis_postgresql_divides_the_limits_until_it_is_back(valkey, database_url, upstream, tmp_path):
    async with instance(database_url, tmp_path, REDIS_URL=valkey.url) as replicas:
        await replicas.until_shared("redis")
        model = await replicas.rows.model(upstream.url)
        key = await replicas.rows.key(rpm_limit=20)
        assert await ask_all(replicas, model, key, 12) == {200: 12}
        await valkey.kill()
        passed = await ask_all(replicas, model, key, 4)
        assert passed == {200: 4}
        await replicas.until_shared("postgres")
        await valkey.start()
        await replicas.until_shared("redis")
        assert await ask_all(replicas, model, key, 10) == {200: 4, 429: 6}
        for replica in replicas.replicas:
            told = [line for line in replica.output.decode().splitlines() if "rate limits are shared" in line]
            assert [("redis" in line, "postgres" in line) for line in told][-3:] == [
                (True, False),
                (False, True),
                (True, False),
            ]


async def test_without_any_store_each_replica_has_its_part(database_url, upstream, tmp_path):
    async with Cable(database_url).laid() as cable, instance(database_url, tmp_path, seen_at=cable.url) as replicas:
        await replicas.until_shared("postgres")
        model = await replicas.rows.model(upstream.url)
        key = await replicas.rows.key(rpm_limit=30)
        cable.cut()
        await replicas.until_shared("divided")
        statuses = await asyncio.gather(*(replicas.ask_at(0, model, key) for _ in range(12)))
        assert Counter(statuses) == {200: 10, 429: 2}
        cable.mend()
        await replicas.until_shared("postgres")
        assert await ask_all(replicas, model, key, 30) == {200: 20, 429: 10}


async def test_a_newcomer_finds_what_the_lone_replica_has_used(database_url, upstream, tmp_path):
    async with instance(database_url, tmp_path, replicas=1) as replicas:
        model = await replicas.rows.model(upstream.url)
        key = await replicas.rows.key(rpm_limit=10)
        await replicas.until_shared("alone")
        assert await ask_all(replicas, model, key, 7) == {200: 7}
        newcomer = await replicas.add()
        await newcomer.settle(key)
        assert await ask_all(replicas, model, key, 8) == {200: 3, 429: 5}
        leaving = replicas.replicas[0]
        await replicas.take_out(leaving)
        await leaving.stop()
        assert await ask_all(replicas, model, key, 3) == {429: 3}

"""What a store of shares says, whichever it is."""

from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from litemaas.domain.rate_limits import redis_store
from litemaas.domain.rate_limits.redis_store import RedisShares
from litemaas.domain.rate_limits.scopes import RateLimits
from litemaas.domain.rate_limits.shares import NOTHING, Amounts, Answer, Claim, ShareStore, StoreAwayError, Want
from litemaas.domain.rate_limits.store import PostgresShares
from litemaas.storage.answer_store import AnswerStore, StoredAnswer
from litemaas.storage.redis import open_redis
from support.replicas import connecting, until
from support.valkey import running_valkey

SCOPE = "key:1"
MIB = 1024 * 1024
POLICY = "volatile-lru"  # of the Redis that the collection deploys
ONE = Amounts(1, 0, 1)


@pytest.fixture(params=["redis", "postgres"])
async def stores(request, database_url):
    """The store as two replicas see it."""
    async with AsyncExitStack() as stack:
        if request.param == "redis":
            valkey = await stack.enter_async_context(running_valkey())
            redis = await stack.enter_async_context(open_redis(valkey.url))
            yield RedisShares(redis, uuid4()), RedisShares(redis, uuid4())
        else:
            pool = await stack.enter_async_context(connecting(database_url))
            yield PostgresShares(pool, uuid4()), PostgresShares(pool, uuid4())


async def take(store: ShareStore, limits: RateLimits, need: Amounts = ONE, used: Amounts = NOTHING, seconds=10.0):
    return await store.take(Want(SCOPE, limits, used, need, 30.0), seconds)


async def test_shares_are_granted_while_there_is_room_and_then_not(stores):
    mine, other = stores
    limits = RateLimits(rpm=2)
    first, second = await take(mine, limits), await take(other, limits)
    assert (first.share.requests, second.share.requests) == (1, 1)
    assert second.others.requests == 1

    refused = await take(mine, limits, used=Amounts(requests=1))

    assert refused.share == Amounts(requests=1)
    assert await other.wanted() == {SCOPE}
    assert await mine.wanted() == set()


async def test_a_refusal_tells_whether_to_hope_and_when_something_is_free(stores):
    mine, other = stores
    limits = RateLimits(rpm=4)
    await take(mine, limits)
    await other.declare([Claim(SCOPE, Amounts(requests=3), Amounts(requests=1), 20.0)], 10.0)
    hopeful = await take(mine, limits, need=Amounts(requests=3))
    assert (hopeful.hope, 19 < hopeful.frees_in <= 20) == (True, True)

    await other.declare([Claim(SCOPE, Amounts(requests=3), Amounts(requests=3), 20.0)], 10.0)
    assert not (await take(mine, limits, need=Amounts(requests=3))).hope


async def test_what_a_replica_that_left_has_used_counts_on_and_its_calls_do_not(stores):
    mine, gone = stores
    assert not await mine.in_use()
    await gone.declare([Claim(SCOPE, Amounts(3, 30, 3), Amounts(2, 20, 2), 20.0)], 0.0)

    answer = await take(mine, RateLimits(rpm=3, tpm=30, parallel=3), need=Amounts(1, 1, 1))

    assert answer.others == Amounts(3, 30, 0)
    assert not answer.hope, "nobody gives back what a replica that is gone has not used"
    assert await mine.in_use()


async def stand_in_line(store: ShareStore, limits: RateLimits, used: int = 0) -> Answer:
    """Ask for one more place for a call that waits."""
    return await store.take(Want(SCOPE, limits, Amounts(parallel=used), ONE, 30.0, waits=True), 10.0)


async def test_a_place_goes_to_who_has_fewer(stores):
    many, none = stores
    limits = RateLimits(parallel=2)
    await many.declare([Claim(SCOPE, Amounts(parallel=2), Amounts(parallel=2), 30.0)], 10.0)
    refused = await stand_in_line(none, limits)
    assert (refused.share.parallel, refused.hope) == (0, True)

    refused = await stand_in_line(many, limits, used=1)
    assert (refused.share.parallel, refused.owed) == (1, 1)
    await many.declare([Claim(SCOPE, Amounts(parallel=1), Amounts(parallel=1), 30.0)], 10.0)
    assert (await stand_in_line(none, limits)).share.parallel == 1


async def test_among_equals_a_place_goes_to_who_has_waited_longest(stores):
    first, second = stores
    limits = RateLimits(parallel=1)
    await first.declare([Claim(SCOPE, Amounts(parallel=1), Amounts(parallel=1), 30.0)], 10.0)
    await stand_in_line(second, limits)
    for last, other in ((first, second), (second, first)):
        assert (await stand_in_line(last, limits)).share.parallel == 0
        assert (await stand_in_line(other, limits)).share.parallel == 1
        await stand_in_line(last, limits)
        await other.declare([Claim(SCOPE, NOTHING, NOTHING, 30.0)], 10.0)


async def test_a_call_that_is_refused_at_once_keeps_no_place_from_anybody(stores):
    refused, other = stores
    limits = RateLimits(parallel=1)
    await other.declare([Claim(SCOPE, Amounts(parallel=1), Amounts(parallel=1), 30.0)], 10.0)
    assert not (await take(refused, limits)).hope
    assert (await take(other, limits)).share.parallel == 1


async def test_a_large_number_stays_what_it_is(stores):
    mine, other = stores
    most = 10**14 - 1  # tokens a minute
    await other.declare([Claim(SCOPE, Amounts(tokens=most - 7), Amounts(tokens=most - 7), 20.0)], 10.0)
    answer = await take(mine, RateLimits(tpm=most), need=Amounts(tokens=7))
    assert answer.share.tokens == 7


async def test_a_full_redis_drops_cached_answers_and_no_share():
    async with running_valkey() as valkey, open_redis(valkey.url) as redis:
        used = (await redis.info("memory"))["used_memory"]
        await redis.config_set("maxmemory-policy", POLICY)
        await redis.config_set("maxmemory", used + 4 * MIB)
        mine, other = RedisShares(redis, uuid4()), RedisShares(redis, uuid4())
        scopes = [f"key:{number}" for number in range(50)]
        await other.declare([Claim(scope, ONE, ONE, 20.0) for scope in scopes], 10.0)
        answers = AnswerStore(redis)
        for number in range(40):
            answers.keep(str(number), StoredAnswer(b"text/plain", bytes(MIB // 4)), 3600)
            await until(lambda key=str(number): answers.find(key))
        assert (await redis.info("stats"))["evicted_keys"] > 0

        taken = [await mine.take(Want(scope, RateLimits(rpm=1), NOTHING, ONE, 30.0), 10.0) for scope in scopes]
        assert all(answer.others.requests == 1 for answer in taken)


async def test_what_counts_no_more_leaves_redis(monkeypatch):
    monkeypatch.setattr(redis_store, "WINDOW_SECONDS", 0)
    async with running_valkey() as valkey, open_redis(valkey.url) as redis:
        mine, other = RedisShares(redis, uuid4()), RedisShares(redis, uuid4())
        await other.declare([Claim(SCOPE, ONE, ONE, 0.0)], 0.0)
        await take(other, RateLimits(rpm=1), seconds=0.0)
        assert not await mine.in_use()
        assert await redis.keys() == []


async def test_a_server_that_is_gone_is_told_apart_from_any_answer():
    async with running_valkey() as valkey:
        redis = open_redis(valkey.url)
        await valkey.kill()
        store = RedisShares(redis, uuid4())
        for work in (
            store.wanted,
            store.in_use,
            lambda: store.declare([Claim(SCOPE, ONE, ONE, 20.0)], 1.0),
            lambda: take(store, RateLimits(rpm=1)),
        ):
            with pytest.raises(StoreAwayError, match="Redis: ConnectionError"):
                await work()
        await redis.aclose()

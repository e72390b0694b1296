"""Equal questions get the answer that was given before, where an administrator wants that; it costs nothing."""

from decimal import Decimal

import pytest

from support.gateway import server_process
from support.upstream import chunk, events, stream
from support.wire import hello, post

pytestmark = pytest.mark.xdist_group("replicas")


@pytest.fixture(scope="module")
async def server(shared_database_url, shared_valkey, tmp_path_factory):
    folder, redis = tmp_path_factory.mktemp("data"), {"REDIS_URL": shared_valkey.url}
    async with server_process(shared_database_url, folder, role="gateway", **redis) as server:
        yield server


async def cached_model(server, upstream, *, ttl: int | None = 60, shared: bool = False) -> str:
    name = await server.rows.model(upstream.url)
    await server.rows.connection.execute(
        "UPDATE model_groups SET cache_ttl = $2, cache_shared = $3 WHERE name = $1", name, ttl, shared
    )
    return name


async def ask(server, model, key, *lines, **more):
    """The answer to a call, and whether it came from the cache (None: nobody looked)."""
    answer = await server.ask(post(hello(model, **more), key, *lines))
    assert answer.status == 200, answer.body
    return answer, answer.headers.get("x-litemaas-cache")


async def until_hit(server, model, key, **more):
    """The first answer from the cache: it is filled in the background."""
    for _ in range(100):
        answer, cache = await ask(server, model, key, **more)
        if cache == "hit":
            return answer
    raise AssertionError("no answer came from the cache")


async def test_an_equal_question_is_answered_from_the_cache_and_costs_nothing(server, upstream):
    model = await cached_model(server, upstream)
    key = await server.rows.key(max_budget="1")
    first, cache = await ask(server, model, key)
    assert cache == "miss"

    again = await until_hit(server, model, key)

    assert again.body == first.body
    assert again.headers["content-type"] == first.headers["content-type"]
    asked = len(upstream.calls)
    rows = await server.booked(key, asked + 1)
    assert [row["cached"] for row in rows] == [False] * asked + [True]
    assert rows[-1]["cost"] == 0
    assert await server.rows.spent(key) == asked * Decimal("0.000025")


async def test_a_stream_from_the_cache_is_a_stream(server, upstream):
    model, key = await cached_model(server, upstream), await server.rows.key()
    first, _ = await ask(server, model, key, stream=True)

    again = await until_hit(server, model, key, stream=True)

    assert again.body == first.body
    assert again.headers["content-type"].startswith("text/event-stream")


async def test_the_order_of_fields_does_not_matter_and_every_value_does(server, upstream):
    model, key = await cached_model(server, upstream), await server.rows.key()
    await until_hit(server, model, key)
    body = dict(reversed(hello(model).items()))

    answer = await server.ask(post(body, key))
    assert answer.headers["x-litemaas-cache"] == "hit"

    for other in ({"temperature": 0}, {"max_tokens": 21}, {"stream": True}, {"seed": 1}):
        _, cache = await ask(server, model, key, **other)
        assert cache == "miss", other


async def test_tenants_do_not_see_each_others_answers_unless_the_model_shares_them(server, upstream):
    for shared in (False, True):
        model = await cached_model(server, upstream, shared=shared)
        mine, theirs = await server.rows.key(), await server.rows.key()
        await until_hit(server, model, mine)
        _, cache = await ask(server, model, theirs)
        assert cache == ("hit" if shared else "miss")


async def test_what_the_client_says_about_the_cache_is_honoured(server, upstream):
    model, key = await cached_model(server, upstream), await server.rows.key()
    await until_hit(server, model, key)
    asked = len(upstream.calls)

    _, cache = await ask(server, model, key, "Cache-Control: no-cache")
    assert (cache, len(upstream.calls)) == ("miss", asked + 1)
    _, cache = await ask(server, model, key, "Cache-Control: max-age=0, no-store")
    assert (cache, len(upstream.calls)) == (None, asked + 2)


async def test_a_model_without_a_cache_and_a_key_that_uses_none_ask_each_time(server, upstream):
    plain, key = await cached_model(server, upstream, ttl=None), await server.rows.key()
    cached, unwilling = await cached_model(server, upstream), await server.rows.key(uses_cache=False)
    await server.settle(unwilling)
    for model, caller in ((plain, key), (cached, unwilling)):
        for _ in range(2):
            _, cache = await ask(server, model, caller)
            assert cache is None


async def test_a_change_of_the_model_ends_what_was_kept(server, upstream):
    model, key = await cached_model(server, upstream), await server.rows.key()
    await until_hit(server, model, key)

    await server.rows.connection.execute("UPDATE model_groups SET updated_at = now() WHERE name = $1", model)
    await server.rows.key()  # when it is known, so is the change

    _, cache = await ask(server, model, key)
    assert cache == "miss"


async def test_an_answer_that_broke_off_or_was_cut_short_by_money_is_not_kept(server, upstream):
    model, key = await cached_model(server, upstream), await server.rows.key()
    broken = b"".join(events(chunk("Hel")).partition(b"data: [DONE]")[:1])
    cut = events(chunk("Hel"), {"id": "c", "choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]})
    for body in (broken, cut):
        upstream.script = stream(body)
        for _ in range(3):
            _, cache = await ask(server, model, key, stream=True, max_tokens=None)
            assert cache == "miss"


async def test_without_its_redis_every_question_is_asked(database_url, upstream, valkey, tmp_path):
    async with server_process(database_url, tmp_path, role="gateway", REDIS_URL=valkey.url) as server:
        model, key = await cached_model(server, upstream), await server.rows.key()
        await until_hit(server, model, key)
        await valkey.kill()
        for _ in range(2):
            _, cache = await ask(server, model, key)
            assert cache == "miss"

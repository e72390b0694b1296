import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from litemaas.domain.health.entities import DeploymentHealth, Finding, judge
from litemaas.domain.health_checks import HealthChecks
from litemaas.domain.replicas.duties import take_turn
from litemaas.domain.router import Router
from litemaas.domain.snapshot import Snapshot
from litemaas.providers.upstream import Upstreams
from litemaas.storage.postgres import Pool
from litemaas.storage.vault import Vault
from support.replicas import until
from support.rows import SALT_KEY, Rows
from support.upstream import Call, Upstream, http, running_upstream

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIST = b'{"data": [{"id": "upstream-name"}]}'


async def answering(call: Call) -> None:
    await call.send(http(LIST))


async def failing(call: Call) -> None:
    await call.send(http(b'{"error": {"message": "out of memory"}}', "503 Service Unavailable"))


async def refusing(call: Call) -> None:
    await call.send(http(b'{"error": {"message": "no such key"}}', "403 Forbidden"))


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running_upstream(answering) as upstream:
        yield upstream


@pytest.fixture
async def rows(database_url: str) -> AsyncIterator[Rows]:
    async def settle(_: str) -> None:
        pass

    connection = await asyncpg.connect(database_url)
    yield Rows(connection, settle)
    await connection.close()


@asynccontextmanager
async def checking(pool: Pool, seconds: float = 60.0) -> AsyncIterator[HealthChecks]:
    snapshot, upstreams = Snapshot(pool, Vault(SALT_KEY)), Upstreams()
    await snapshot.catch_up()
    try:
        yield HealthChecks(pool, snapshot, upstreams, seconds)
    finally:
        upstreams.close()


async def states(pool: Pool) -> dict[str, bool]:
    rows = await pool.fetch(
        "SELECT g.name, h.healthy FROM deployment_health h JOIN deployments d ON d.id = h.deployment_id"
        " JOIN model_groups g ON g.id = d.group_id"
    )
    return {row["name"]: row["healthy"] for row in rows}


async def test_an_upstream_is_asked_once_for_all_that_it_serves_and_at_no_cost(pool: Pool, rows: Rows, upstream):
    for name in ("granite", "llama"):
        await rows.model(upstream.url, name, credential="sk-upstream")
    async with checking(pool) as checks:
        await checks.check()
    assert await states(pool) == {"granite": True, "llama": True}
    (call,) = upstream.calls
    assert (call.path, call.headers["authorization"]) == ("/v1/models", "Bearer sk-upstream")


async def test_a_deployment_that_fails_twice_is_unhealthy_until_it_answers_and_both_are_noticed(pool, rows, upstream):
    await rows.model(upstream.url, "granite")
    async with checking(pool) as checks:
        upstream.script = failing
        await checks.check()
        assert await states(pool) == {"granite": True}
        await checks.check()
        assert await states(pool) == {"granite": False}
        await checks.check()
        upstream.script = answering
        await checks.check()
        assert await states(pool) == {"granite": True}
    told = await pool.fetch("SELECT event, message FROM notices ORDER BY at")
    assert [row["event"] for row in told] == ["deployment_unhealthy", "deployment_healthy"]
    assert "of granite does not answer: Status 503: out of memory" in told[0]["message"]


async def test_routers_prefer_others_to_what_does_not_answer(pool: Pool, rows: Rows, upstream):
    async with running_upstream(failing) as broken:
        await rows.model(broken.url, "granite")
        await rows.second_deployment("granite", upstream.url)
        async with checking(pool) as checks:
            router = Router(1.0)
            checks.guide(router)
            for _ in range(2):
                await checks.check()
            await checks.learn()
            model = checks._snapshot.catalog.models["granite"]
            places = [router.try_place(model, 0) for _ in range(20)]
            assert {place.target.deployment.api_base for place in places} == {upstream.url}
            assert len(checks.unhealthy) == 1


async def test_one_replica_asks_and_all_know(pool: Pool, rows: Rows, upstream):
    await rows.model(upstream.url, "granite")
    async with checking(pool, 0.05) as one, checking(pool, 0.05) as other:
        running = asyncio.create_task(one.run())
        await until(lambda: pool.fetchval("SELECT count(*) FROM deployment_health"))
        running.cancel()
        await other.learn()
        assert [health.healthy for health in other.known.values()] == [True]


async def test_a_duty_is_done_by_one_replica_and_again_when_it_is_due(pool: Pool):
    async def try_to_take() -> bool:
        async with pool.acquire() as connection:
            return await take_turn(connection, "sweep the floor", 3600)

    assert sum(await asyncio.gather(*(try_to_take() for _ in range(8)))) == 1
    assert not await try_to_take()
    await pool.execute("UPDATE duties SET due_at = now()")
    assert sum(await asyncio.gather(*(try_to_take() for _ in range(8)))) == 1


@pytest.mark.parametrize(
    ("provider", "settings", "path", "credential"),
    [
        ("azure", {}, "/openai/v1/models", ("api-key", "sk-upstream")),
        ("azure", {"api_version": "2026-01-01"}, "/openai/models?api-version=2026-01-01", ("api-key", "sk-upstream")),
        ("anthropic", {}, "/v1/models", ("x-api-key", "sk-upstream")),
        ("gemini", {}, "/v1beta/models?pageSize=1", ("x-goog-api-key", "sk-upstream")),
        ("cohere", {}, "/v1/models?page_size=1", ("authorization", "Bearer sk-upstream")),
    ],
)
async def test_each_provider_is_asked_in_its_own_way(pool, rows, upstream, provider, settings, path, credential):
    base = upstream.url if provider == "anthropic" else upstream.url.removesuffix("/v1")
    await rows.model(base, "granite", provider=provider, credential="sk-upstream", settings=settings)
    async with checking(pool) as checks:
        await checks.check()
        assert await states(pool) == {"granite": True}
        (call,) = upstream.calls
        assert (call.path, call.headers[credential[0]]) == (path, credential[1])
        upstream.script = refusing
        for _ in range(2):
            await checks.check()
    assert await states(pool) == {"granite": False}


@pytest.mark.parametrize("provider", ["bedrock", "sagemaker", "vertex_ai", "watsonx"])
async def test_where_a_list_needs_more_than_calls_do_a_sign_of_life_is_enough(pool, rows, upstream, provider):
    await rows.model(upstream.url, "granite", provider=provider, credential="sk-upstream")
    upstream.script = refusing
    async with checking(pool) as checks:
        for _ in range(2):
            await checks.check()
        assert await states(pool) == {"granite": True}
        upstream.script = failing
        for _ in range(2):
            await checks.check()
    assert await states(pool) == {"granite": False}
    assert "sk-upstream" not in str([call.headers for call in upstream.calls])


async def test_what_can_be_asked_nowhere_is_not_asked(pool: Pool, rows: Rows, upstream):
    await rows.model(upstream.url, "other", provider="bedrock")
    await pool.execute("UPDATE deployments SET api_base = NULL")
    async with checking(pool) as checks:
        await checks.check()
        await checks.learn()
        assert checks.known == {}


@pytest.mark.parametrize(
    "fault",
    [
        lambda call: call.send(http(b"{}", "401 Unauthorized")),
        lambda call: call.send(b"what?\r\n\r\n"),
        lambda call: asyncio.sleep(0, call.reset()),
    ],
)
async def test_an_upstream_that_refuses_us_or_talks_nonsense_is_unhealthy(
    pool: Pool, rows: Rows, upstream, fault: Callable[[Call], Awaitable[None]]
):
    upstream.script = fault
    await rows.model(upstream.url, "granite")
    async with checking(pool) as checks:
        for _ in range(2):
            await checks.check()
    assert await states(pool) == {"granite": False}


async def test_a_server_without_a_list_and_one_with_other_names_are_healthy(pool: Pool, rows: Rows, upstream):
    async def without(call: Call) -> None:
        await call.send(http(b"{}", "404 Not Found"))

    upstream.script = without
    await rows.model(upstream.url, "granite")
    async with checking(pool) as checks:
        for _ in range(2):
            await checks.check()
    assert await states(pool) == {"granite": True}


async def test_the_health_of_a_removed_deployment_is_forgotten(pool: Pool, rows: Rows, upstream):
    await rows.model(upstream.url, "granite")
    async with checking(pool) as checks:
        await checks.check()
        await pool.execute("DELETE FROM deployments")
        await checks.check()  # the snapshot still has it
        await checks.learn()
        assert checks.known == {}


def test_health_remembers_since_when_it_is_so():
    def after(before: DeploymentHealth | None, minute: int, fault: str | None) -> DeploymentHealth:
        return judge(before, Finding("d", fault, 5), NOW + timedelta(minutes=minute))

    first = after(None, 0, None)
    second = after(first, 1, None)
    assert (first.healthy, second.since, second.latency_ms) == (True, NOW, 5)
    shaken = after(second, 2, "gone")
    fallen = after(shaken, 3, "gone")
    assert (shaken.healthy, fallen.healthy, fallen.since) == (True, False, NOW + timedelta(minutes=3))
    assert (fallen.failures, fallen.error, fallen.latency_ms) == (2, "gone", 5)
    assert after(fallen, 4, "gone").since == fallen.since
    assert after(fallen, 5, None).healthy

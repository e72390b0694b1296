"""What upstreams keep can be named by its owner alone."""

from datetime import timedelta
from uuid import uuid4

import pytest

from litemaas.domain.upstream_objects.entities import owner_of
from litemaas.domain.upstream_objects.errors import ObjectNotFoundError
from litemaas.domain.upstream_objects.service import UpstreamObjects


@pytest.fixture
async def deployment(pool) -> str:
    group = uuid4()
    async with pool.acquire() as connection:
        await connection.execute("INSERT INTO model_groups (id, name) VALUES ($1, 'm')", group)
        await connection.execute(
            "INSERT INTO deployments (id, group_id, provider, upstream_model) VALUES ('d', $1, 'openai', 'm')", group
        )
    return "d"


@pytest.fixture
def objects(pool) -> UpstreamObjects:
    return UpstreamObjects(pool)


async def ids(objects: UpstreamObjects, owner: str) -> list[str]:
    return [thing.id for thing in await objects.list("file", owner)]


async def test_only_the_owner_finds_a_thing(objects, deployment):
    await objects.remember("response", "r", owner="user:ann", deployment_id=deployment, model="m", tokens=7)
    found = await objects.find("response", "r", "user:ann")
    assert (found.deployment_id, found.model, found.tokens) == ("d", "m", 7)
    for kind, name, owner in (("response", "r", "user:bob"), ("file", "r", "user:ann"), ("response", "\0", "user:ann")):
        with pytest.raises(ObjectNotFoundError):
            await objects.find(kind, name, owner)


async def test_an_upstream_that_gives_an_id_twice_gives_nobody_another_s(objects, deployment):
    for owner, tokens in (("user:ann", 1), ("user:bob", 2), ("user:ann", 3)):
        await objects.remember("response", "r", owner=owner, deployment_id=deployment, model="m", tokens=tokens)
    assert (await objects.find("response", "r", "user:ann")).tokens == 3
    assert (await objects.find("response", "r", "user:bob")).tokens == 2


async def test_what_is_forgotten_or_expired_is_gone(objects, deployment):
    await objects.remember("file", "a", owner="o", deployment_id=deployment, model="m", lifetime=timedelta(0))
    await objects.remember("file", "b", owner="o", deployment_id=deployment, model="m", lifetime=timedelta(hours=1))
    await objects.remember("file", "c", owner="o", deployment_id=deployment, model="m")
    assert await ids(objects, "o") == ["c", "b"]
    await objects.forget(await objects.find("file", "b", "o"))
    assert await ids(objects, "o") == ["c"]


async def test_a_removed_deployment_keeps_nothing(objects, deployment, pool):
    await objects.remember("file", "a", owner="o", deployment_id=deployment, model="m")
    async with pool.acquire() as connection:
        await connection.execute("DELETE FROM deployments")
    await objects.remember("file", "b", owner="o", deployment_id=deployment, model="m")
    assert await ids(objects, "o") == []


def test_things_are_the_user_s_else_the_team_s_else_the_key_s():
    key = uuid4()
    assert owner_of("ann", "team", key) == "user:ann"
    assert owner_of(None, "team", key) == "team:team"
    assert owner_of(None, None, key) == f"key:{key}"
    assert owner_of(None, None, None) == "operator"

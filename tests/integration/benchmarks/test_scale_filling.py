"""What the scale benchmark writes is what a replica then knows: real keys, budgets and models."""

import hashlib

import asyncpg
from benchmarks.scale.filling import Size, fill_budgets, fill_keys, fill_models

from litemaas.domain.snapshot import Snapshot
from litemaas.storage.postgres import open_pool
from litemaas.storage.vault import Vault
from support.portal import Site

SIZE = Size(0, users=3, keys=12, teams=2)


async def test_a_replica_knows_every_key_with_its_budget_and_every_model(database_url: str):
    connection = await asyncpg.connect(database_url)
    await fill_keys(connection, SIZE)
    await fill_budgets(connection)
    await fill_models(connection, 5, 3, "http://127.0.0.1:9/v1")
    pool = await open_pool(database_url, 2)
    snapshot = Snapshot(pool, Vault("salt"))
    await snapshot.catch_up()
    key = snapshot.keys[hashlib.sha256(b"key 7").digest()]
    assert (len(snapshot.keys), key.user_id, key.team_id) == (12, "user-1", "team-1")
    assert snapshot.accounts[f"key:{key.id}"].max_budget == 100
    assert [len(model.targets) for model in snapshot.catalog.models.values()] == [3] * 5
    assert all(target.prices for model in snapshot.catalog.models.values() for target in model.targets)
    await pool.close()
    await connection.close()


async def test_admins_see_all_of_them_in_the_portal(site: Site, database_url: str):
    connection = await asyncpg.connect(database_url)
    await fill_keys(connection, SIZE)
    page = site.browser()
    await page.log_in()
    names = {"users": "user-", "teams": "Team", "keys": "key "}
    listed = [(await page.get(f"/api/admin/{what}", search=name))["total"] for what, name in names.items()]
    assert listed == [SIZE.users, SIZE.teams, SIZE.keys]
    await connection.close()


async def test_keys_of_one_user_share_the_name_in_memory(database_url: str):
    connection = await asyncpg.connect(database_url)
    await fill_keys(connection, SIZE)
    pool = await open_pool(database_url, 2)
    snapshot = Snapshot(pool, Vault("salt"))
    await snapshot.catch_up()
    names = {id(key.user_id) for key in snapshot.keys.values()} | {id(key.team_id) for key in snapshot.keys.values()}
    assert len(names) == SIZE.users + SIZE.teams
    await pool.close()
    await connection.close()

"""Rotating the salt key: all secrets or none, also when it is killed in the middle, and under running replicas."""

import asyncio
import json
import os
import sys

import asyncpg
import pytest
from click.testing import CliRunner

from factories import add_model
from litemaas.cli.commands import litemaas
from litemaas.domain.administration.salt_rotation import SEALED
from litemaas.storage.vault import Vault
from support.gateway import gateway_in_process
from support.rows import SALT_KEY
from support.wire import PATIENCE

NEW_KEY = "salt-of-tomorrow"
OLD, NEW = Vault(SALT_KEY), Vault(NEW_KEY)
NOT_SEALED = {("sessions", "id_hash"), ("branding_images", "content")}


@pytest.fixture
async def database(database_url):
    connection = await asyncpg.connect(database_url)
    await connection.execute("INSERT INTO salt_check (sealed) VALUES ($1)", OLD.seal("litemaas"))
    for name in ("a", "b", "c"):
        await add_model(connection, name, credential=OLD.seal(f"sk-{name}"))
    await add_model(connection, "open")
    yield connection
    await connection.close()


def environment(url, tmp_path, **variables):
    keys = {"LITEMAAS_SALT_KEY": NEW_KEY, "LITEMAAS_SALT_KEY_PREVIOUS": SALT_KEY}
    return {"DATABASE_URL": url, "LITEMAAS_DATA_DIR": str(tmp_path)} | keys | variables


@pytest.fixture
def rotate(database_url, tmp_path):
    def rotate(*words, code=0, **variables):
        given = environment(database_url, tmp_path, **variables)
        result = CliRunner().invoke(litemaas, ["rotate-salt", *words], env=given)
        assert result.exit_code == code, result.output
        assert not any(key in result.output for key in (SALT_KEY, NEW_KEY))
        return json.loads(result.stdout) if "--json" in words else result.output

    return rotate


async def opened(database, vault):
    rows = await database.fetch("SELECT credential FROM deployments WHERE credential IS NOT NULL ORDER BY id")
    vault.open(await database.fetchval("SELECT sealed FROM salt_check"))
    return [vault.open(row["credential"]) for row in rows]


async def test_every_sealed_column_is_rotated(database):
    columns = await database.fetch(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'bytea'"
    )
    sealed = {(table, column) for table, (_, column) in SEALED.items()}
    assert {tuple(column) for column in columns} == sealed | NOT_SEALED


async def test_a_rotation_seals_everything_anew_and_a_second_one_finds_nothing_to_do(database, rotate):
    done = await asyncio.to_thread(rotate, "--json")
    assert {table: count for table, count in done["resealed"].items() if count} == {"deployments": 3, "salt_check": 1}
    assert not any(done["already"].values())
    assert await opened(database, NEW) == ["sk-a", "sk-b", "sk-c"]
    again = await asyncio.to_thread(rotate, "--json")
    assert sum(again["resealed"].values()) == 0
    entries = await database.fetch("SELECT actor, action, after::text FROM audit_log")
    assert [tuple(entry)[:2] for entry in entries] == [("litemaas rotate-salt", "rotate_salt")]


async def test_a_dry_run_changes_nothing(database, rotate):
    assert "Would be sealed anew: 4." in await asyncio.to_thread(rotate, "--dry-run")
    assert await opened(database, OLD) == ["sk-a", "sk-b", "sk-c"]


async def test_keys_come_from_files_too(database, rotate, tmp_path):
    for name, key in (("new", NEW_KEY), ("old", SALT_KEY)):
        (tmp_path / name).write_text(f"{key}\n")
    words = ("--key-file", str(tmp_path / "new"), "--previous-key-file", str(tmp_path / "old"))
    await asyncio.to_thread(rotate, *words, LITEMAAS_SALT_KEY=None, LITEMAAS_SALT_KEY_PREVIOUS=None)
    assert await opened(database, NEW) == ["sk-a", "sk-b", "sk-c"]


async def test_a_secret_that_neither_key_opens_stops_it_before_anything_changed(database, rotate):
    await add_model(database, "lost", credential=Vault("another").seal("sk-lost"))
    complaint = await asyncio.to_thread(rotate, code=1)
    assert "lost-deployment" in complaint
    await database.execute("DELETE FROM deployments WHERE id = 'lost-deployment'")
    assert await opened(database, OLD) == ["sk-a", "sk-b", "sk-c"]


@pytest.mark.parametrize(
    "variables",
    [
        {"LITEMAAS_SALT_KEY_PREVIOUS": None},
        {"LITEMAAS_SALT_KEY": None},
        {"LITEMAAS_SALT_KEY": SALT_KEY},
        {"LITEMAAS_SALT_KEY_PREVIOUS": "some other"},
    ],
)
async def test_without_the_two_keys_it_does_not_begin(database, rotate, variables):
    assert "salt key" in (await asyncio.to_thread(rotate, code=3, **variables)).lower().replace("_", " ")
    assert await opened(database, OLD) == ["sk-a", "sk-b", "sk-c"]


async def test_killed_in_the_middle_it_has_changed_nothing_and_can_be_run_again(
    database, database_url, rotate, tmp_path
):
    holder = await asyncpg.connect(database_url)
    blocking = holder.transaction()
    await blocking.start()
    await holder.execute("LOCK TABLE audit_log IN EXCLUSIVE MODE")  # its last step waits for us
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "litemaas.cli", "rotate-salt"),
        env=os.environ | environment(database_url, tmp_path),
    )
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(PATIENCE):
        while True:
            if await database.fetchval(waiting):
                break
            await asyncio.sleep(0.02)  # PostgreSQL tells nobody who waits
    process.kill()
    await process.wait()
    await blocking.rollback()
    await holder.close()
    assert await opened(database, OLD) == ["sk-a", "sk-b", "sk-c"]
    await asyncio.to_thread(rotate)
    assert await opened(database, NEW) == ["sk-a", "sk-b", "sk-c"]


async def test_a_replica_that_knows_both_keys_serves_before_and_after(database, database_url, rotate):
    keys = {"LITEMAAS_SALT_KEY": NEW_KEY, "LITEMAAS_SALT_KEY_PREVIOUS": SALT_KEY}
    async with gateway_in_process(database_url, **keys) as gateway:
        snapshot = gateway.platform.snapshot
        for _ in ("before", "after"):
            await snapshot.catch_up()
            (target,) = snapshot.catalog.models["a"].targets
            assert target.credential == "sk-a"
            await asyncio.to_thread(rotate)
    async with gateway_in_process(database_url, LITEMAAS_SALT_KEY=NEW_KEY) as gateway:
        assert gateway.platform.snapshot.catalog.models["b"].targets[0].credential == "sk-b"


async def test_with_the_keys_the_other_way_round_nothing_new_is_sealed_with_the_new_one(database, database_url):
    keys = {"LITEMAAS_SALT_KEY": SALT_KEY, "LITEMAAS_SALT_KEY_PREVIOUS": NEW_KEY}
    async with gateway_in_process(database_url, **keys) as gateway:
        assert OLD.open(gateway.platform.vault.seal("sk-d")) == "sk-d"
        await database.execute("UPDATE deployments SET credential = $1 WHERE id = 'a-deployment'", NEW.seal("sk-new"))
        await gateway.platform.snapshot.catch_up()
        assert gateway.platform.snapshot.catalog.models["a"].targets[0].credential == "sk-new"

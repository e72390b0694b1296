"""Several processes migrate one database at once, as the replicas of a new release do."""

import asyncio
import json
import subprocess
import sys

import pytest

from litemaas.migrations import MigrationError, Patience, migrate
from support.sql import connected

PROCESS = """
import json, os, sys
from pathlib import Path
from litemaas.migrations import migrate

told = []
applied = migrate(os.environ["DATABASE_URL"], versions=Path(sys.argv[1]), on_progress=told.append)
print(json.dumps({"applied": applied, "told": told}))
"""
WAITING = "Another process is migrating this database: waiting for it."


def test_processes_at_once_apply_each_migration_once(empty_database_url, history):
    history.add("SELECT pg_sleep(0.5);")  # so that they overlap
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, history.folder],
            env={"DATABASE_URL": empty_database_url},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    results = [json.loads(process.communicate()[0]) for process in processes]
    assert sorted(result["applied"] for result in results) == [[], [], ["0001", "0002", "0003"]]
    for result in results:
        assert bool(result["applied"]) != (result["told"] == [WAITING])


async def test_the_second_waits_until_the_first_is_done_or_gone(empty_database_url, history):
    loop, waits = asyncio.get_running_loop(), asyncio.Event()
    async with connected(empty_database_url) as first:
        await first.execute("SELECT pg_advisory_lock($1)", int.from_bytes(b"litemaas", "big"))
        second = asyncio.create_task(
            asyncio.to_thread(
                migrate,
                empty_database_url,
                versions=history.folder,
                on_progress=lambda _: loop.call_soon_threadsafe(waits.set),
            )
        )
        await waits.wait()
        assert not second.done()
    assert await second == ["0001", "0002"]


async def test_the_second_does_not_wait_for_ever(empty_database_url, history):
    patience = Patience(other_process=0.05)
    async with connected(empty_database_url) as first:
        await first.execute("SELECT pg_advisory_lock($1)", int.from_bytes(b"litemaas", "big"))
        with pytest.raises(MigrationError, match="Another process has been migrating"):
            await asyncio.to_thread(migrate, empty_database_url, versions=history.folder, patience=patience)

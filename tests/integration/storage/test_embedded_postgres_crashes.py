"""What is left after processes were killed, and how the next start gets over it."""

import os
import signal
import subprocess
import sys

import asyncpg
import pytest

from litemaas.storage.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from support.processes import wait_for_end
from support.sql import fetch_value

SUPERVISOR = """
import sys
from pathlib import Path
from litemaas.storage.embedded_postgres import EmbeddedPostgres

postgres = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
print(postgres.start(), postgres.process_id, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def supervisor(data_dir):
    """Another process that runs PostgreSQL on the folder: the process, the URL, the postmaster's id."""
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, data_dir], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        url, process_id = process.stdout.readline().split()
        yield process, url, int(process_id)
        process.kill()
    wait_for_end(int(process_id))


async def test_postgres_ends_with_its_supervisor_and_the_next_start_has_the_data(supervisor, postgres):
    process, url, process_id = supervisor
    await fetch_value(url, "CREATE TABLE money AS SELECT 7 AS cents")
    process.kill()
    assert postgres.start() == url
    wait_for_end(process_id)
    assert await fetch_value(url, "SELECT cents FROM money") == 7


def test_postgres_ends_with_its_supervisor_also_without_a_next_start(supervisor):
    process, _, process_id = supervisor
    process.kill()
    wait_for_end(process_id)


def test_a_living_supervisor_is_named_to_the_second_one(supervisor, postgres):
    process, _, _ = supervisor
    with pytest.raises(EmbeddedPostgresError, match=f"process {process.pid}"):
        postgres.start()


async def test_a_server_that_nobody_supervises_is_replaced(postgres, data_dir):
    url = postgres.start()
    await fetch_value(url, "CREATE TABLE money AS SELECT 7 AS cents")
    left_behind = postgres.process_id
    postgres._lock.release()  # as if the supervisor had died where the kernel does not tell its child
    successor = EmbeddedPostgres(data_dir, durable=False)
    try:
        assert successor.start() == url
        wait_for_end(left_behind)
        assert not postgres.alive
        assert await fetch_value(url, "SELECT cents FROM money") == 7
    finally:
        successor.stop()


async def test_after_the_postmaster_was_killed_a_start_brings_the_committed_data_back(postgres):
    url = postgres.start()
    await fetch_value(url, "CREATE TABLE money AS SELECT 7 AS cents")
    busy = await asyncpg.connect(url)  # its process outlives the postmaster for a moment
    os.kill(postgres.process_id, signal.SIGKILL)
    wait_for_end(postgres._process.pid)
    assert not postgres.alive
    assert postgres.start() == url
    assert await fetch_value(url, "SELECT cents FROM money") == 7
    busy.terminate()


def test_the_process_id_of_a_stranger_in_a_stale_file_does_no_harm(postgres, data_dir):
    url = postgres.start()
    os.kill(postgres.process_id, signal.SIGKILL)
    postgres.stop()
    pid_file = data_dir / "postgres" / "cluster" / "postmaster.pid"
    with subprocess.Popen(["sleep", "infinity"]) as stranger:
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        assert postgres.start() == url
        assert stranger.poll() is None
        stranger.kill()


async def test_a_start_that_was_interrupted_leaves_nothing_that_confuses_the_next(postgres, data_dir):
    unfinished = data_dir / "postgres" / "cluster.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    assert await fetch_value(postgres.start(), "SELECT 1") == 1
    assert not unfinished.exists()


async def test_a_lost_password_is_set_anew(postgres, data_dir):
    url = postgres.start()
    postgres.stop()
    (data_dir / "postgres" / "password").unlink()
    new_url = postgres.start()
    assert new_url != url
    assert await fetch_value(new_url, "SELECT 1") == 1

"""What a user of `EmbeddedPostgres` can rely on while nothing goes wrong."""

import os
import shutil
import socket
import stat
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from litemaas.storage.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from support.postgres import reachable_directory
from support.processes import wait_for_end
from support.sql import fetch_value


@pytest.fixture(scope="module")
def running():
    """A started server, for tests that only look at it: its folder, the server, its URL."""
    data_dir = reachable_directory()
    postgres = EmbeddedPostgres(data_dir, durable=False)
    yield data_dir / "postgres", postgres, postgres.start()
    postgres.stop()
    shutil.rmtree(data_dir)


async def test_it_opens_its_database_to_its_user_only_with_the_password(running):
    _, _, url = running
    assert await fetch_value(url, "SELECT current_user || '@' || current_database()") == "litemaas@litemaas"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url.replace(urlsplit(url).password, "wrong"))
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await asyncpg.connect(url.replace("//litemaas:", "//postgres:"))


async def test_it_listens_on_loopback_only_and_on_no_unix_socket(running):
    _, _, url = running
    assert await fetch_value(url, "SHOW listen_addresses") == "127.0.0.1"
    assert await fetch_value(url, "SHOW unix_socket_directories") == ""


async def test_text_is_utf8_and_sorts_by_code_point(running):
    _, _, url = running
    assert await fetch_value(url, "SHOW server_encoding") == "UTF8"
    assert await fetch_value(url, "SELECT upper('ä')") == "Ä"
    assert await fetch_value(url, "SELECT string_agg(w, '' ORDER BY w) FROM unnest('{ä,Z,a}'::text[]) w") == "Zaä"


def test_everything_it_writes_is_below_its_folder_and_closed_to_others(running):
    folder, _, _ = running
    assert [path.name for path in folder.parent.iterdir()] == ["postgres"]
    assert folder.stat().st_mode & (stat.S_IROTH | stat.S_IRGRP) == 0
    for name in ("password", "log", "lock"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


async def test_the_password_is_in_no_argument_and_in_no_log(running):
    folder, postgres, url = running
    password = urlsplit(url).password
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await fetch_value(url, f"ALTER ROLE litemaas PASSWORD '{password}' nonsense")
    process = Path("/proc") / str(postgres.process_id)
    for place in (process / "cmdline", process / "environ", folder / "log"):
        assert password not in place.read_text()


def test_ctrl_c_in_the_terminal_does_not_reach_it(running):
    _, postgres, _ = running
    assert os.getsid(postgres.process_id) != os.getsid(0)


def test_secrets_in_our_environment_do_not_reach_it(running):
    _, postgres, _ = running
    environment = Path(f"/proc/{postgres.process_id}/environ").read_text()
    assert {line.split("=")[0] for line in environment.split("\0")} <= {"", "PATH", "LD_LIBRARY_PATH", "LC_ALL", "TZ"}


async def test_only_a_server_for_tests_does_not_wait_for_the_disk(running):
    _, _, url = running
    assert await fetch_value(url, "SHOW fsync") == "off"


async def test_what_is_committed_is_on_the_disk(data_dir):
    postgres = EmbeddedPostgres(data_dir)
    try:
        url = postgres.start()
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await fetch_value(url, f"SHOW {setting}") == "on"
    finally:
        postgres.stop()


async def test_data_and_url_survive_a_stop(postgres):
    url = postgres.start()
    await fetch_value(url, "CREATE TABLE money AS SELECT 7 AS cents")
    postgres.stop()
    assert postgres.start() == url
    assert await fetch_value(url, "SELECT cents FROM money") == 7


def test_starting_twice_and_stopping_twice_is_harmless(postgres):
    postgres.stop()
    assert not postgres.alive
    assert postgres.start() == postgres.start()
    assert postgres.alive
    process_id = postgres.process_id
    postgres.stop()
    postgres.stop()
    assert not postgres.alive
    assert postgres.process_id is None
    wait_for_end(process_id)


def test_a_second_one_on_the_same_folder_is_refused_until_the_first_stops(postgres, data_dir):
    url = postgres.start()
    second = EmbeddedPostgres(data_dir, durable=False)
    with pytest.raises(EmbeddedPostgresError, match=rf"process {os.getpid()}\) uses .*--data-dir"):
        second.start()
    assert postgres.alive
    postgres.stop()
    assert second.start() == url
    second.stop()


async def test_another_port_is_taken_when_somebody_listens_on_the_old_one(postgres):
    old = urlsplit(postgres.start()).port
    postgres.stop()
    with socket.create_server(("127.0.0.1", old)):
        url = postgres.start()
        assert urlsplit(url).port != old
        assert await fetch_value(url, "SELECT 1") == 1


async def test_a_long_path_does_not_matter(data_dir):
    postgres = EmbeddedPostgres(data_dir / ("long" * 30), durable=False)
    try:
        assert await fetch_value(postgres.start(), "SELECT 1") == 1
    finally:
        postgres.stop()

import json
import socket

import pytest
from click.testing import CliRunner

from litemaas.cli.commands import litemaas
from litemaas.migrations import head_revision


def run(url, *words):
    return CliRunner().invoke(litemaas, words, env={"DATABASE_URL": url, "DATABASE_DIRECT_URL": None})


@pytest.fixture
async def empty_database(postgres_server):
    async with postgres_server.database("template0") as url:
        yield url


def test_migrating_says_what_it_did_and_then_that_there_is_nothing_to_do(empty_database):
    first = run(empty_database, "migrate", "--json")
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["applied"][-1] == head_revision()
    assert run(empty_database, "migrate").stdout == "The schema is up to date.\n"


def test_waiting_ends_when_the_database_answers(database_url):
    assert run(database_url, "wait-for-database").exit_code == 0


def test_waiting_for_nobody_ends_with_a_sentence_without_the_password():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    result = run(f"postgresql://me:pass-word@127.0.0.1:{port}/db", "wait-for-database", "--timeout", "0")
    assert result.exit_code == 3
    assert f"127.0.0.1:{port}" in result.stderr
    assert "pass-word" not in result.output


def test_without_a_database_it_says_which_variable_names_one():
    result = run("", "migrate")
    assert result.exit_code == 3
    assert "DATABASE_URL" in result.stderr

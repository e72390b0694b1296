import os
import signal
from pathlib import Path

import pytest

from support.processes import wait_for_end


def test_a_server_that_was_killed_is_started_again(start_up):
    running = start_up().until_ready()
    first = running.server["pid"]
    os.kill(first, signal.SIGKILL)
    running.until_said("The server is back.")
    assert running.server["pid"] != first
    assert "was ended by SIGKILL" in running.errors


def test_a_server_that_never_gets_ready_ends_up_after_three_attempts(start_up):
    running = start_up({"STAND_IN": "crash"})
    assert running.end() == 1
    assert "ended with exit code 7 3 times" in running.errors
    assert not (running.data_dir / "connection.json").exists()


def test_what_a_server_says_when_it_cannot_start_is_passed_on(start_up):
    running = start_up({"STAND_IN": "refuse"})
    assert running.end() == 1
    assert "The salt key is another one" in running.errors


def test_nothing_survives_a_killed_supervisor_and_the_next_start_recovers(start_up):
    first = start_up(demo=True, database_url=None).until_ready()
    connection, children = first.connection, first.children()
    assert len(children) == 3  # PostgreSQL, demo, server
    first.process.kill()
    for child in children:
        wait_for_end(child)
    first.end()
    second = start_up(demo=True, database_url=None, port=int(connection["url"].rpartition(":")[2])).until_ready()
    assert second.connection == connection
    children = second.children()
    assert second.stop() == 0
    for child in children:
        wait_for_end(child)


def test_a_postgresql_that_was_killed_comes_back(start_up):
    running = start_up({"DATABASE_DIRECT_URL": "postgresql://elsewhere"}, database_url=None).until_ready()
    server = running.server["pid"]
    assert running.server["environment"]["DATABASE_DIRECT_URL"] == ""
    (postmaster,) = set(running.children()) - {server}
    os.kill(postmaster, signal.SIGKILL)
    running.until_said("PostgreSQL is back.")
    assert postmaster not in running.children()
    assert running.server["pid"] == server


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_the_terminal_stops_it_like_sigterm(start_up, number):
    assert start_up().until_ready().stop(number) == 0


def test_under_nohup_it_outlives_its_terminal(start_up):
    running = start_up({"NOHUP": "1"}).until_ready()
    running.process.send_signal(signal.SIGHUP)
    assert running.server["pid"]
    assert running.stop() == 0


def test_a_second_interrupt_ends_what_does_not_finish(start_up):
    running = start_up({"STAND_IN": "stubborn"}).until_ready()
    (server,) = running.children()
    running.process.send_signal(signal.SIGINT)
    running.until_said("Waiting for open calls")
    assert Path(f"/proc/{server}").exists()
    assert running.stop(signal.SIGINT) == 0
    wait_for_end(server)


def test_it_can_be_stopped_while_it_starts(start_up):
    running = start_up({"STAND_IN": "crash"}, demo=True, database_url=None)
    running.until_said("PostgreSQL")
    assert running.stop() == 0
    assert "Stopped." in running.errors

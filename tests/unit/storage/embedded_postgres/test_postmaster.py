import subprocess

import pytest

from litemaas.storage.embedded_postgres import postmaster

READY = "{pid}\n/data\n1700000000\n20000\n\n127.0.0.1\n  1 2\nready   \n"


def test_a_cluster_without_the_file_has_no_server(tmp_path):
    assert postmaster.process_id(tmp_path) is None
    assert not postmaster.is_ready(tmp_path, 1)


@pytest.mark.parametrize("damaged", ["", "\n", "not a number\n"])
def test_a_damaged_file_names_no_server(tmp_path, damaged):
    (tmp_path / "postmaster.pid").write_text(damaged)
    assert postmaster.process_id(tmp_path) is None


def test_a_server_is_ready_when_its_file_says_so_of_this_very_process(tmp_path):
    (tmp_path / "postmaster.pid").write_text(READY.format(pid=42))
    assert postmaster.process_id(tmp_path) == 42
    assert postmaster.is_ready(tmp_path, 42)
    assert not postmaster.is_ready(tmp_path, 43)


def test_a_starting_server_is_not_ready(tmp_path):
    (tmp_path / "postmaster.pid").write_text(READY.format(pid=42).replace("ready   ", "starting"))
    assert not postmaster.is_ready(tmp_path, 42)


def test_a_stranger_who_works_in_the_folder_is_not_ended_but_forgotten(tmp_path):
    with subprocess.Popen(["sleep", "infinity"], cwd=tmp_path) as stranger:
        (tmp_path / "postmaster.pid").write_text(READY.format(pid=stranger.pid))
        postmaster.end_earlier_server(tmp_path)
        assert stranger.poll() is None
        stranger.kill()
    assert not (tmp_path / "postmaster.pid").exists()


def test_the_file_of_a_dead_process_is_left_to_postgres_which_checks_its_memory(tmp_path):
    with subprocess.Popen(["true"]) as process:
        pass
    (tmp_path / "postmaster.pid").write_text(READY.format(pid=process.pid))
    postmaster.end_earlier_server(tmp_path)
    assert (tmp_path / "postmaster.pid").exists()


def test_a_process_that_ignores_polite_signals_is_killed(monkeypatch):
    monkeypatch.setattr(postmaster, "_SHUTDOWN_STEPS", [(step, 0.2) for step, _ in postmaster._SHUTDOWN_STEPS])
    stubborn = "trap '' INT QUIT; echo deaf; while :; do sleep 1; done"
    with subprocess.Popen(["sh", "-c", stubborn], stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        process.stdout.readline()

        def wait(seconds: float) -> bool:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                return False
            return True

        postmaster.shut_down(process.pid, wait)
        assert process.returncode == -9
        process.stdout.close()


def test_ending_a_process_that_is_gone_is_harmless():
    with subprocess.Popen(["true"]) as process:
        pass
    postmaster.shut_down(process.pid, lambda _: pytest.fail("waits for nobody"))

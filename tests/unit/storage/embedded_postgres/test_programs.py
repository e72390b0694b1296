import os
import stat
import subprocess
import sys

from litemaas.storage.embedded_postgres.launcher import Launcher
from litemaas.storage.embedded_postgres.programs import copy_programs, find_programs


def test_the_programs_are_found_without_running_the_package():
    assert os.access(find_programs() / "postgres", os.X_OK)
    assert "embedded_postgres" not in sys.modules


def test_a_copy_runs_and_everybody_may_run_it(tmp_path):
    copied = copy_programs(find_programs(), tmp_path / "programs")
    for program in ("postgres", "initdb", "psql"):
        version = subprocess.run([copied / program, "--version"], capture_output=True, text=True, check=True).stdout
        assert "PostgreSQL" in version
    for path in (tmp_path / "programs").rglob("*"):
        mode = path.stat().st_mode
        assert mode & stat.S_IROTH
        assert bool(mode & stat.S_IXOTH) == bool(mode & stat.S_IXUSR)


def test_a_copy_replaces_an_older_one(tmp_path):
    old = tmp_path / "programs" / "embedded_postgres" / "old"
    old.mkdir(parents=True)
    copy_programs(find_programs(), tmp_path / "programs")
    assert not old.exists()


def test_a_program_does_not_start_for_a_parent_that_is_gone():
    launcher = Launcher(find_programs(), "same", os.getuid(), os.getgid())
    command = [str(word) for word in launcher.command("postgres", "--version")]
    command[command.index(str(os.getpid()))] = "1"
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "supervisor is gone" in result.stderr

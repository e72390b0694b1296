"""Who PostgreSQL runs as when root starts it."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from support.sql import fetch_value

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another identity")

WITHOUT_NAMESPACES = """
import ctypes, sys
from pathlib import Path
from litemaas.storage.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError

assert ctypes.CDLL(None).unshare(0x10000000) == 0
print("entered", flush=True)
sys.stdin.readline()
Path("/proc/sys/user/max_user_namespaces").write_text("0")
postgres = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
try:
    postgres.start()
except EmbeddedPostgresError as error:
    print(error, flush=True)
else:
    print(Path(f"/proc/{postgres.process_id}").stat().st_uid, flush=True)
    postgres.stop()
"""


def start_without_namespaces(data_dir: Path) -> str:
    """Start and stop PostgreSQL as a root that may not make user namespaces; return its user id, or the refusal."""
    with subprocess.Popen(
        [sys.executable, "-c", WITHOUT_NAMESPACES, data_dir], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdout.readline() != "entered\n":
            pytest.skip("this machine does not let a test take user namespaces away")
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{process.pid}/{name}").write_text("0 0 65536")
        output, _ = process.communicate("go\n")
    return output.strip()


def owner(process_id: int) -> int:
    return Path(f"/proc/{process_id}").stat().st_uid


def test_in_a_namespace_the_files_stay_with_root_and_a_closed_folder_stays_closed(postgres, data_dir):
    data_dir.chmod(0o700)
    if subprocess.run(["unshare", "--user", "true"], check=False).returncode != 0:
        pytest.skip("this machine has no user namespaces")
    postgres.start()
    assert owner(postgres.process_id) == 0
    assert (data_dir / "postgres" / "cluster").stat().st_uid == 0
    assert data_dir.stat().st_mode & 0o077 == 0


async def test_without_namespaces_it_is_nobody_and_stays_so(postgres, data_dir):
    nobody = pwd.getpwnam("nobody").pw_uid
    assert start_without_namespaces(data_dir) == str(nobody)
    url = postgres.start()
    assert await fetch_value(url, "SELECT 1") == 1
    assert (data_dir / "postgres" / "cluster").stat().st_uid == nobody
    assert owner(postgres.process_id) == nobody


def test_without_namespaces_a_closed_folder_is_left_closed(data_dir):
    data_dir.chmod(0o700)
    refusal = start_without_namespaces(data_dir)
    assert "--data-dir" in refusal
    assert "--database-url" in refusal
    assert data_dir.stat().st_mode & 0o077 == 0

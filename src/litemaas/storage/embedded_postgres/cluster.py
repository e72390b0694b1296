"""Makes the cluster: the data folder, the database `litemaas` in it, and the password of its only user.

What needs SQL before the server runs goes through PostgreSQL's single-user mode, which reads commands from its input:
the password is in no argument and in no second file.
"""

import os
import shutil
from pathlib import Path

from litemaas.storage.embedded_postgres.errors import explain
from litemaas.storage.embedded_postgres.launcher import Launcher

USER = DATABASE = "litemaas"

_LOOPBACK_WITH_PASSWORD_ONLY = f"host all {USER} 127.0.0.1/32 scram-sha-256\n"
_COLLATION = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
"""Text sorts by code point everywhere: an upgrade of the system's locales must not break an index."""


def create_cluster(launcher: Launcher, folder: Path, *, durable: bool) -> Path:
    """Create `folder/cluster` unless it exists, and return it.

    It is made beside its place and moved there when it is complete, so that an interrupted start leaves no half of one.

    Raises:
        EmbeddedPostgresError: PostgreSQL cannot make it.
    """
    cluster = folder / "cluster"
    if cluster.exists():
        return cluster
    _password_file(folder).unlink(missing_ok=True)
    unfinished = folder / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    launcher.give(unfinished)
    options = [*_COLLATION, f"--username={USER}", "--auth=reject", "--no-instructions"]
    if not durable:
        options.append("--no-sync")
    result = launcher.run("initdb", "-D", str(unfinished), *options)
    if result.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise explain(result.stderr, folder)
    (unfinished / "pg_hba.conf").write_text(_LOOPBACK_WITH_PASSWORD_ONLY, encoding="ascii")
    _run_sql(launcher, unfinished, f"CREATE DATABASE {DATABASE};")
    unfinished.rename(cluster)
    _sync(folder)
    return cluster


def password_of(launcher: Launcher, folder: Path) -> str:
    """Return the password of the database user; a missing one is set anew, for which the server must not be running.

    Raises:
        EmbeddedPostgresError: PostgreSQL cannot set it.
    """
    path = _password_file(folder)
    if not path.exists():
        password = os.urandom(24).hex()
        _run_sql(launcher, folder / "cluster", f"ALTER ROLE {USER} PASSWORD '{password}';")
        _write_private(path, password)
    return path.read_text(encoding="ascii")


def _password_file(folder: Path) -> Path:
    return folder / "password"


def _run_sql(launcher: Launcher, cluster: Path, statement: str) -> None:
    options = ("-D", str(cluster), "-c", "log_min_error_statement=panic", "-c", "log_checkpoints=off")
    result = launcher.run("postgres", "--single", *options, "postgres", feed=statement + "\n")
    if result.returncode != 0 or "ERROR:" in result.stderr:  # a refused statement does not change the exit status
        raise explain(result.stderr, cluster.parent)


def _write_private(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    unfinished.rename(path)
    _sync(path.parent)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

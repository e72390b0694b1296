"""Databases for tests: one server per run, and a fresh migrated database for every test that asks.

Fixtures: `postgres_server` (session) and `database_url` (function). With `TEST_DATABASE_URL`, the URL of a role that
may create databases, that server is used; otherwise PostgreSQL is started for the run.

The server belongs to no pytest-xdist worker, since any of them may end first. The first test that needs it starts a
keeper process (`postgres_keeper.py`), every worker that uses it holds a shared lock, and the keeper ends the server as
soon as nobody holds that lock any more, even if pytest was killed. A run that needs no database starts nothing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from support.locks import exclusive, shared

RUN_DIRECTORY = "LITEMAAS_TEST_RUN"
"""Environment variable by which the workers find the run's folder."""

KEEPER = Path(__file__).with_name("postgres_keeper.py")
DIRECTORY = pytest.StashKey[Path]()


@dataclass(frozen=True)
class PostgresServer:
    """A server, by the URL of a role that may create databases, and the name of its migrated template."""

    url: str
    template: str

    @asynccontextmanager
    async def database(self, template: str | None = None) -> AsyncIterator[str]:
        """Yield the URL of a new database; `template0` instead of the migrated template gives an empty one."""
        name = f"test_{os.urandom(8).hex()}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template or self.template}")
        try:
            yield urlsplit(self.url)._replace(path=f"/{name}").geturl()
        finally:
            await self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def reachable_directory() -> Path:
    """Make a temporary folder that PostgreSQL can use even where root must become nobody, as pytest's own are not."""
    directory = Path(tempfile.mkdtemp(prefix="litemaas-test-"))
    if os.geteuid() == 0:
        directory.chmod(0o711)
    return directory


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    directory = Path(os.environ[RUN_DIRECTORY])
    address = directory / "address"
    with shared(directory / "users.lock"):
        with exclusive(directory / "start.lock"):
            if not address.exists():
                _start_keeper(directory)
        url, template = address.read_text().split()
        yield PostgresServer(url, template)


@pytest.fixture
async def database_url(postgres_server: PostgresServer) -> AsyncIterator[str]:
    async with postgres_server.database() as url:
        yield url


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        directory = reachable_directory()
        os.environ[RUN_DIRECTORY] = str(directory)
        config.stash[DIRECTORY] = directory


def pytest_unconfigure(config: pytest.Config) -> None:
    directory = config.stash.get(DIRECTORY, None)
    if directory is not None:
        with exclusive(directory / "keeper.lock"):  # the keeper is gone
            shutil.rmtree(directory)


def _start_keeper(directory: Path) -> None:
    complaints = directory / "keeper.log"
    with complaints.open("w") as log:
        command = [sys.executable, KEEPER, directory]
        keeper = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
    if keeper.returncode != 0:
        pytest.fail(f"No database for tests: {complaints.read_text()}", pytrace=False)

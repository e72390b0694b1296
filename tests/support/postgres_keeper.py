"""Keeps PostgreSQL and the migrated template database as long as some test worker uses them (see `postgres.py`).

Run as a script with the run's folder. It returns when the database can be used, and goes on in the background.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from locks import exclusive

from litemaas.migrations import migrate
from litemaas.storage.embedded_postgres import EmbeddedPostgres


@contextmanager
def server(directory: Path) -> Iterator[str]:
    """Yield the URL of the given server, or of one that lives as long as the context."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    data = directory / "data"
    postgres = EmbeddedPostgres(data, durable=False)
    try:
        yield postgres.start()
    finally:
        postgres.stop()
        shutil.rmtree(data)


@contextmanager
def template(url: str) -> Iterator[str]:
    """Yield the name of a new, migrated database."""
    name = f"template_{os.urandom(8).hex()}"
    execute(url, f"CREATE DATABASE {name}")
    try:
        migrate(urlsplit(url)._replace(path=f"/{name}").geturl())
        yield name
    finally:
        execute(url, f"DROP DATABASE {name} WITH (FORCE)")


def execute(url: str, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


def keep(directory: Path, ready: int) -> None:
    """Announce the database in `address`, write a byte to `ready`, and end when no worker holds `users.lock`."""
    address = directory / "address"
    with exclusive(directory / "keeper.lock"), server(directory) as url, template(url) as name:
        address.touch(mode=0o600)  # the URL holds a password
        address.write_text(f"{url}\n{name}\n")
        os.write(ready, b".")
        os.close(ready)
        with exclusive(directory / "users.lock"):
            address.unlink()


def main(directory: Path) -> None:
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        os.setsid()  # Ctrl-C is for the tests, which end first
        keep(directory, writer)
    else:
        os.close(writer)
        sys.exit(0 if os.read(reader, 1) else "The keeper ended before the database was ready.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

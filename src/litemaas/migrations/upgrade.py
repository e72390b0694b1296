"""Applies single migrations through Alembic, on a connection of ours. Only this and the migrations load Alembic."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool
from sqlalchemy.ext.asyncio import create_async_engine


@asynccontextmanager
async def upgrading(connection: asyncpg.Connection, versions: Path) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
    """Yield a function that applies the next revision, by its id, in a transaction of its own.

    The function raises whatever the migration raised, after it was rolled back. The connection is closed at the end.
    """

    async def hand_over() -> asyncpg.Connection:
        return connection

    # SQLAlchemy would not understand sslmode and sslrootcert in our URL, so it never sees the URL.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=hand_over, poolclass=NullPool)
    config = Config()
    config.set_main_option("path_separator", "newline")
    config.set_main_option("script_location", _escaped(Path(__file__).parent))
    config.set_main_option("version_locations", _escaped(versions))

    def upgrade(bind: Connection, revision: str) -> None:
        config.attributes["connection"] = bind
        try:
            command.upgrade(config, revision)
        finally:
            bind.rollback()  # ends what is left of a failed transaction; a committed one is not touched

    async with engine.connect() as bind:

        async def apply(revision: str) -> None:
            await bind.run_sync(upgrade, revision)

        yield apply


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")

"""Brings a database's schema up to date, safely while other processes do the same and while LiteMaaS serves.

One process at a time migrates: a session's advisory lock keeps the others waiting, and they then find nothing to do.
Each migration is one transaction. It waits for a table only briefly, because everybody who wants that table queues up
behind it, and then lets the traffic through before it tries again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import asyncpg

from litemaas.migrations.connection import connect
from litemaas.migrations.errors import MigrationError
from litemaas.migrations.revisions import VERSIONS, current_revision, known_revisions, pending_revisions

_ADVISORY_LOCK = int.from_bytes(b"litemaas", "big")
_LOG = logging.getLogger(__name__)

Progress = Callable[[str], None]
"""Is told, in a sentence, what is happening."""


class Patience(NamedTuple):
    """How long to wait for others, in seconds."""

    database: float = 60.0
    """For a database that does not answer."""
    other_process: float = 600.0
    """For another process that is migrating."""
    table_lock: float = 5.0
    """For a table that somebody uses, each time."""
    attempts: int = 6
    """How many times a migration is tried when its tables are in use."""
    pause: float = 2.0
    """Between these attempts."""


def migrate(
    database_url: str,
    *,
    on_progress: Progress = _LOG.info,
    patience: Patience = Patience(),  # noqa: B008 - immutable
    versions: Path = VERSIONS,
) -> list[str]:
    """Apply all migrations that the database does not have yet.

    Not for use inside a running event loop: call it from a thread there.

    Args:
        database_url: `postgresql://…` or `postgres://…`, with `sslmode` and `sslrootcert` if needed. It must lead to
            PostgreSQL itself: through a pooler the lock that keeps other processes out would not hold.
        on_progress: Is told what is happening.
        patience: How long to wait for others.
        versions: The folder of the migrations.

    Returns:
        The revisions that were applied; none when the database was up to date.

    Raises:
        MigrationError: It could not be done. Migrations before the failing one stay; the failing one leaves nothing.
    """
    return asyncio.run(_migrate(database_url, on_progress, patience, versions))


async def _migrate(url: str, on_progress: Progress, patience: Patience, versions: Path) -> list[str]:
    connection = await connect(url, seconds=patience.database, on_progress=on_progress)
    try:
        await _take_turn(connection, on_progress, patience)
        current = await current_revision(connection)
        pending = pending_revisions(current, known_revisions(versions))
        if is_new := current is None:
            on_progress("Creating the schema.")
        if pending:
            from litemaas.migrations.upgrade import upgrading  # noqa: PLC0415 - loads Alembic, most starts need none

            async with upgrading(connection, versions) as apply:
                for revision in pending:
                    if not is_new:
                        on_progress(f"Applying migration {revision}.")
                    await _apply(apply, revision, on_progress, patience)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise MigrationError(f"The database broke off ({error}): start again when it is back.") from error
    else:
        return pending
    finally:
        await connection.close()


async def _take_turn(connection: asyncpg.Connection, on_progress: Progress, patience: Patience) -> None:
    """Take the advisory lock, which ends with the connection."""
    if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _ADVISORY_LOCK):
        on_progress("Another process is migrating this database: waiting for it.")
        await _set_lock_timeout(connection, patience.other_process)
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", _ADVISORY_LOCK)
        except asyncpg.LockNotAvailableError as error:
            raise MigrationError(
                f"Another process has been migrating this database for more than {patience.other_process:g} s: "
                "look at what it waits for (pg_stat_activity), then start again."
            ) from error
    await _set_lock_timeout(connection, patience.table_lock)


async def _set_lock_timeout(connection: asyncpg.Connection, seconds: float) -> None:
    await connection.execute("SELECT set_config('lock_timeout', $1, false)", f"{seconds * 1000:.0f}ms")


async def _apply(
    apply: Callable[[str], Awaitable[None]], revision: str, on_progress: Progress, patience: Patience
) -> None:
    for attempt in range(1, patience.attempts + 1):
        try:
            await apply(revision)
        except Exception as error:
            cause = _root_cause(error)
            if not isinstance(cause, (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)):
                raise MigrationError(f"Migration {revision} failed and was rolled back: {cause}") from error
            if attempt == patience.attempts:
                raise MigrationError(
                    f"Migration {revision} could not lock its tables in {attempt} attempts: "
                    "end the sessions that use them (pg_stat_activity shows them) and start again."
                ) from error
            on_progress(f"Migration {revision} waits for tables in use (attempt {attempt} of {patience.attempts}).")
            await asyncio.sleep(patience.pause)
        else:
            return


def _root_cause(error: BaseException) -> BaseException:
    """Return the driver's error from under SQLAlchemy's, whose text repeats the whole statement."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error

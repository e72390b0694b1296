"""Which revisions this program has, and which one a database is at.

The server asks this at every start, so nothing here needs Alembic: the revisions are the names of the files in
`versions/`, `NNNN_slug.py`, one line of history without branches.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from litemaas.migrations.errors import MigrationError

VERSIONS = Path(__file__).parent / "versions"
VERSION_TABLE, VERSION_SCHEMA = "alembic_version", "public"

_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.py")


def known_revisions(versions: Path = VERSIONS) -> list[str]:
    """Return all revisions of this program, oldest first."""
    matches = (_FILE_NAME.fullmatch(path.name) for path in versions.iterdir())
    return sorted(match[1] for match in matches if match)


def head_revision() -> str:
    """Return the revision that this program was written for."""
    return known_revisions()[-1]


async def current_revision(connection: asyncpg.Connection) -> str | None:
    """Return the revision that the database is at, or None for a database without a schema.

    Raises:
        asyncpg.PostgresError: The database refuses the question.
    """
    table = f"{VERSION_SCHEMA}.{VERSION_TABLE}"
    if await connection.fetchval("SELECT to_regclass($1) IS NULL", table):
        return None
    revision: str | None = await connection.fetchval(f"SELECT version_num FROM {table}")  # noqa: S608 - constants
    return revision


def pending_revisions(current: str | None, known: Sequence[str]) -> list[str]:
    """Return what is to be applied to a database at `current`, in order.

    Raises:
        MigrationError: The database is at a revision that this program does not know.
    """
    if current is None:
        return list(known)
    if current not in known:
        raise MigrationError(
            f"The database is at revision {current}, but this LiteMaaS knows revisions up to {known[-1]}: "
            "run the newer LiteMaaS that migrated it, or restore a backup of the older schema."
        )
    return list(known[known.index(current) + 1 :])

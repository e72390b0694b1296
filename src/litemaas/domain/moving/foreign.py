"""Databases of others: reading tables of which we only know some columns, all at one moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg

from litemaas.domain.moving.entities import Row
from litemaas.domain.moving.errors import UnreadableSourceError
from litemaas.settings import Secret
from litemaas.storage.postgres import PASSING_ERRORS, Connection, prepare_connection

_SCHEMA = "schema"
_OF_PRISMA = frozenset(
    {_SCHEMA, "connection_limit", "pool_timeout", "pgbouncer", "sslaccept", "connect_timeout", "socket_timeout"}
)
_SECONDS = 10.0


@asynccontextmanager
async def open_foreign(url: Secret) -> AsyncIterator[Connection]:
    """Connect to a database of somebody else, to read only, as it is at one moment.

    Args:
        url: As PostgreSQL knows it; parameters that only Prisma knows, which LiteLLM uses, are understood.

    Raises:
        UnreadableSourceError: It does not let us in.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    known = {name: value for name, value in query.items() if name not in _OF_PRISMA}
    schema = {"search_path": query[_SCHEMA]} if _SCHEMA in query else {}
    address = parts._replace(query=urlencode(known)).geturl()
    try:
        connection = await asyncpg.connect(
            address, timeout=_SECONDS, server_settings={"application_name": "litemaas import", **schema}
        )
    except (asyncpg.PostgresError, ValueError, *PASSING_ERRORS) as error:
        raise UnreadableSourceError(
            f"The database to import from does not let us in ({type(error).__name__}): check its URL and password."
        ) from error
    try:
        await prepare_connection(connection)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection
    finally:
        await connection.close()


async def read_table(connection: Connection, table: str) -> list[Row]:
    """All rows of a table, none if there is no such table: older and newer versions of a source lack some."""
    if await connection.fetchval("SELECT to_regclass($1) IS NULL", f'"{table}"'):
        return []
    return [dict(row) for row in await connection.fetch(f'SELECT * FROM "{table}"')]  # noqa: S608 - a constant of a reader


async def require_table(connection: Connection, table: str, program: str) -> None:
    """Refuse a database that is not that of `program`.

    Raises:
        UnreadableSourceError: It has no such table.
    """
    if await connection.fetchval("SELECT to_regclass($1) IS NULL", f'"{table}"'):
        raise UnreadableSourceError(f"This is not a database of {program}: it has no table {table}.")

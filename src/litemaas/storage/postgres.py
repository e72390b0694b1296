"""PostgreSQL connections: how they are opened, and what travels over them."""

from typing import Any, TypeAlias

import asyncpg
import msgspec

Connection: TypeAlias = asyncpg.Connection
"""One connection, of a pool or not."""

Pool: TypeAlias = asyncpg.Pool

PASSING_ERRORS = (
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,  # also a full disk
    asyncpg.OperatorInterventionError,  # also a shutdown or a start that goes on
    asyncpg.ObjectNotInPrerequisiteStateError,  # a database that lets nobody in
    asyncpg.ReadOnlySQLTransactionError,  # a standby that is about to be promoted
    asyncpg.TransactionRollbackError,  # a deadlock
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that the server has ended, before its end was noticed
    OSError,
    TimeoutError,
)
"""Errors that say nothing about what was asked: the database is away, going away, or cannot write for now."""

_COMMAND_SECONDS = 30.0


async def prepare_connection(connection: Connection) -> None:
    """Teach a new connection our JSON."""
    await connection.set_type_codec(
        "jsonb", encoder=_encode_json, decoder=msgspec.json.decode, schema="pg_catalog", format="text"
    )


def _encode_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


async def open_pool(url: str, size: int) -> Pool:
    """Open a pool of at most `size` connections; the first one is opened at once.

    Raises:
        OSError, asyncpg.PostgresError: The database does not answer or refuses us.
    """
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        init=prepare_connection,
        command_timeout=_COMMAND_SECONDS,
        timeout=10,
        server_settings={"application_name": "litemaas"},
    )

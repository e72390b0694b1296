"""SQL of management keys. Revoked ones stay, so that the audit log's names can be looked up."""

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec
from msgspec.structs import astuple

from litemaas.domain.management_keys.entities import ManagementKey
from litemaas.domain.management_keys.errors import ManagementKeyExistsError, ManagementKeyNotFoundError
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row

_COLUMNS = ManagementKey.__struct_fields__


async def add_key(connection: Connection, key: ManagementKey) -> None:
    """Store a new key.

    Raises:
        ManagementKeyExistsError: Its name is in use.
    """
    try:
        await connection.execute(insert_row("management_keys", _COLUMNS), *astuple(key))
    except asyncpg.UniqueViolationError as error:
        raise ManagementKeyExistsError(f"There is a management key {key.name!r}.", param="name") from error


async def find_by_hash(connection: Connection, key_hash: str) -> ManagementKey | None:
    """Read the key of this text that is not revoked, if there is one."""
    row = await connection.fetchrow(
        "SELECT * FROM management_keys WHERE key_hash = $1 AND revoked_at IS NULL", key_hash
    )
    return None if row is None else _key(row)


async def note_use(connection: Connection, key_id: UUID, moment: datetime) -> None:
    """Write down that a key was used."""
    await connection.execute("UPDATE management_keys SET last_used_at = $2 WHERE id = $1", key_id, moment)


async def revoke(connection: Connection, name: str, moment: datetime, actor: str) -> ManagementKey:
    """Revoke the key of this name, or of this id; return it.

    Raises:
        ManagementKeyNotFoundError: There is none.
    """
    row = await connection.fetchrow(
        "UPDATE management_keys SET revoked_at = $2, revoked_by = $3"
        " WHERE revoked_at IS NULL AND (name = $1 OR id::text = $1) RETURNING *",
        name,
        moment,
        actor,
    )
    if row is None:
        raise ManagementKeyNotFoundError(f"There is no management key {name!r}.", param="name")
    return _key(row)


async def list_keys(connection: Connection) -> list[ManagementKey]:
    """All keys that are not revoked, by name."""
    rows = await connection.fetch("SELECT * FROM management_keys WHERE revoked_at IS NULL ORDER BY name")
    return [_key(row) for row in rows]


def _key(row: asyncpg.Record) -> ManagementKey:
    return msgspec.convert(dict(row), ManagementKey)

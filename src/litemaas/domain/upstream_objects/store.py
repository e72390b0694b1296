"""SQL of things that upstreams keep."""

from datetime import datetime
from typing import Any

from msgspec.structs import astuple

from litemaas.domain.upstream_objects.entities import Kind, UpstreamObject
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row

_COLUMNS = UpstreamObject.__struct_fields__
_PUT = f"{insert_row('upstream_objects', _COLUMNS)} ON CONFLICT (kind, id, owner) DO UPDATE SET " + ", ".join(
    f"{name} = EXCLUDED.{name}" for name in _COLUMNS
)


async def put_object(connection: Connection, thing: UpstreamObject) -> None:
    """Write down a thing; where the owner has one of this id, the new one takes its place."""
    await connection.execute(_PUT, *astuple(thing))


async def find_object(
    connection: Connection, kind: Kind, object_id: str, owner: str, now: datetime
) -> UpstreamObject | None:
    """Read a thing of this owner that has not expired."""
    row = await connection.fetchrow(
        "SELECT * FROM upstream_objects WHERE kind = $1 AND id = $2 AND owner = $3 AND (expires_at > $4) IS NOT FALSE",
        kind,
        object_id,
        owner,
        now,
    )
    return None if row is None else UpstreamObject(**row)


async def list_objects(connection: Connection, kind: Kind, owner: str, now: datetime) -> list[UpstreamObject]:
    """The things of a kind that an owner has, the newest first."""
    rows = await connection.fetch(
        """
        SELECT * FROM upstream_objects WHERE kind = $1 AND owner = $2 AND (expires_at > $3) IS NOT FALSE
        ORDER BY created_at DESC, id
        """,
        kind,
        owner,
        now,
    )
    return [UpstreamObject(**row) for row in rows]


async def list_unsettled(connection: Connection, most: int) -> list[UpstreamObject]:
    """Batches that are not settled, in no order, so that many that cannot be are in nobody's way."""
    rows = await connection.fetch(
        "SELECT * FROM upstream_objects WHERE kind = 'batch' AND settled_at IS NULL ORDER BY random() LIMIT $1", most
    )
    return [UpstreamObject(**row) for row in rows]


async def running_batches(connection: Connection) -> list[dict[str, Any]]:
    """Who runs what: the circumstances of all batches that are not settled."""
    rows = await connection.fetch(
        "SELECT circumstances FROM upstream_objects WHERE kind = 'batch' AND settled_at IS NULL"
        " AND circumstances IS NOT NULL"
    )
    return [row["circumstances"] for row in rows]


async def mark_settled(connection: Connection, thing: UpstreamObject, now: datetime) -> None:
    """Write down that a batch is settled."""
    await connection.execute(
        "UPDATE upstream_objects SET settled_at = $4 WHERE kind = $1 AND id = $2 AND owner = $3",
        thing.kind,
        thing.id,
        thing.owner,
        now,
    )


async def delete_object(connection: Connection, kind: Kind, object_id: str, owner: str) -> None:
    """Forget a thing."""
    await connection.execute(
        "DELETE FROM upstream_objects WHERE kind = $1 AND id = $2 AND owner = $3", kind, object_id, owner
    )


async def delete_expired(connection: Connection, now: datetime) -> None:
    """Forget what has expired."""
    await connection.execute("DELETE FROM upstream_objects WHERE expires_at <= $1", now)

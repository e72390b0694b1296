"""SQL of replicas."""

from datetime import datetime, timedelta

from msgspec.structs import astuple

from litemaas.domain.replicas.entities import Replica
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row

_COLUMNS = Replica.__struct_fields__
_FORGOTTEN_AFTER = timedelta(minutes=10)


async def write_replica(connection: Connection, replica: Replica) -> None:
    """Store what a replica says, and forget those that have been silent for long."""
    await connection.execute("DELETE FROM replicas WHERE last_seen_at < $1", replica.last_seen_at - _FORGOTTEN_AFTER)
    await connection.execute(
        f"{insert_row('replicas', _COLUMNS)}"
        " ON CONFLICT (id) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at, snapshot_age = EXCLUDED.snapshot_age,"
        " sees_redis = EXCLUDED.sees_redis, shares_in = EXCLUDED.shares_in",
        *astuple(replica),
    )


async def delete_replica(connection: Connection, replica: Replica) -> None:
    """Forget a replica that ends."""
    await connection.execute("DELETE FROM replicas WHERE id = $1", replica.id)


async def list_replicas(connection: Connection, moment: datetime, silence: timedelta) -> list[Replica]:
    """The replicas that said something in the time of `silence` before `moment`, the oldest first."""
    rows = await connection.fetch(
        "SELECT * FROM replicas WHERE last_seen_at > $1 ORDER BY started_at, id", moment - silence
    )
    return [Replica(**row) for row in rows]

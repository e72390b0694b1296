"""The ledger's monthly partitions: made before they are needed, dropped when their time is over.

A month is dropped only if the rollups have all of its calls: usage, budgets and reports then say the same as before,
and only the single calls are gone. A call that comes in while a month is dropped is in the rollups all the same.
"""

from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from litemaas.domain.spend.ledger import make_partitions
from litemaas.storage.postgres import Connection

_LOCK_SECONDS = 5
_COMPARE_SECONDS = 3600.0

_LIST = """
SELECT c.relname AS name, to_date(right(c.relname, 7), 'YYYY_MM') AS month, pg_total_relation_size(c.oid) AS bytes,
       GREATEST(c.reltuples, 0)::bigint AS calls
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'ledger'::regclass ORDER BY c.relname
"""

_ROLLUP_BYTES = """
SELECT pg_total_relation_size('daily_spend') + pg_total_relation_size('daily_totals')
     + pg_total_relation_size('owner_totals') + pg_total_relation_size('weekly_spend')
"""

# Days of a month whose calls are not, or not all, in the rollups; an import's rows have no calls.
_LACKING = """
SELECT COALESCE(called.day, rolled.day) AS day
FROM (
    SELECT (started_at AT TIME ZONE 'UTC')::date AS day, count(*) AS requests, sum(cost) AS cost
    FROM {partition} GROUP BY 1
) AS called
FULL JOIN (
    SELECT day, sum(requests) AS requests, sum(cost) AS cost FROM daily_spend
    WHERE day >= $1 AND day < $2 AND endpoint <> 'imported' GROUP BY 1
) AS rolled USING (day)
WHERE called.requests IS DISTINCT FROM rolled.requests OR called.cost IS DISTINCT FROM rolled.cost
ORDER BY 1
"""


class Partition(Struct, frozen=True, kw_only=True):
    """A month of the ledger.

    Attributes:
        month: Its first day.
        bytes: On disk, with indexes.
        calls: As PostgreSQL estimates them.
    """

    name: str
    month: date
    bytes: int
    calls: int


async def list_partitions(connection: Connection) -> list[Partition]:
    """All months that there are, the oldest first."""
    return [Partition(**row) for row in await connection.fetch(_LIST)]


async def rollup_bytes(connection: Connection) -> int:
    """Bytes on disk of all rollups."""
    return int(await connection.fetchval(_ROLLUP_BYTES))


async def make_partitions_ahead(connection: Connection, now: datetime) -> None:
    """See to it that this month and the next have their partition."""
    await make_partitions(connection, [now, now.replace(day=28) + timedelta(days=7)])


async def expired_partitions(connection: Connection, now: datetime, months: int) -> list[Partition]:
    """The months before the last `months` whole ones."""
    today = now.astimezone(UTC)
    count = today.year * 12 + today.month - 1 - months
    first_kept = date(count // 12, count % 12 + 1, 1)
    return [partition for partition in await list_partitions(connection) if partition.month < first_kept]


async def drop_partition(connection: Connection, partition: Partition) -> list[date]:
    """Drop a month within the caller's transaction if the rollups have all of it.

    Returns:
        The days that they lack; then nothing is dropped.
    """
    after = (partition.month + timedelta(days=31)).replace(day=1)
    await connection.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
    rows = await connection.fetch(
        _LACKING.format(partition=partition.name), partition.month, after, timeout=_COMPARE_SECONDS
    )
    if not rows:
        await connection.execute(f"DROP TABLE {partition.name}")
    return [row["day"] for row in rows]

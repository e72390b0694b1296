"""Makes the rollups anew from the ledger, day by day: for when somebody doubts them, or has edited rows by hand.

A day is one transaction under a lock that keeps shippers from writing meanwhile; the journal bridges that moment. Rows
that an import brought have no calls behind them and stay as they are.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from msgspec import Struct

from litemaas.domain.errors import InvalidInputError
from litemaas.domain.spend.errors import LedgerDroppedError
from litemaas.domain.spend.ledger import ROLLED_UP
from litemaas.domain.spend.partitions import list_partitions
from litemaas.domain.spend.rollups import DERIVED_ROLLUPS
from litemaas.storage.postgres import Connection, Pool

WITHOUT_CALLS = "imported"
"""The endpoint of rollup rows that were brought from elsewhere, without single calls."""

_DAY_SECONDS = 600.0

_SUMS = """
SELECT COALESCE(sum(requests), 0)::bigint, COALESCE(sum(cost), 0) FROM daily_spend WHERE day = $1 AND endpoint <> $2
"""

_FORGET = "DELETE FROM daily_spend WHERE day = $1 AND endpoint <> $2"

_ADD_UP = f"""
INSERT INTO daily_spend
{ROLLED_UP}
FROM ledger WHERE started_at >= $1 AND started_at < $2
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


class RebuiltDay(Struct, frozen=True, kw_only=True):
    """What a rebuild found on a day: calls and US dollars in its rollups, before and after."""

    day: date
    requests_before: int
    requests: int
    cost_before: Decimal
    cost: Decimal

    @property
    def changed(self) -> bool:
        """Whether the rollups had been wrong."""
        return (self.requests_before, self.cost_before) != (self.requests, self.cost)


async def rebuild(pool: Pool, first: date, last: date) -> AsyncIterator[RebuiltDay]:
    """Rebuild the rollups of the days from `first` to `last` (UTC), and tell of each when it is done.

    Raises:
        InvalidInputError: The span ends before it begins.
        LedgerDroppedError: A day's calls were dropped by retention: its rollups are all that is left of it.
    """
    if last < first:
        raise InvalidInputError("The last day must not be before the first.", param="to")
    async with pool.acquire() as connection:
        kept = {partition.month for partition in await list_partitions(connection)}
    day = first
    while day <= last:
        async with pool.acquire() as connection, connection.transaction():
            rebuilt = await _rebuild_day(connection, day, has_calls=day.replace(day=1) in kept)
        yield rebuilt
        day += timedelta(days=1)


async def _rebuild_day(connection: Connection, day: date, *, has_calls: bool) -> RebuiltDay:
    await connection.execute("LOCK TABLE daily_spend IN SHARE ROW EXCLUSIVE MODE")
    requests_before, cost_before = await connection.fetchrow(_SUMS, day, WITHOUT_CALLS)
    if requests_before and not has_calls:
        raise LedgerDroppedError(
            f"The calls of {day} are not kept any more; its rollups stay as they are.", param="from"
        )
    midnight = datetime.combine(day, time(), UTC)
    await connection.execute(_FORGET, day, WITHOUT_CALLS, timeout=_DAY_SECONDS)
    await connection.execute(_ADD_UP, midnight, midnight + timedelta(days=1), timeout=_DAY_SECONDS)
    for table in DERIVED_ROLLUPS:
        await connection.execute(table.forget, day)
        await connection.execute(table.add_up, day, timeout=_DAY_SECONDS)
    requests, cost = await connection.fetchrow(_SUMS, day, WITHOUT_CALLS)
    return RebuiltDay(day=day, requests_before=requests_before, requests=requests, cost_before=cost_before, cost=cost)

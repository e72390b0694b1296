"""What somebody spent since a moment: how a balance is found anew when its window changes."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from litemaas.storage.postgres import Connection

_WHOLE_DAYS = """
SELECT COALESCE(sum(cost), 0) FROM daily_spend
WHERE day >= $1 AND ($2::text IS NULL OR key_id = $2) AND ($3::text IS NULL OR user_id = $3)
  AND ($4::text IS NULL OR team_id = $4) AND ($5::text IS NULL OR model = $5)
"""

_PART_OF_A_DAY = """
SELECT COALESCE(sum(cost), 0) FROM ledger
WHERE started_at >= $1 AND started_at < $6
  AND ($2::text IS NULL OR key_id = $2::uuid) AND ($3::text IS NULL OR user_id = $3)
  AND ($4::text IS NULL OR team_id = $4) AND ($5::text IS NULL OR model = $5)
"""

_IS_KEPT = "SELECT to_regclass('ledger_' || to_char($1::timestamptz AT TIME ZONE 'UTC', 'YYYY_MM')) IS NOT NULL"


async def spent_since(
    connection: Connection,
    start: datetime,
    *,
    key_id: str | None = None,
    user_id: str | None = None,
    team_id: str | None = None,
    model: str | None = None,
) -> Decimal:
    """US dollars that calls begun at `start` or later did cost.

    Whole days are read from the rollups, the rest of the first day from the ledger; where its calls are not kept any
    more, all of that day counts, so that no limit is passed.
    """
    owner = (key_id, user_id, team_id, model)
    start = start.astimezone(UTC)
    midnight = datetime.combine(start.date(), time(), UTC)
    if start == midnight or not await connection.fetchval(_IS_KEPT, start):
        return Decimal(await connection.fetchval(_WHOLE_DAYS, start.date(), *owner))
    next_midnight = midnight + timedelta(days=1)
    whole = await connection.fetchval(_WHOLE_DAYS, next_midnight.date(), *owner)
    part = await connection.fetchval(_PART_OF_A_DAY, start, *owner, next_midnight)
    return Decimal(whole + part)

"""Reports on spend. Days are read from the rollups, single calls from the ledger by its indexes."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from litemaas.domain.errors import InvalidInputError
from litemaas.domain.spend.entities import DailyRow, DailySum, LedgerRow, SpendFilter
from litemaas.domain.spend.reading import reading
from litemaas.storage.postgres import Connection, Pool

MOST_ROWS = 10_000
"""Rows of the ledger that one report shows and counts at most; daily rows that are counted beyond a page."""

LEDGER_ORDER: Mapping[str, str] = {
    "startTime": "l.started_at",
    "spend": "l.cost",
    "total_tokens": "l.input_tokens + l.output_tokens",
}
"""What calls can be sorted by, and the column that it means."""

_DAILY = """
FROM daily_spend d
LEFT JOIN keys k ON k.id = NULLIF(d.key_id, '')::uuid
WHERE ($1::date IS NULL OR d.day >= $1) AND ($2::date IS NULL OR d.day <= $2)
  AND ($3::text IS NULL OR d.key_id = $3) AND ($4::text IS NULL OR d.user_id = $4)
  AND ($5::text[] IS NULL OR d.team_id = ANY($5)) AND ($6::text IS NULL OR d.model = $6)
"""

# In the order of the primary key, backwards: no page needs a sort.
_DAILY_ROWS = f"""
SELECT d.day, COALESCE(k.key_hash, '') AS key_hash, k.alias AS key_alias, k.key_hint, d.user_id, d.team_id, d.model,
       d.provider, d.endpoint, d.requests, d.failed_requests, d.input_tokens, d.output_tokens, d.cached_input_tokens,
       d.cache_write_tokens, d.cost, d.duration_ms
{_DAILY}
ORDER BY d.day DESC, d.key_id DESC, d.user_id DESC, d.team_id DESC, d.model DESC, d.provider DESC, d.endpoint DESC
LIMIT $7 OFFSET $8
"""

_DAILY_COUNT = f"SELECT count(*) FROM (SELECT 1 {_DAILY} LIMIT $7) AS counted"  # noqa: S608 - constants

_DAILY_SUMS = f"""
SELECT summed.*, COALESCE(k.key_hash, '') AS key_hash, k.alias AS key_alias, t.alias AS team_alias
FROM (
    SELECT d.day, d.key_id, d.user_id, d.team_id, d.model, sum(d.input_tokens)::bigint AS input_tokens,
           sum(d.output_tokens)::bigint AS output_tokens, sum(d.cost) AS cost
    {_DAILY}
    GROUP BY d.day, d.key_id, d.user_id, d.team_id, d.model
) AS summed
LEFT JOIN keys k ON k.id = NULLIF(summed.key_id, '')::uuid
LEFT JOIN teams t ON t.id = summed.team_id
ORDER BY summed.day, summed.team_id, summed.user_id, summed.key_id, summed.model
"""  # noqa: S608 - constants

_BY_DAY = {
    part: f"SELECT d.day, d.{column}, sum(d.cost) {_DAILY} GROUP BY d.day, d.{column} ORDER BY d.day, d.{column}"
    for part, column in (("user", "user_id"), ("model", "model"))
}

CALLS = """
FROM ledger l
WHERE ($1::timestamptz IS NULL OR l.started_at >= $1) AND ($2::timestamptz IS NULL OR l.started_at < $2)
  AND ($3::uuid IS NULL OR l.key_id = $3::uuid) AND ($4::text IS NULL OR l.user_id = $4)
  AND ($5::text[] IS NULL OR l.team_id = ANY($5)) AND ($6::text IS NULL OR l.model = $6)
  AND ($7::jsonb IS NULL OR l.labels @> $7)
  AND ($8::uuid IS NULL OR l.id = $8) AND ($9::boolean IS NULL OR (l.status >= 400) = $9)
"""
"""The calls that a filter chooses, with an id ($8) or an outcome ($9) if these are given."""

_CALL_COUNT = f"SELECT count(*) FROM (SELECT {CALLS} LIMIT {MOST_ROWS}) AS counted"  # noqa: S608 - constants

_NOBODY = "00000000-0000-0000-0000-000000000000"


class SpendReports:
    """What calls did cost, by day and one by one."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def days(self, wanted: SpendFilter, *, limit: int, offset: int) -> tuple[list[DailyRow], int]:
        """One page of daily rows, the latest day first, and how many there are, counted up to `MOST_ROWS` ahead."""
        async with reading(self._pool) as connection:
            parameters = await _daily_parameters(connection, wanted)
            total: int = await connection.fetchval(_DAILY_COUNT, *parameters, offset + MOST_ROWS)
            rows = await connection.fetch(_DAILY_ROWS, *parameters, limit, offset)
        return [DailyRow(**row) for row in rows], total

    async def sums(self, wanted: SpendFilter) -> list[DailySum]:
        """Sums by day, key, user, team and model, the first day first."""
        async with reading(self._pool) as connection:
            rows = await connection.fetch(_DAILY_SUMS, *await _daily_parameters(connection, wanted))
        return [DailySum(**{name: row[name] for name in DailySum.__struct_fields__}) for row in rows]

    async def by_day(self, wanted: SpendFilter, part: Literal["user", "model"]) -> dict[date, dict[str, Decimal]]:
        """US dollars by day and user, or by day and model, the first day first."""
        async with reading(self._pool) as connection:
            rows = await connection.fetch(_BY_DAY[part], *await _daily_parameters(connection, wanted))
        days: dict[date, dict[str, Decimal]] = defaultdict(dict)
        for day, name, cost in rows:
            days[day][name] = cost
        return days

    async def total(self) -> Decimal:
        """US dollars that all calls together did cost."""
        async with reading(self._pool) as connection:
            return Decimal(await connection.fetchval("SELECT COALESCE(sum(cost), 0) FROM daily_spend"))

    async def calls(
        self,
        wanted: SpendFilter,
        *,
        call_id: UUID | None = None,
        failed: bool | None = None,
        sort_by: str = "startTime",
        descending: bool = True,
        limit: int = MOST_ROWS,
        offset: int = 0,
    ) -> tuple[list[LedgerRow], int]:
        """One page of calls, and how many there are on all pages, counted up to `MOST_ROWS`.

        Raises:
            InvalidInputError: Calls cannot be sorted by `sort_by`.
        """
        if sort_by not in LEDGER_ORDER:
            raise InvalidInputError(f"sort_by must be one of {', '.join(LEDGER_ORDER)}.", param="sort_by")
        direction = "DESC" if descending else "ASC"
        async with reading(self._pool) as connection:
            parameters = [*await call_parameters(connection, wanted), call_id, failed]
            total: int = await connection.fetchval(_CALL_COUNT, *parameters)
            rows = await connection.fetch(
                f"""
                SELECT l.*, COALESCE(k.key_hash, '') AS key_hash, k.alias AS key_alias
                FROM (SELECT l.* {CALLS} ORDER BY {LEDGER_ORDER[sort_by]} {direction}, l.id LIMIT $10 OFFSET $11) AS l
                LEFT JOIN keys k ON k.id = l.key_id
                ORDER BY {LEDGER_ORDER[sort_by]} {direction}, l.id
                """,  # noqa: S608 - constants
                *parameters,
                limit,
                offset,
            )
        return [LedgerRow(**{name: row[name] for name in LedgerRow.__struct_fields__}) for row in rows], total


async def _daily_parameters(connection: Connection, wanted: SpendFilter) -> list[Any]:
    key_id = await _key_id(connection, wanted.key_hash)
    return [wanted.first_day, wanted.last_day, key_id, wanted.user_id, wanted.team_ids, wanted.model]


async def call_parameters(connection: Connection, wanted: SpendFilter) -> list[Any]:
    """The first seven parameters of `CALLS`."""
    start = datetime.combine(wanted.first_day, time(), UTC) if wanted.first_day else None
    end = datetime.combine(wanted.last_day + timedelta(days=1), time(), UTC) if wanted.last_day else None
    key_id = await _key_id(connection, wanted.key_hash)
    return [start, end, key_id, wanted.user_id, wanted.team_ids, wanted.model, wanted.labels or None]


async def _key_id(connection: Connection, key_hash: str | None) -> str | None:
    """The id of the key of this hash, also of a deleted one; an unknown hash is nobody's."""
    if key_hash is None:
        return None
    found = await connection.fetchval("SELECT id::text FROM keys WHERE key_hash = $1", key_hash)
    return str(found or _NOBODY)

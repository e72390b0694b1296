"""Single calls as the ledger has them: what failed lately, when a key was last used, how fast answers begin."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from litemaas.storage.postgres import Pool

_FAILURES = """
SELECT l.started_at AS at, l.key_id, k.alias AS key_alias, l.model, l.status, COALESCE(l.error_code, '') AS code
FROM ledger l LEFT JOIN keys k ON k.id = l.key_id
WHERE l.status >= 400 AND l.started_at >= $1
  AND ($2::text IS NULL OR l.user_id = $2) AND ($3::uuid IS NULL OR l.key_id = $3)
ORDER BY l.started_at DESC LIMIT $4
"""

_LAST_USED = "SELECT key_id, last_used_at FROM key_activity WHERE key_id = ANY($1)"

_FIRST_BYTES = """
SELECT percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY first_byte_ms) AS quantiles
FROM ledger WHERE started_at >= $1 AND first_byte_ms IS NOT NULL
"""

_OUTCOMES = """
SELECT deployment_id, count(*) AS calls, count(*) FILTER (WHERE status >= 500) AS failed,
       (array_agg(error_code ORDER BY started_at DESC) FILTER (WHERE status >= 500))[1] AS last_error,
       max(started_at) AS last_call_at
FROM ledger WHERE started_at >= $1 GROUP BY deployment_id
"""


class FailedCall(Struct, frozen=True):
    """A call that ended with an error; what was asked and answered is never kept."""

    at: datetime
    key_id: UUID | None
    key_alias: str | None
    model: str
    status: int
    code: str


class Outcomes(Struct, frozen=True):
    """How the calls of one deployment ended; what clients did wrong does not count as failed."""

    deployment_id: str
    calls: int
    failed: int
    last_error: str | None
    last_call_at: datetime


class CallReports:
    """Questions about single calls."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def failures(
        self, since: datetime, *, user_id: str | None = None, key_id: UUID | None = None, limit: int
    ) -> list[FailedCall]:
        """The latest calls that failed, of a user or of a key, since a moment."""
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_FAILURES, since, user_id, key_id, limit)
        return [FailedCall(**row) for row in rows]

    async def last_used(self, key_ids: Sequence[UUID]) -> dict[UUID, datetime]:
        """When keys were last used; those that never were are left out."""
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_LAST_USED, key_ids)
        return {row["key_id"]: row["last_used_at"] for row in rows}

    async def first_byte_ms(self, since: datetime) -> tuple[int | None, int | None]:
        """Median and 95th percentile of the milliseconds until answers began, since a moment."""
        async with self._pool.acquire() as connection:
            quantiles = await connection.fetchval(_FIRST_BYTES, since)
        return (quantiles[0], quantiles[1]) if quantiles else (None, None)

    async def outcomes(self, since: datetime) -> dict[str, Outcomes]:
        """How calls ended since a moment, by deployment; those without calls are left out."""
        async with self._pool.acquire() as connection:
            return {row["deployment_id"]: Outcomes(**row) for row in await connection.fetch(_OUTCOMES, since)}

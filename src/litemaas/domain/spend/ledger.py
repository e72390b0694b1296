"""Writes journal lines into the ledger, its rollups and the balances: all in one transaction, each record once.

The journal's lines are JSON, and PostgreSQL reads them as they are: this process spends nothing on a record between
writing it to its disk and handing it over.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import msgspec

from litemaas.domain.spend.entities import LedgerRecord
from litemaas.storage.postgres import Connection

ROLLED_UP = """
SELECT (started_at AT TIME ZONE 'UTC')::date, COALESCE(key_id::text, ''), COALESCE(user_id, ''), COALESCE(team_id, ''),
       model, provider, endpoint, count(*), count(*) FILTER (WHERE status >= 400), sum(input_tokens),
       sum(output_tokens), sum(cached_input_tokens), sum(cache_write_tokens), sum(reasoning_tokens), sum(cost),
       sum(duration_ms)
"""
"""The columns of `daily_spend`, of rows of the ledger that are grouped by the first seven."""

LABELLED = """
SELECT (started_at AT TIME ZONE 'UTC')::date, label.key, label.value, count(*), count(*) FILTER (WHERE status >= 400),
       sum(input_tokens), sum(output_tokens), sum(cost)
"""
"""The columns of `daily_label_spend`, of rows of the ledger and their `LABELS`, grouped by the first three."""

LABELS = "jsonb_each_text(CASE WHEN jsonb_typeof(labels) = 'object' THEN labels END) AS label"
"""The labels of a row of the ledger, each with its value."""

_WRITE = f"""
WITH batch AS (
    SELECT * FROM json_to_recordset(convert_from($1, 'UTF8')::json) AS record (
        id uuid, started_at double precision, key_id uuid, user_id text, team_id text, end_user text, request_id text,
        endpoint text, model text, deployment_id text, provider text, status smallint, error_code text,
        input_tokens bigint, output_tokens bigint, cached_input_tokens bigint, cache_write_tokens bigint,
        reasoning_tokens bigint, cost numeric, estimated boolean, cached boolean, streamed boolean, attempts smallint,
        duration_ms integer, first_byte_ms integer, labels jsonb, units jsonb)
), inserted AS (
    INSERT INTO ledger
    SELECT id, to_timestamp(started_at), key_id, user_id, team_id, end_user, request_id, endpoint, model, deployment_id,
           provider, status, error_code, COALESCE(input_tokens, 0), COALESCE(output_tokens, 0),
           COALESCE(cached_input_tokens, 0), COALESCE(cache_write_tokens, 0), COALESCE(reasoning_tokens, 0), cost,
           COALESCE(estimated, false), COALESCE(cached, false), COALESCE(streamed, false), COALESCE(attempts, 1),
           duration_ms, first_byte_ms, labels, NULLIF((units->>0)::int, 0), NULLIF((units->>1)::int, 0),
           NULLIF((units->>2)::int, 0), NULLIF((units->>3)::int, 0)
    FROM batch
    ON CONFLICT DO NOTHING
    RETURNING *
), rolled AS (
    INSERT INTO daily_spend AS daily
    {ROLLED_UP}
    FROM inserted
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (day, key_id, user_id, team_id, model, provider, endpoint) DO UPDATE SET
        requests = daily.requests + EXCLUDED.requests,
        failed_requests = daily.failed_requests + EXCLUDED.failed_requests,
        input_tokens = daily.input_tokens + EXCLUDED.input_tokens,
        output_tokens = daily.output_tokens + EXCLUDED.output_tokens,
        cached_input_tokens = daily.cached_input_tokens + EXCLUDED.cached_input_tokens,
        cache_write_tokens = daily.cache_write_tokens + EXCLUDED.cache_write_tokens,
        reasoning_tokens = daily.reasoning_tokens + EXCLUDED.reasoning_tokens,
        cost = daily.cost + EXCLUDED.cost,
        duration_ms = daily.duration_ms + EXCLUDED.duration_ms
), labelled AS (
    INSERT INTO daily_label_spend AS daily
    {LABELLED}
    FROM inserted, {LABELS}
    GROUP BY 1, 2, 3
    ORDER BY 1, 2, 3
    ON CONFLICT (day, name, value) DO UPDATE SET
        requests = daily.requests + EXCLUDED.requests,
        failed_requests = daily.failed_requests + EXCLUDED.failed_requests,
        input_tokens = daily.input_tokens + EXCLUDED.input_tokens,
        output_tokens = daily.output_tokens + EXCLUDED.output_tokens,
        cost = daily.cost + EXCLUDED.cost
)
SELECT key_id, user_id, team_id, model, date_trunc('second', started_at) AS moment, sum(new_cost), sum(cost)
FROM (
    SELECT key_id, user_id, team_id, model, started_at, cost AS new_cost, 0 AS cost FROM inserted
    UNION ALL
    SELECT key_id, user_id, team_id, model, to_timestamp(started_at), 0, cost FROM batch
) AS spend
GROUP BY key_id, user_id, team_id, model, moment
HAVING sum(cost) > 0
"""  # noqa: S608 - constants


class Spend(NamedTuple):
    """What records cost, by who called what in which second.

    Attributes:
        new_cost: Of the records that were not there before.
        cost: Of all.
    """

    key_id: UUID | None
    user_id: str | None
    team_id: str | None
    model: str
    moment: datetime
    new_cost: Decimal
    cost: Decimal


async def write_lines(connection: Connection, lines: bytes) -> list[Spend]:
    """Write journal `lines`, each a `LedgerRecord` as JSON, within the caller's transaction.

    Returns:
        What they cost.

    Raises:
        asyncpg.CheckViolationError: A record is of a month without a partition: call `make_partitions`.
        asyncpg.DataError: A line is not a record.
    """
    batch = b"[" + lines.rstrip(b"\n").replace(b"\n", b",") + b"]"
    return [Spend(*row) for row in await connection.fetch(_WRITE, batch)]


async def make_partitions(connection: Connection, moments: Iterable[datetime]) -> None:
    """Create the monthly partitions that contain `moments`, where they are missing."""
    for month in {moment.astimezone(UTC).replace(day=1) for moment in moments}:
        await connection.execute("SELECT ensure_ledger_partition($1)", month)


def moments_of(lines: bytes) -> list[datetime]:
    """When the calls in journal `lines` began."""
    records = [msgspec.json.decode(line, type=LedgerRecord) for line in lines.splitlines()]
    return [datetime.fromtimestamp(record.started_at, UTC) for record in records]

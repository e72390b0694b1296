"""Fills a database with people, keys and millions of calls, by SQL alone: the ledger's real partitions, nothing faked.

The calls are spread evenly over people, keys and days, which is the worst case for rollups: no row of them is shared by
more calls than need be.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import asyncpg

_STEP = 500_000

_PEOPLE = """
INSERT INTO users (id, models) SELECT 'user-' || n, '{all-proxy-models}' FROM generate_series(0, $1::int - 1) n
"""

_TEAMS = """
INSERT INTO teams (id, alias, models) SELECT 'team-' || n, 'Team ' || n, '{all-proxy-models}'
FROM generate_series(0, $1::int - 1) n
"""

_KEYS = """
INSERT INTO keys (id, key_hash, key_hint, alias, user_id, team_id, models)
SELECT md5('key ' || n)::uuid, encode(sha256(('key ' || n)::bytea), 'hex'), lpad(n::text, 4, '0'), 'key ' || n,
       'user-' || n % $2::int, 'team-' || n % $2::int % $3::int, '{all-proxy-models}'
FROM generate_series(0, $1::int - 1) n
"""

_ACCOUNTS = """
WITH opened AS (
    INSERT INTO accounts (id)
    SELECT 'user:' || id FROM users UNION ALL SELECT 'team:' || id FROM teams UNION ALL SELECT 'key:' || id FROM keys
    ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO balances (account_id) SELECT id FROM opened
"""

_BUDGETS = "UPDATE accounts SET max_budget = 100 WHERE starts_with(id, 'key:')"

_MODEL_GROUPS = """
INSERT INTO model_groups (id, name)
SELECT md5('model ' || n)::uuid, 'model-' || n FROM generate_series(0, $1::int - 1) n
"""

_DEPLOYMENTS = """
INSERT INTO deployments (id, group_id, provider, upstream_model, api_base)
SELECT 'deployment-' || n || '-' || m, md5('model ' || n)::uuid, 'openai', 'bench-model-' || n, $3
FROM generate_series(0, $1::int - 1) n, generate_series(0, $2::int - 1) m
"""

_PRICES = """
INSERT INTO prices (deployment_id, input_token, output_token) SELECT id, 1e-7, 2e-7 FROM deployments
"""

# Call n is made at an even pace by key n of all keys, with each of the key's models in turn; every 50th fails.
_CALLS = """
INSERT INTO ledger (id, started_at, key_id, user_id, team_id, endpoint, model, deployment_id, provider, status,
                    error_code, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens,
                    cost, estimated, cached, streamed, attempts, duration_ms, first_byte_ms)
SELECT uuidv7(), $1::timestamptz + $2::interval * (n::float8 / $3), md5('key ' || n % $4)::uuid,
       'user-' || n % $4 % $5, 'team-' || n % $4 % $5 % $6, '/chat/completions', 'model-' || model,
       'deployment-' || model, 'openai', CASE WHEN n % 50 = 0 THEN 502 ELSE 200 END,
       CASE WHEN n % 50 = 0 THEN 'upstream_error' END, 900 + n % 200, 400 + n % 300, 0, 0, 0,
       0.000001 * (900 + n % 997), false, false, n % 2 = 0, 1, 1000 + n % 3000, 100 + n % 400
FROM generate_series($7::bigint, $8::bigint - 1) n, LATERAL (SELECT (n % $4 + n / $4 % $9) % $10 AS model) AS chosen
"""


class Size(NamedTuple):
    """How much there is to be: `calls` over `days` that end today, by `keys` with `models_per_key` of `models` each."""

    calls: int
    days: int = 90
    users: int = 2000
    keys: int = 3000
    teams: int = 50
    models: int = 20
    models_per_key: int = 4

    @property
    def first_day(self) -> date:
        """The first day with calls."""
        return datetime.now(UTC).date() - timedelta(days=self.days - 1)


async def fill_keys(connection: asyncpg.Connection, size: Size) -> None:
    """Write people, teams and keys, each with the account that creating one opens; the text of key n is `key n`."""
    await connection.execute(_PEOPLE, size.users)
    await connection.execute(_TEAMS, size.teams)
    await connection.execute(_KEYS, size.keys, size.users, size.teams)
    await connection.execute(_ACCOUNTS)


async def fill_budgets(connection: asyncpg.Connection) -> None:
    """Give every key a budget of its own."""
    await connection.execute(_BUDGETS)


async def fill_models(connection: asyncpg.Connection, count: int, deployments: int, api_base: str) -> None:
    """Write models `model-0`, `model-1`, …, each with several deployments at one address, and their prices."""
    await connection.execute(_MODEL_GROUPS, count)
    await connection.execute(_DEPLOYMENTS, count, deployments, api_base)
    await connection.execute(_PRICES)


async def fill(connection: asyncpg.Connection, size: Size, report: Callable[[int], None]) -> None:
    """Write everything but the rollups; `report` is told how many calls there are as they come."""
    await fill_keys(connection, size)
    start = datetime.combine(size.first_day, time(), UTC)
    span = datetime.now(UTC) - start
    for day in range(0, size.days + 1, 28):
        await connection.execute("SELECT ensure_ledger_partition($1)", start + timedelta(days=day))
    spread = (start, span, size.calls, size.keys, size.users, size.teams)
    for begin in range(0, size.calls, _STEP):
        end = min(begin + _STEP, size.calls)
        await connection.execute(_CALLS, *spread, begin, end, size.models_per_key, size.models, timeout=None)
        report(end)

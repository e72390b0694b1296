"""SQL of virtual keys as people see them: named by their id, with the state that they are in."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct

from litemaas.domain.keys.entities import Key
from litemaas.domain.keys.errors import KeyNotFoundError
from litemaas.storage.postgres import Connection

EXPIRING_WITHIN = timedelta(days=7)
"""From when on a key counts as expiring."""


class KeyState(StrEnum):
    """What stands in the way of a key, the first that applies."""

    REVOKED = "revoked"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    OVER_BUDGET = "over_budget"
    EXPIRING = "expiring"
    ACTIVE = "active"


class KeySearch(Struct, frozen=True, kw_only=True):
    """Which keys to list; None: all.

    Attributes:
        search: Part of the alias, of the user's or the team's id, or the last four characters.
        state: None: all but those that are revoked.
    """

    user_id: str | None = None
    team_id: str | None = None
    model: str | None = None
    search: str | None = None
    state: KeyState | None = None


_KEYS = "FROM keys k"
_MONEY = """
LEFT JOIN accounts a ON a.id = 'key:' || k.id
LEFT JOIN budgets b ON b.id = a.budget_id
LEFT JOIN balances balance ON balance.account_id = a.id
LEFT JOIN unnest($7::text[], $8::timestamptz[]) AS w (duration, began)
       ON w.duration = COALESCE(a.budget_duration, b.budget_duration)
"""
_ACTIVITY = "LEFT JOIN key_activity activity ON activity.key_id = k.id"
_TODAY = """
LEFT JOIN (SELECT id, sum(requests) AS requests FROM owner_totals
           WHERE kind = 'key' AND days = 1 AND day = ($5::timestamptz AT TIME ZONE 'UTC')::date
           GROUP BY id) AS today ON today.id = k.id::text
"""
_SPENT = "CASE WHEN balance.window_start >= COALESCE(w.began, 'epoch') THEN balance.spent ELSE 0 END"
_MOST = "COALESCE(a.max_budget, b.max_budget)"


class _Order(NamedTuple):
    """A column to sort by, what has to be joined for it besides money, and where rows without a value stand.

    Attributes:
        nulls: Empty for a column that always has a value: its index is made without.
    """

    column: str
    joins: str = ""
    nulls: str = "NULLS LAST"


_ORDERS: Mapping[str, _Order] = {
    "created_at": _Order("k.created_at", nulls=""),
    "alias": _Order("k.alias"),
    "user_id": _Order("k.user_id"),
    "team_id": _Order("k.team_id"),
    "expires_at": _Order("k.expires_at"),
    "spent": _Order(_SPENT),
    "max_budget": _Order(_MOST),
    "last_used_at": _Order("activity.last_used_at", _ACTIVITY),
    "requests_today": _Order("COALESCE(today.requests, 0)", _TODAY),
}

SORTABLE = tuple(_ORDERS)
"""What a list of keys can be sorted by."""

# $5: now; $6: when keys begin to count as expiring; $7, $8: the budget periods in use and when their windows began.
_STATE = f"""
CASE WHEN k.deleted_at IS NOT NULL THEN 'revoked'
     WHEN k.expires_at <= $5 THEN 'expired'
     WHEN k.blocked THEN 'blocked'
     WHEN {_SPENT} >= {_MOST} THEN 'over_budget'
     WHEN k.expires_at <= $6 THEN 'expiring'
     ELSE 'active' END
"""

# The casts tell PostgreSQL the parameters' types also where a question has no use for them.
_FILTERED = r"""
WHERE ($1::text IS NULL OR k.user_id = $1) AND ($2::text IS NULL OR k.team_id = $2)
  AND ($3::text IS NULL OR $3 = ANY(k.models))
  AND ($4::text IS NULL OR k.key_hint = $4
       OR strpos(lower(concat_ws(E'\n', k.alias, k.user_id, k.team_id)), lower($4)) > 0)
  AND $5::timestamptz <= $6::timestamptz AND $7::text[] IS NOT NULL AND $8::timestamptz[] IS NOT NULL
"""

_DURATIONS = """
SELECT DISTINCT budget_duration FROM accounts WHERE budget_duration IS NOT NULL
UNION SELECT budget_duration FROM budgets WHERE budget_duration IS NOT NULL
"""


async def durations_in_use(connection: Connection) -> list[str]:
    """The budget periods that anybody has."""
    return [row["budget_duration"] for row in await connection.fetch(_DURATIONS)]


async def list_keys(
    connection: Connection,
    wanted: KeySearch,
    moment: datetime,
    windows: Mapping[str, datetime],
    *,
    sort_by: str,
    descending: bool,
    limit: int,
    offset: int,
) -> tuple[list[tuple[Key, KeyState]], int]:
    """One page of keys with their states, and how many there are on all pages.

    Only what a question needs is joined: most lists are counted without a look at money.

    Args:
        connection: Where to ask.
        wanted: Which keys.
        moment: Now.
        windows: When the window of each budget period in use began.
        sort_by: One of `SORTABLE`.
        descending: The greatest first.
        limit: Keys on a page.
        offset: Keys on the pages before.
    """
    parameters: list[Any] = [
        wanted.user_id,
        wanted.team_id,
        wanted.model,
        wanted.search,
        moment,
        moment + EXPIRING_WITHIN,
        list(windows),
        list(windows.values()),
    ]
    if wanted.state is None:
        rows, money = f"{_FILTERED} AND k.deleted_at IS NULL", ""
    else:
        rows, money = f"{_FILTERED} AND {_STATE} = '{wanted.state.value}'", _MONEY
    total: int = await connection.fetchval(f"SELECT count(*) {_KEYS} {money} {rows}", *parameters)
    order = _ORDERS[sort_by]
    direction = "DESC" if descending else "ASC"
    found = await connection.fetch(
        f"SELECT k.*, {_STATE} AS state {_KEYS} {_MONEY} {order.joins} {rows}"
        f" ORDER BY {order.column} {direction} {order.nulls}, k.id LIMIT $9 OFFSET $10",
        *parameters,
        limit,
        offset,
    )
    return [(_key(row), KeyState(row["state"])) for row in found], total


async def count_keys(connection: Connection, user_id: str | None = None) -> int:
    """How many living keys there are, of one user or of all."""
    count: int = await connection.fetchval(
        "SELECT count(*) FROM keys WHERE deleted_at IS NULL AND ($1::text IS NULL OR user_id = $1)", user_id
    )
    return count


async def count_keys_of_teams(connection: Connection, team_ids: Sequence[str]) -> dict[str, int]:
    """How many living keys teams have; those without are left out."""
    rows = await connection.fetch(
        "SELECT team_id, count(*) AS count FROM keys WHERE deleted_at IS NULL AND team_id = ANY($1) GROUP BY team_id",
        team_ids,
    )
    return {row["team_id"]: row["count"] for row in rows}


async def find_key_by_id(connection: Connection, key_id: UUID) -> Key:
    """Read a key, also one that was revoked.

    Raises:
        KeyNotFoundError: There never was one of this id.
    """
    row = await connection.fetchrow("SELECT * FROM keys WHERE id = $1", key_id)
    if row is None:
        raise KeyNotFoundError("There is no such key.", param="id")
    return _key(row)


def _key(row: Mapping[str, Any]) -> Key:
    return Key(**{name: row[name] for name in Key.__struct_fields__})

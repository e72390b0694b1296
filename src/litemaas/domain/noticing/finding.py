"""What there is to notice in the database: budgets that are nearly or wholly spent, keys whose time is running out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from litemaas.domain.budgets.entities import LIFETIME
from litemaas.domain.budgets.periods import window_start
from litemaas.domain.notices.entities import Event, Occurrence
from litemaas.storage.postgres import Connection

EXHAUSTED_SHARE = Decimal("0.99")
"""Part of a budget from which it counts as exhausted: a call needs to reserve more than what is left then."""

EXPIRY_WARNING = timedelta(days=7)
"""How long before its end a key is said to expire; at most a quarter of its whole life."""

_STALE = timedelta(days=1)

_ACCOUNTS = """
SELECT a.id, COALESCE(a.max_budget, b.max_budget) AS max_budget, COALESCE(a.soft_budget, b.soft_budget) AS soft_budget,
       COALESCE(a.budget_duration, b.budget_duration) AS budget_duration, balance.spent, balance.window_start
FROM balances balance JOIN accounts a ON a.id = balance.account_id LEFT JOIN budgets b ON b.id = a.budget_id
WHERE balance.spent >= COALESCE(a.soft_budget, b.soft_budget)
   OR balance.spent >= $1 * COALESCE(a.max_budget, b.max_budget)
"""

_KEYS = """
SELECT id::text, alias, key_hint, user_id, team_id, created_at, expires_at FROM keys
WHERE deleted_at IS NULL AND NOT blocked AND expires_at BETWEEN $1 AND $2
"""

_NAMES = """
SELECT 'key:' || id AS account, 'the key ' || COALESCE(alias, '…' || key_hint) AS name FROM keys
WHERE id::text = ANY($1)
UNION ALL
SELECT 'user:' || id, 'the user ' || COALESCE(alias, email, id) FROM users WHERE id = ANY($2)
UNION ALL
SELECT 'team:' || id, 'the team ' || COALESCE(alias, id) FROM teams WHERE id = ANY($3)
"""


async def find_spent_budgets(connection: Connection, now: datetime) -> list[Occurrence]:
    """Budgets whose soft limit is reached, or that are exhausted, in their current window."""
    found = []
    for row in await connection.fetch(_ACCOUNTS, EXHAUSTED_SHARE):
        if row["window_start"] < window_start(row["budget_duration"], now):
            continue  # of a window that is over
        spent, most, soft = row["spent"], row["max_budget"], row["soft_budget"]
        if most is not None and spent >= EXHAUSTED_SHARE * most:
            found.append(_of_budget(Event.BUDGET_EXHAUSTED, row, most, "has spent its budget"))
        elif soft is not None and spent >= soft:
            found.append(_of_budget(Event.BUDGET_SOFT, row, soft, "has reached its soft budget"))
    return found


async def find_ending_keys(connection: Connection, now: datetime) -> list[Occurrence]:
    """Keys that expire soon, or did in the last day."""
    found = []
    for row in await connection.fetch(_KEYS, now - _STALE, now + EXPIRY_WARNING):
        ends, life = row["expires_at"], row["expires_at"] - row["created_at"]
        if ends <= now:
            found.append(_of_key(Event.KEY_EXPIRED, row, "has expired"))
        elif ends - now <= min(EXPIRY_WARNING, life / 4):
            found.append(_of_key(Event.KEY_EXPIRING, row, "expires"))
    return found


async def name_accounts(connection: Connection, accounts: Iterable[str]) -> dict[str, str]:
    """What people call the owners of accounts, by account."""
    accounts = list(accounts)
    owners = {kind: [_owner(one) for one in accounts if one.startswith(f"{kind}:")] for kind in ("key", "user", "team")}
    names = dict(await connection.fetch(_NAMES, *owners.values()))
    return {one: _named(one, names) for one in accounts}


def _owner(account: str) -> str:
    return account.partition(":")[2].partition("/model:")[0]


def _named(account: str, names: dict[str, str]) -> str:
    owner, _, model = account.partition("/model:")
    name = names.get(owner, "everything together" if owner == "global" else owner)
    return f"{name}, for {model}," if model else name


def _of_budget(event: Event, row: Any, limit: Decimal, what: str) -> Occurrence:
    """`{name}` in the message stands for what people call the account."""
    since = "" if row["window_start"] == LIFETIME else f" since {row['window_start']:%Y-%m-%d}"
    return Occurrence(
        event=event,
        subject=row["id"],
        occasion=f"{row['window_start'].isoformat()} {limit.normalize():f}",
        message=f"{{name}} {what} of ${limit.normalize():f}: ${row['spent'].normalize():f}{since}",
        details={
            "account": row["id"],
            "limit": f"{limit:f}",
            "spent": f"{row['spent']:f}",
            "window_start": row["window_start"].isoformat(),
            "budget_duration": row["budget_duration"],
        },
    )


def _of_key(event: Event, row: Any, what: str) -> Occurrence:
    ends = row["expires_at"]
    return Occurrence(
        event=event,
        subject=f"key:{row['id']}",
        occasion=ends.isoformat(),
        message=f"{{name}} {what} at {ends:%Y-%m-%d %H:%M} UTC",
        details={
            "key_id": row["id"],
            "key_alias": row["alias"],
            "user_id": row["user_id"],
            "team_id": row["team_id"],
            "expires_at": ends.isoformat(),
        },
    )

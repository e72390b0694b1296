"""SQL of budgets, accounts, balances and leases."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from litemaas.domain.budgets.entities import Account
from litemaas.storage.postgres import Connection

_FETCH_ROWS = 2000

_ACCOUNT = """
SELECT a.id, a.budget_id, COALESCE(a.max_budget, b.max_budget) AS max_budget,
       COALESCE(a.soft_budget, b.soft_budget) AS soft_budget,
       COALESCE(a.budget_duration, b.budget_duration) AS budget_duration
FROM accounts a LEFT JOIN budgets b ON b.id = a.budget_id
"""

_LIMITED = f"""
{_ACCOUNT}
WHERE COALESCE(a.max_budget, b.max_budget) IS NOT NULL AND ($1::text[] IS NULL OR a.id = ANY($1))
"""


async def load_limited_accounts(connection: Connection, ids: Sequence[str] | None = None) -> AsyncIterator[Account]:
    """Accounts that have a limit: those of `ids`, or all. Runs in the caller's transaction.

    Equal limits are shared between accounts: a hundred thousand accounts have a handful of different ones.
    """
    known: dict[Any, Any] = {}
    async for row in connection.cursor(_LIMITED, ids, prefetch=_FETCH_ROWS):
        account_id, *limits = row
        yield Account(account_id, *(known.setdefault(one, one) for one in limits))


async def accounts_of_budgets(connection: Connection, budget_ids: Sequence[str]) -> list[str]:
    """Ids of the accounts that share one of the budgets."""
    rows = await connection.fetch("SELECT id FROM accounts WHERE budget_id = ANY($1)", budget_ids)
    return [row["id"] for row in rows]


class LockedBalance(NamedTuple):
    """A balance under its row lock, with its account's limit and what the asking holder has leased of it."""

    account_id: str
    max_budget: Decimal | None
    budget_duration: str | None
    window_start: datetime
    spent: Decimal
    leased: Decimal
    total_spent: Decimal
    lease_window: datetime | None
    lease_amount: Decimal | None


async def lock_balances(connection: Connection, account_ids: Sequence[str], holder: UUID) -> list[LockedBalance]:
    """Lock the balances of those accounts that exist, in the order of their ids, which keeps replicas from deadlock.

    Two statements: after waiting for a lock, only a new one sees what the lock's former owner did to other tables.
    """
    await connection.execute(
        "SELECT FROM balances WHERE account_id = ANY($1) ORDER BY account_id FOR UPDATE", account_ids
    )
    rows = await connection.fetch(
        """
        SELECT a.id, COALESCE(a.max_budget, b.max_budget), COALESCE(a.budget_duration, b.budget_duration),
               balance.window_start, balance.spent, balance.leased, balance.total_spent, lease.window_start,
               lease.amount
        FROM balances balance
        JOIN accounts a ON a.id = balance.account_id
        LEFT JOIN budgets b ON b.id = a.budget_id
        LEFT JOIN leases lease ON lease.account_id = balance.account_id AND lease.holder = $2
        WHERE balance.account_id = ANY($1)
        """,
        account_ids,
        holder,
    )
    return [LockedBalance(*row) for row in rows]


class BalanceChange(NamedTuple):
    """New values of a locked balance."""

    account_id: str
    window_start: datetime
    spent: Decimal
    leased: Decimal
    total_spent: Decimal


async def write_balances(connection: Connection, changes: Iterable[BalanceChange]) -> None:
    """Write balances locked in the same transaction."""
    columns = list(zip(*changes, strict=True))
    if columns:
        await connection.execute(
            """
            UPDATE balances SET window_start = new.window_start, spent = new.spent, leased = new.leased,
                                total_spent = new.total_spent
            FROM unnest($1::text[], $2::timestamptz[], $3::numeric[], $4::numeric[], $5::numeric[])
                AS new (account_id, window_start, spent, leased, total_spent)
            WHERE balances.account_id = new.account_id
            """,
            *columns,
        )


async def write_lease(
    connection: Connection, account_id: str, holder: UUID, window_start: datetime, amount: Decimal, seconds: float
) -> None:
    """Set a holder's lease to `amount`, to live for `seconds`."""
    await connection.execute(
        """
        INSERT INTO leases (account_id, holder, window_start, amount, expires_at)
        VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
        ON CONFLICT (account_id, holder) DO UPDATE
        SET window_start = EXCLUDED.window_start, amount = EXCLUDED.amount, expires_at = EXCLUDED.expires_at
        """,
        account_id,
        holder,
        window_start,
        amount,
        seconds,
    )


async def shrink_leases(connection: Connection, holder: UUID, amounts: Iterable[tuple[str, Decimal]]) -> None:
    """Set the amounts of a holder's leases; their life stays as it is."""
    columns = list(zip(*amounts, strict=True))
    if columns:
        await connection.execute(
            """
            UPDATE leases SET amount = new.amount FROM unnest($2::text[], $3::numeric[]) AS new (account_id, amount)
            WHERE leases.holder = $1 AND leases.account_id = new.account_id
            """,
            holder,
            *columns,
        )


async def delete_expired_leases(
    connection: Connection, account_id: str, holder: UUID
) -> list[tuple[datetime, Decimal]]:
    """Delete the leases of others than `holder` that nobody renewed; returns their window and amount."""
    rows = await connection.fetch(
        """
        DELETE FROM leases WHERE account_id = $1 AND holder <> $2 AND expires_at < now()
        RETURNING window_start, amount
        """,
        account_id,
        holder,
    )
    return [(row["window_start"], row["amount"]) for row in rows]


async def renew_leases(connection: Connection, holder: UUID, seconds: float) -> list[str]:
    """Let all leases of `holder` live for `seconds` more; returns the accounts whose lease still is."""
    rows = await connection.fetch(
        """
        UPDATE leases SET expires_at = now() + make_interval(secs => $2)
        WHERE holder = $1 AND expires_at >= now() RETURNING account_id
        """,
        holder,
        seconds,
    )
    return [row["account_id"] for row in rows]


async def accounts_leased_by(connection: Connection, holder: UUID) -> list[str]:
    """The accounts that `holder` has a lease of."""
    return [
        row["account_id"] for row in await connection.fetch("SELECT account_id FROM leases WHERE holder = $1", holder)
    ]


async def delete_lease(connection: Connection, account_id: str, holder: UUID) -> None:
    """Delete one lease."""
    await connection.execute("DELETE FROM leases WHERE account_id = $1 AND holder = $2", account_id, holder)

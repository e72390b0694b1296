"""Accounts as administrators see them: opened with their holder, limited, read, and closed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from asyncpg import Record

from litemaas.domain.budgets.entities import Account, Limits, Standing, key_model_account
from litemaas.domain.budgets.errors import UnknownBudgetError
from litemaas.domain.budgets.periods import parse_duration, window_end, window_start
from litemaas.domain.errors import InvalidInputError
from litemaas.storage.postgres import Connection

_STANDING = """
SELECT a.id, a.budget_id, a.max_budget, a.soft_budget, a.budget_duration,
       COALESCE(a.max_budget, b.max_budget) AS max_budget_in_force,
       COALESCE(a.soft_budget, b.soft_budget) AS soft_budget_in_force,
       COALESCE(a.budget_duration, b.budget_duration) AS duration_in_force,
       balance.window_start, balance.spent, balance.total_spent
FROM accounts a
JOIN balances balance ON balance.account_id = a.id
LEFT JOIN budgets b ON b.id = a.budget_id
"""


def check_limits(limits: Limits, *, prefix: str = "") -> None:
    """Refuse limits that could not be enforced.

    Args:
        limits: As asked for.
        prefix: What stands before a field's name in the error, e.g. `model_max_budget.gpt-4.`.

    Raises:
        InvalidInputError: An amount is negative or not finite, or the duration is malformed.
    """
    for name in ("max_budget", "soft_budget"):
        amount = getattr(limits, name)
        if amount is not None and not (amount.is_finite() and amount >= 0):
            raise InvalidInputError(f"{prefix}{name} must be a number of dollars from 0 on.", param=prefix + name)
    if limits.budget_duration is not None:
        try:
            parse_duration(limits.budget_duration)
        except InvalidInputError as error:
            raise InvalidInputError(error.message, param=prefix + "budget_duration") from error


async def open_account(
    connection: Connection, account_id: str, limits: Limits, moment: datetime, spent: Decimal = Decimal(0)
) -> None:
    """Create an account and its balance, which starts at `spent` dollars; one that exists is left as it is.

    Raises:
        UnknownBudgetError: The shared budget does not exist.
    """
    await check_budget_exists(connection, limits.budget_id)
    await connection.execute(
        "INSERT INTO accounts (id, budget_id, max_budget, soft_budget, budget_duration) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING",
        account_id,
        limits.budget_id,
        limits.max_budget,
        limits.soft_budget,
        limits.budget_duration,
    )
    duration = await duration_in_force(connection, account_id)
    await connection.execute(
        "INSERT INTO balances (account_id, window_start, spent, total_spent) VALUES ($1, $2, $3, $3)"
        " ON CONFLICT DO NOTHING",
        account_id,
        window_start(duration, moment),
        spent,
    )


async def write_limits(connection: Connection, account_id: str, limits: Limits) -> None:
    """Replace an account's own limits. A change of the window is the caller's to follow up with `enter_window`.

    Raises:
        UnknownBudgetError: The shared budget does not exist.
    """
    await check_budget_exists(connection, limits.budget_id)
    await connection.execute(
        "UPDATE accounts SET budget_id = $2, max_budget = $3, soft_budget = $4, budget_duration = $5 WHERE id = $1",
        account_id,
        limits.budget_id,
        limits.max_budget,
        limits.soft_budget,
        limits.budget_duration,
    )


async def check_budget_exists(connection: Connection, budget_id: str | None) -> None:
    """Raise if an account cannot share the budget, because there is none.

    Raises:
        UnknownBudgetError: There is no budget of this id.
    """
    if budget_id is not None and not await connection.fetchval("SELECT true FROM budgets WHERE id = $1", budget_id):
        raise UnknownBudgetError(f"There is no budget {budget_id!r}. Create it with /budget/new.", param="budget_id")


async def duration_in_force(connection: Connection, account_id: str) -> str | None:
    """The length of the account's window, its own or that of the shared budget."""
    duration: str | None = await connection.fetchval(
        "SELECT COALESCE(a.budget_duration, b.budget_duration)"
        " FROM accounts a LEFT JOIN budgets b ON b.id = a.budget_id WHERE a.id = $1",
        account_id,
    )
    return duration


async def lock_balance(connection: Connection, account_id: str) -> None:
    """Keep the ledger from charging the account until the transaction ends."""
    await connection.execute("SELECT FROM balances WHERE account_id = $1 FOR UPDATE", account_id)


async def enter_window(connection: Connection, account_id: str, start: datetime, spent: Decimal) -> None:
    """Set which window a locked balance counts, and what was spent in it.

    Leases move along: their holders go on spending from them, and their rows must cover it.
    """
    await connection.execute(
        "UPDATE balances SET window_start = $2, spent = $3,"
        " leased = (SELECT COALESCE(sum(amount), 0) FROM leases WHERE account_id = $1) WHERE account_id = $1",
        account_id,
        start,
        spent,
    )
    await connection.execute("UPDATE leases SET window_start = $2 WHERE account_id = $1", account_id, start)


async def set_spent(connection: Connection, account_id: str, spent: Decimal) -> None:
    """Correct what counts as spent in the current window; the ledger and the total stay as they are."""
    await connection.execute("UPDATE balances SET spent = $2 WHERE account_id = $1", account_id, spent)


async def close_accounts(connection: Connection, account_ids: Sequence[str]) -> None:
    """Delete accounts with their balances and leases; the ledger keeps who spent what."""
    await connection.execute("DELETE FROM accounts WHERE id = ANY($1)", account_ids)


async def read_standings(connection: Connection, ids: Iterable[str], moment: datetime) -> dict[str, Standing]:
    """How accounts stand at `moment`, by id; those that do not exist are left out."""
    rows = await connection.fetch(f"{_STANDING} WHERE a.id = ANY($1)", list(ids))
    return {row["id"]: _standing(row, moment) for row in rows}


async def read_model_standings(connection: Connection, key_id: object, moment: datetime) -> dict[str, Standing]:
    """How a key's budgets for single models stand at `moment`, by model."""
    prefix = key_model_account(key_id, "")
    rows = await connection.fetch(f"{_STANDING} WHERE starts_with(a.id, $1) ORDER BY a.id", prefix)
    return {row["id"].removeprefix(prefix): _standing(row, moment) for row in rows}


def closed(account_id: str) -> Standing:
    """How an account stands that was closed with its holder: without a limit, and nothing spent."""
    return Standing(account=Account(id=account_id), own=Limits())


def _standing(row: Record, moment: datetime) -> Standing:
    duration = row["duration_in_force"]
    rolled = window_start(duration, moment) > row["window_start"]
    return Standing(
        account=Account(
            id=row["id"],
            budget_id=row["budget_id"],
            max_budget=row["max_budget_in_force"],
            soft_budget=row["soft_budget_in_force"],
            budget_duration=duration,
        ),
        own=Limits(
            budget_id=row["budget_id"],
            max_budget=row["max_budget"],
            soft_budget=row["soft_budget"],
            budget_duration=row["budget_duration"],
        ),
        spent=Decimal(0) if rolled else row["spent"],
        total_spent=row["total_spent"],
        resets_at=window_end(duration, moment),
    )

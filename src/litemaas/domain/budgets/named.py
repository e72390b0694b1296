"""SQL of named budgets, which many accounts may share."""

from collections.abc import Sequence

from msgspec.structs import astuple

from litemaas.domain.budgets.entities import Budget
from litemaas.domain.budgets.errors import BudgetExistsError, BudgetInUseError, UnknownBudgetError
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row, update_row

_COLUMNS = Budget.__struct_fields__


async def add_budget(connection: Connection, budget: Budget) -> None:
    """Store a new budget.

    Raises:
        BudgetExistsError: Its id is taken.
    """
    if await connection.fetchval("SELECT true FROM budgets WHERE id = $1", budget.id):
        raise BudgetExistsError(f"There already is a budget {budget.id!r}.", param="budget_id")
    await connection.execute(insert_row("budgets", _COLUMNS), *astuple(budget))


async def save_budget(connection: Connection, budget: Budget) -> None:
    """Store a budget that was read in the same transaction."""
    await connection.execute(update_row("budgets", _COLUMNS), *astuple(budget))


async def lock_budget(connection: Connection, budget_id: str) -> Budget:
    """Read a budget and keep others from changing it until the transaction ends.

    Raises:
        UnknownBudgetError: There is none of this id.
    """
    row = await connection.fetchrow("SELECT * FROM budgets WHERE id = $1 FOR UPDATE", budget_id)
    if row is None:
        raise UnknownBudgetError(f"There is no budget {budget_id!r}.", param="budget_id")
    return Budget(**row)


async def read_budgets(connection: Connection, ids: Sequence[str] | None = None) -> list[Budget]:
    """The budgets of `ids`, or all, by id."""
    rows = await connection.fetch("SELECT * FROM budgets WHERE $1::text[] IS NULL OR id = ANY($1) ORDER BY id", ids)
    return [Budget(**row) for row in rows]


async def delete_budget(connection: Connection, budget_id: str) -> None:
    """Delete a budget.

    Raises:
        BudgetInUseError: Accounts share it: without it they would have no limit.
    """
    users = await connection.fetchval("SELECT count(*) FROM accounts WHERE budget_id = $1", budget_id)
    if users:
        raise BudgetInUseError(
            f"Budget {budget_id!r} limits {users} keys, users or teams. Give them another budget first.", param="id"
        )
    await connection.execute("DELETE FROM budgets WHERE id = $1", budget_id)


async def accounts_windowed_by(connection: Connection, budget_id: str) -> list[str]:
    """The accounts whose window has the length that this budget says."""
    rows = await connection.fetch(
        "SELECT id FROM accounts WHERE budget_id = $1 AND budget_duration IS NULL ORDER BY id", budget_id
    )
    return [row["id"] for row in rows]

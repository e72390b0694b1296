"""Named budgets: limits that many keys, users and teams share by name."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from msgspec.structs import asdict, replace

from litemaas.domain.administration.limits import count_window_anew
from litemaas.domain.administration.patches import Patch, apply_patch
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.budgets import named
from litemaas.domain.budgets.accounts import check_limits
from litemaas.domain.budgets.entities import Budget, Limits
from litemaas.storage.postgres import Pool

_KIND = "budget"


class AccountService:
    """Named budgets."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(self, actor: Actor, *, budget_id: str | None, fields: Patch) -> Budget:
        """Create a budget.

        Args:
            actor: Who asks.
            budget_id: The id; None: made here.
            fields: Values of the budget's fields.

        Raises:
            InvalidInputError: A limit could not be enforced.
            BudgetExistsError: The id is taken.
        """
        moment = datetime.now(UTC)
        budget = Budget(id=budget_id or str(uuid4()), created_at=moment, created_by=actor.name)
        budget = _patched(budget, fields, actor, moment)
        async with self._pool.acquire() as connection, connection.transaction():
            await named.add_budget(connection, budget)
            await record(connection, actor, "create", _KIND, budget.id, after=asdict(budget))
        return budget

    async def update(self, actor: Actor, budget_id: str, *, fields: Patch) -> Budget:
        """Change a budget for all that share it; what is absent stays, None clears.

        Raises:
            InvalidInputError: A limit could not be enforced.
            UnknownBudgetError: There is no such budget.
        """
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection, connection.transaction():
            before = await named.lock_budget(connection, budget_id)
            budget = _patched(before, fields, actor, moment)
            await named.save_budget(connection, budget)
            if budget.budget_duration != before.budget_duration:
                for account_id in await named.accounts_windowed_by(connection, budget_id):
                    await count_window_anew(connection, account_id, moment)
            await record(connection, actor, "update", _KIND, budget_id, before=asdict(before), after=asdict(budget))
        return budget

    async def delete(self, actor: Actor, budget_id: str) -> Budget:
        """Delete a budget that nobody shares.

        Raises:
            UnknownBudgetError: There is no such budget.
            BudgetInUseError: Somebody would have no limit without it.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            budget = await named.lock_budget(connection, budget_id)
            await named.delete_budget(connection, budget_id)
            await record(connection, actor, "delete", _KIND, budget_id, before=asdict(budget))
        return budget

    async def read(self, ids: Sequence[str] | None = None) -> list[Budget]:
        """The budgets of `ids`, or all, by id."""
        async with self._pool.acquire() as connection:
            return await named.read_budgets(connection, ids)


def _patched(budget: Budget, fields: Patch, actor: Actor, moment: datetime) -> Budget:
    budget = replace(apply_patch(budget, fields), updated_at=moment, updated_by=actor.name)
    check_limits(
        Limits(max_budget=budget.max_budget, soft_budget=budget.soft_budget, budget_duration=budget.budget_duration)
    )
    return budget

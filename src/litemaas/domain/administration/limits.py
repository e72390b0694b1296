"""Setting the limits of an account so that what counts as spent stays right."""

from datetime import datetime

from litemaas.domain.administration.patches import Patch, apply_patch
from litemaas.domain.budgets import accounts
from litemaas.domain.budgets.entities import Limits
from litemaas.domain.budgets.periods import window_start
from litemaas.domain.spend.windows import spent_since
from litemaas.storage.postgres import Connection


async def patch_limits(
    connection: Connection, account_id: str, changes: Patch, moment: datetime
) -> tuple[Limits, Limits]:
    """Change an account's own limits; returns them as they were, and as they are.

    Raises:
        InvalidInputError: A limit could not be enforced.
        UnknownBudgetError: The shared budget does not exist.
    """
    own = (await accounts.read_standings(connection, [account_id], moment))[account_id].own
    new = apply_patch(own, changes)
    accounts.check_limits(new)
    if new != own:
        await change_limits(connection, account_id, new, moment)
    return own, new


async def change_limits(connection: Connection, account_id: str, limits: Limits, moment: datetime) -> None:
    """Replace an account's own limits; where that changes its window, count anew what was spent in it.

    Raises:
        UnknownBudgetError: The shared budget does not exist.
    """
    before = await accounts.duration_in_force(connection, account_id)
    await accounts.write_limits(connection, account_id, limits)
    if await accounts.duration_in_force(connection, account_id) != before:
        await count_window_anew(connection, account_id, moment)


async def count_window_anew(connection: Connection, account_id: str, moment: datetime) -> None:
    """Set the balance of an account to its window at `moment`, as the ledger has it."""
    await accounts.lock_balance(connection, account_id)
    start = window_start(await accounts.duration_in_force(connection, account_id), moment)
    spent = await spent_since(connection, start, **_owner(account_id))
    await accounts.enter_window(connection, account_id, start, spent)


def _owner(account_id: str) -> dict[str, str]:
    kind, _, name = account_id.partition(":")
    if kind != "key":
        return {f"{kind}_id": name} if name else {}
    key_id, _, model = name.partition("/model:")
    return {"key_id": key_id, "model": model} if model else {"key_id": key_id}

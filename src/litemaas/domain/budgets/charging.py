"""Turns ledger rows into spend: balances, and the leases that the money came from."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from litemaas.domain.budgets import store
from litemaas.domain.budgets.leases import ZERO
from litemaas.domain.budgets.periods import window_start
from litemaas.storage.postgres import Connection


class Charge(NamedTuple):
    """Dollars that calls begun in one second cost an account; in a result, `moment` is the start of the window."""

    account_id: str
    moment: datetime
    cost: Decimal


async def charge(connection: Connection, holder: UUID, charges: Iterable[Charge]) -> list[Charge]:
    """Add `charges` to the balances of the accounts that exist, and take them off the leases of `holder`.

    Part of the transaction that writes the ledger rows: both are there, or neither.

    Returns:
        What was charged, by account and window.
    """
    by_account: dict[str, list[Charge]] = defaultdict(list)
    for one in charges:
        by_account[one.account_id].append(one)
    balances, leases, done = [], [], []
    for balance in await store.lock_balances(connection, sorted(by_account), holder):
        windows = _by_window(balance.budget_duration, by_account[balance.account_id])
        current = max(balance.window_start, *windows)
        cost = windows.get(current, ZERO)
        rolled = current != balance.window_start
        spent, leased = (ZERO, ZERO) if rolled else (balance.spent, balance.leased)
        if balance.lease_amount is not None and balance.lease_window == current:
            leases.append((balance.account_id, balance.lease_amount - cost))
            leased -= cost
        total = balance.total_spent + sum(windows.values())
        balances.append(store.BalanceChange(balance.account_id, current, spent + cost, leased, total))
        done += [Charge(balance.account_id, start, amount) for start, amount in windows.items()]
    await store.write_balances(connection, balances)
    await store.shrink_leases(connection, holder, leases)
    return done


def _by_window(duration: str | None, charges: list[Charge]) -> dict[datetime, Decimal]:
    windows: dict[datetime, Decimal] = defaultdict(lambda: ZERO)
    for one in charges:
        windows[window_start(duration, one.moment)] += one.cost
    return windows


async def end_leases(connection: Connection, holder: UUID) -> None:
    """Give back all leases of a holder that is gone and whose journal is in the ledger."""
    account_ids = sorted(await store.accounts_leased_by(connection, holder))
    changes = []
    for balance in await store.lock_balances(connection, account_ids, holder):
        if balance.lease_amount is not None and balance.lease_window == balance.window_start:
            left = balance.leased - balance.lease_amount
            changes.append(
                store.BalanceChange(balance.account_id, balance.window_start, balance.spent, left, balance.total_spent)
            )
    await store.write_balances(connection, changes)
    for account_id in account_ids:
        await store.delete_lease(connection, account_id, holder)

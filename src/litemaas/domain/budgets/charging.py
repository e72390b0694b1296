"""Turns ledger rows into spend: balances, and the leases that the money came from.

A lease's row shrinks by what calls did cost, but never by more than its holder settled on it: calls that held nothing,
because their account had no limit yet, must not make room for others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from litemaas.domain.budgets import store
from litemaas.domain.budgets.leases import ZERO
from litemaas.domain.budgets.periods import window_start
from litemaas.storage.postgres import Connection


class Charge(NamedTuple):
    """Dollars that calls begun in one second cost an account.

    Attributes:
        cost: Of the calls that the ledger did not have.
        shipped: Of these and of those that it had from an attempt whose success we were not told.
    """

    account_id: str
    moment: datetime
    cost: Decimal
    shipped: Decimal


async def charge(
    connection: Connection, holder: UUID, charges: Iterable[Charge], unshipped: Mapping[str, Decimal] | None
) -> list[tuple[str, Decimal]]:
    """Add `charges` to the balances of the accounts that exist, and take them off the leases of `holder`.

    Part of the transaction that writes the ledger rows: both are there, or neither.

    Args:
        connection: In that transaction.
        holder: Whose journal this is.
        charges: What it says.
        unshipped: Dollars that the holder settled on its leases, by account; None: it is gone and nobody knows.

    Returns:
        What is now shipped of each lease's unshipped money, by account.
    """
    by_account: dict[str, list[Charge]] = defaultdict(list)
    for one in charges:
        by_account[one.account_id].append(one)
    balances, leases, done = [], [], []
    for balance in await store.lock_balances(connection, sorted(by_account), holder):
        ours = by_account[balance.account_id]
        starts = [window_start(balance.budget_duration, one.moment) for one in ours]
        current = max(balance.window_start, *starts)
        in_current = [one for one, start in zip(ours, starts, strict=True) if start == current]
        cost = sum((one.cost for one in in_current), ZERO)
        rolled = current != balance.window_start
        spent, leased = (ZERO, ZERO) if rolled else (balance.spent, balance.leased)
        if balance.lease_amount is not None and balance.lease_window == current:
            settled = balance.lease_amount if unshipped is None else unshipped.get(balance.account_id, ZERO)
            covered = min(cost, settled, max(ZERO, balance.lease_amount))
            leases.append((balance.account_id, balance.lease_amount - covered))
            leased -= covered
            done.append((balance.account_id, min(sum((one.shipped for one in in_current), ZERO), settled)))
        total = balance.total_spent + sum((one.cost for one in ours), ZERO)
        balances.append(store.BalanceChange(balance.account_id, current, spent + cost, leased, total))
    await store.write_balances(connection, balances)
    await store.shrink_leases(connection, holder, leases)
    return done


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

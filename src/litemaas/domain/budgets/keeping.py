"""Upkeep of leases: renewing them, giving back what is not used, and giving way to replicas that need it."""

import asyncio
import logging
from collections.abc import Iterable
from decimal import Decimal

import asyncpg

from litemaas.domain.budgets import store
from litemaas.domain.budgets.leases import ZERO, Lease
from litemaas.domain.budgets.service import BudgetService
from litemaas.storage.postgres import PASSING_ERRORS, Connection

IDLE_SECONDS = 5.0
_RENEWALS_PER_LEASE = 6
_log = logging.getLogger(__name__)


async def keep_leases(budgets: BudgetService) -> None:
    """Renew all leases and give back idle ones, for ever."""
    renew_every = budgets.lease_seconds / _RENEWALS_PER_LEASE
    renewed_at = budgets.monotonic()
    away = False
    while True:
        await asyncio.sleep(1.0)
        try:
            asked_at = budgets.monotonic()
            if asked_at - renewed_at >= renew_every:
                await renew(budgets)
                renewed_at = asked_at  # from when the leases count: one that took long is followed by another at once
            idle_since = budgets.monotonic() - IDLE_SECONDS
            await give_back(budgets, [one for one in budgets.leases.values() if one.last_used_at < idle_since])
            away = False
        except (asyncpg.PostgresError, *PASSING_ERRORS) as error:
            _log.log(
                logging.DEBUG if away else logging.WARNING, "leases not renewed: %s", error or type(error).__name__
            )
            away = True


async def renew(budgets: BudgetService) -> None:
    """Let all leases live on; those that PostgreSQL no longer has are not used any further."""
    if not any(one.expires_at for one in budgets.leases.values()):
        return
    asked_at = budgets.monotonic()
    async with budgets.changing, budgets.pool.acquire() as connection:
        alive = set(await store.renew_leases(connection, budgets.holder, budgets.lease_seconds))
    for lease in budgets.leases.values():
        if lease.expires_at:
            lease.expires_at = asked_at + budgets.lease_seconds if lease.account_id in alive else 0.0


async def give_back(budgets: BudgetService, leases: Iterable[Lease]) -> None:
    """Give what is not committed of `leases` back to their accounts."""
    for lease in leases:
        if lease.window_start is None or lease.amount <= lease.committed():
            continue
        async with budgets.changing, budgets.pool.acquire() as connection:
            returned, lease.free = max(lease.free, ZERO), min(lease.free, ZERO)
            kept = lease.committed() + lease.free
            written = False
            try:
                async with connection.transaction():
                    await _set_lease(connection, budgets, lease, kept)
                    written = True
            except BaseException:
                if not written:  # else only the answer to COMMIT was lost, and the money may be others' already
                    lease.free += returned
                raise
            lease.amount = kept


async def _set_lease(connection: Connection, budgets: BudgetService, lease: Lease, amount: Decimal) -> None:
    for balance in await store.lock_balances(connection, [lease.account_id], budgets.holder):
        if balance.lease_amount is None or balance.lease_window != balance.window_start:
            continue
        leased = balance.leased - balance.lease_amount + amount
        change = store.BalanceChange(
            balance.account_id, balance.window_start, balance.spent, leased, balance.total_spent
        )
        await store.write_balances(connection, [change])
        await store.shrink_leases(connection, budgets.holder, [(lease.account_id, amount)])


async def give_way(budgets: BudgetService, payload: str) -> None:
    """Answer a NOTIFY on `WANTED_CHANNEL`: another replica needs what we do not use of an account."""
    holder, _, account_id = payload.partition(" ")
    lease = budgets.leases.get(account_id)
    if holder != str(budgets.holder) and lease is not None:
        await give_back(budgets, [lease])


def recall(budgets: BudgetService, account_ids: Iterable[str]) -> None:
    """Stop using the leases of accounts whose limit has changed; the next hold asks PostgreSQL under the new one."""
    for account_id in account_ids:
        lease = budgets.leases.get(account_id)
        if lease is not None:
            lease.recall()


def unshipped(budgets: BudgetService) -> dict[str, Decimal]:
    """Dollars that this process has settled on its leases and not brought to the ledger, by account."""
    return {lease.account_id: lease.unshipped for lease in budgets.leases.values()}


def note_shipped(budgets: BudgetService, shipped: Iterable[tuple[str, Decimal]]) -> None:
    """Note what of that has reached the ledger."""
    for account_id, cost in shipped:
        if cost:
            budgets.leases[account_id].shipped(cost)


def note_all_shipped(budgets: BudgetService) -> None:
    """Note that the ledger has every call that this process settled."""
    for lease in budgets.leases.values():
        if lease.unshipped > 0:
            lease.forget_unshipped()

"""Holds on budgets: from the local lease if it suffices, else after asking PostgreSQL for more."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple
from uuid import UUID

from litemaas.domain.budgets import store
from litemaas.domain.budgets.entities import whose_account
from litemaas.domain.budgets.errors import BudgetUnavailableError, InsufficientBudgetError
from litemaas.domain.budgets.leases import ZERO, Hold, Lease
from litemaas.domain.budgets.periods import window_end, window_start
from litemaas.storage.postgres import PASSING_ERRORS, Connection, Pool

WANTED_CHANNEL = "litemaas_budget_wanted"
"""NOTIFY channel on which a replica asks the others for what they do not use; payload: `<holder> <account>`."""

_SLICE_DIVISOR = 4
_PLACES = Decimal("1e-12")
_RETRY_SECONDS = 0.1
_DATABASE_SECONDS = 5.0

_log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """PostgreSQL's answer to a request for more money."""

    granted: Decimal
    remaining: Decimal
    """Dollars not spent in the window, as far as known here; money in flight counts as remaining."""


class BudgetService:
    """The leases of one process.

    Args:
        pool: Where balances live.
        holder: Id of this process; its leases carry it.
        lease_seconds: Life of a lease without renewal.
        monotonic: Clock of leases, in seconds.
        wall_clock: Clock of windows, Unix time in seconds.
    """

    def __init__(
        self,
        pool: Pool,
        holder: UUID,
        lease_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.holder = holder
        self.changing = asyncio.Lock()
        """Held while a transaction changes our lease rows, until the same is true here."""
        self.pool = pool
        self.lease_seconds = lease_seconds
        self.monotonic = monotonic
        self.wall_clock = wall_clock
        self.leases: dict[str, Lease] = {}
        self._background: set[asyncio.Task[None]] = set()

    def lease_of(self, account_id: str) -> Lease:
        """This process's lease of an account, empty at first."""
        lease = self.leases.get(account_id)
        if lease is None:
            lease = self.leases[account_id] = Lease(account_id)
        return lease

    def try_hold(self, leases: Sequence[Lease], amount: Decimal) -> list[Hold] | None:
        """Hold `amount` dollars of every account without waiting.

        Returns:
            None if a lease does not suffice or others are in line before; nothing is held then.
        """
        now, wall_clock = self.monotonic(), self.wall_clock()
        for lease in leases:
            if lease.free < amount or lease.waiting or now >= lease.expires_at or wall_clock >= lease.window_ends_at:
                return None
        holds = []
        for lease in leases:
            holds.append(lease.take(amount, now))
            if lease.free < lease.low_water:
                self._top_up(lease, amount)
        return holds

    async def hold(self, leases: Sequence[Lease], amount: Decimal, patience: float) -> list[Hold]:
        """Hold `amount` dollars of every account; wait up to `patience` seconds for calls in flight to settle.

        Raises:
            InsufficientBudgetError: It does not fit, or not in time.
            BudgetUnavailableError: The lease does not suffice and the database does not answer.
        """
        deadline = self.monotonic() + patience
        holds: list[Hold] = []
        try:
            for lease in leases:
                holds.append(await self._hold_in_line(lease, amount, deadline))  # noqa: PERF401 - kept for the release
        except BaseException:
            for hold in holds:
                hold.release()
            raise
        return holds

    async def _hold_in_line(self, lease: Lease, amount: Decimal, deadline: float) -> Hold:
        lease.waiting += 1
        try:
            async with asyncio.timeout(max(0.0, deadline - self.monotonic())):
                await lease.line.acquire()
        except TimeoutError:
            raise InsufficientBudgetError(_busy(lease, amount)) from None
        else:
            try:
                return await self._hold_first(lease, amount, deadline)
            finally:
                lease.line.release()
        finally:
            lease.waiting -= 1

    async def _hold_first(self, lease: Lease, amount: Decimal, deadline: float) -> Hold:
        """Hold, being the first in line."""
        while True:
            lease.money_came.clear()
            if self._has(lease, amount):
                return lease.take(amount, self.monotonic())
            answer = await self._ask(lease, amount)
            if self._has(lease, amount):
                return lease.take(amount, self.monotonic())
            if answer.remaining < amount:
                raise InsufficientBudgetError(_exceeded(lease, amount, answer.remaining), answer.remaining)
            seconds = min(_RETRY_SECONDS, deadline - self.monotonic())
            if seconds <= 0:
                raise InsufficientBudgetError(_busy(lease, amount))
            await _wait(lease.money_came, seconds)

    def _has(self, lease: Lease, amount: Decimal) -> bool:
        return lease.free >= amount and lease.usable(self.monotonic(), self.wall_clock())

    async def _ask(self, lease: Lease, need: Decimal) -> Answer:
        asked_at, recalls = self.monotonic(), lease.recalls
        try:
            async with asyncio.timeout(_DATABASE_SECONDS), self.changing, self.pool.acquire() as connection:
                async with connection.transaction():
                    answer, amount, start, duration, moved = await self._lease_more(connection, lease, need)
                end = window_end(duration, start)
                lease.enter_window(start, end.timestamp() if end else None, moved=moved)
                lease.free += answer.granted
                lease.amount = amount
                lease.low_water = answer.granted / 2
                lease.expires_at = asked_at + self.lease_seconds if recalls == lease.recalls else 0.0
        except PASSING_ERRORS as error:
            raise BudgetUnavailableError(
                "The budget cannot be checked because the database does not answer. Try again in a moment."
            ) from error
        return answer

    async def _lease_more(
        self, connection: Connection, lease: Lease, need: Decimal
    ) -> tuple[Answer, Decimal, datetime, str | None, bool]:
        locked = await store.lock_balances(connection, [lease.account_id], self.holder)
        if not locked:
            raise BudgetUnavailableError("The budget has just been removed. Try again.")
        balance = locked[0]
        moment = datetime.fromtimestamp(self.wall_clock(), UTC)
        start = max(window_start(balance.budget_duration, moment), balance.window_start)
        spent, leased = (balance.spent, balance.leased) if start == balance.window_start else (ZERO, ZERO)
        has_row = balance.lease_amount is not None and balance.lease_window == start
        leased -= balance.lease_amount or ZERO if has_row else ZERO
        moved = has_row and start != lease.window_start  # an administrator changed the window, the row went along
        if start != lease.window_start and not moved:
            free = mine = unshipped = ZERO
        else:
            if not has_row:
                lease.free = ZERO  # it ran out and was given to others; what is committed must be covered anew
            free, unshipped = lease.free, lease.unshipped
            mine = lease.committed() + free
        shortage = max(ZERO, need - free)
        limit = spent + leased + mine + shortage if balance.max_budget is None else balance.max_budget
        available = limit - spent - leased - mine
        if available < shortage:
            for expired_window, amount in await store.delete_expired_leases(connection, lease.account_id, self.holder):
                freed = amount if expired_window == start else ZERO
                available, leased = available + freed, leased - freed
        if available < 0:  # the limit was lowered: do without what is above it, also when calls in flight free it
            above = min(-available, mine)
            lease.free -= above
            mine -= above
        granted = ZERO
        if available > 0 and available >= shortage:
            granted = max(shortage, (available / _SLICE_DIVISOR).quantize(_PLACES, ROUND_DOWN))
        mine += granted
        change = store.BalanceChange(lease.account_id, start, spent, leased + mine, balance.total_spent)
        await store.write_balances(connection, [change])
        await store.write_lease(connection, lease.account_id, self.holder, start, mine, self.lease_seconds)
        if granted < shortage:
            await connection.execute("SELECT pg_notify($1, $2)", WANTED_CHANNEL, f"{self.holder} {lease.account_id}")
        return Answer(granted, limit - spent - unshipped), mine, start, balance.budget_duration, moved

    def _top_up(self, lease: Lease, need: Decimal) -> None:
        lease.low_water = ZERO  # once; the answer sets it anew
        self._in_background(self._ask(lease, lease.free + need))

    def _in_background(self, work: Coroutine[object, object, object]) -> None:
        async def quietly() -> None:
            try:
                await work
            except BudgetUnavailableError as error:
                _log.info("budget lease not changed: %s", error)

        task = asyncio.get_running_loop().create_task(quietly())
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _exceeded(lease: Lease, amount: Decimal, remaining: Decimal) -> str:
    return (
        f"Budget has been exceeded for {whose_account(lease.account_id)}: this call may cost up to ${amount:f}, "
        f"${max(ZERO, remaining):f} is left. Ask for a larger budget, or state a lower max_tokens."
    )


def _busy(lease: Lease, amount: Decimal) -> str:
    return (
        f"Budget has been exceeded for {whose_account(lease.account_id)}: this call may cost up to ${amount:f}, "
        "and what is left is set aside for calls in flight. Try again when they are done."
    )

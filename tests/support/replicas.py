"""Replicas: what one process has of budgets, journal and shipping, with clocks of its own, on a real database."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

from factories import journal_line
from litemaas.domain.budgets.keeping import give_back
from litemaas.domain.budgets.leases import Hold
from litemaas.domain.budgets.service import BudgetService
from litemaas.domain.shipping import Shipper
from litemaas.storage.journal import Journal
from litemaas.storage.postgres import Pool, open_pool


@dataclass
class Clock:
    """A clock that a test can advance; it also goes on by itself."""

    ahead: float = 0.0
    source: Callable[[], float] = time.monotonic

    def __call__(self) -> float:
        return self.source() + self.ahead


@dataclass(eq=False)
class Replica:
    """One process."""

    pool: Pool
    journals: Path
    wall_clock: Callable[[], float] = time.time
    lease_seconds: float = 120.0
    holder: UUID = field(default_factory=uuid4)
    monotonic: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.budgets = BudgetService(self.pool, self.holder, self.lease_seconds, self.monotonic, self.wall_clock)
        self.journal = Journal(self.journals / str(self.holder))
        self.shipper = Shipper(self.pool, self.journal, self.budgets)

    async def hold(self, amount: str | Decimal, *accounts: str, patience: float = 2.0) -> list[Hold]:
        """Hold dollars of accounts, as an admitted call does."""
        leases = [self.budgets.lease_of(account) for account in accounts]
        holds = self.budgets.try_hold(leases, Decimal(amount))
        return holds if holds is not None else await self.budgets.hold(leases, Decimal(amount), patience)

    async def settle(self, holds: list[Hold], cost: str | Decimal, **record: object) -> bytes:
        """End a call that cost `cost`: its record to the journal, then its holds."""
        line = journal_line(**{"cost": str(cost), "started_at": self.wall_clock()} | record)
        written = asyncio.get_running_loop().create_future()
        self.journal.append(line[:-1], written.set_result)
        assert await written is None
        for hold in holds:
            hold.settle(Decimal(cost))
        return line

    async def give_back(self) -> None:
        await give_back(self.budgets, list(self.budgets.leases.values()))

    async def leave(self) -> None:
        """Stop in order."""
        assert await self.shipper.drain()
        await self.give_back()
        self.journal.close()

    def crash(self) -> None:
        """Stop at once, as by kill -9; the journal stays for others to adopt."""
        for segment in self.journal._segments:
            os.close(segment.descriptor)
        os.close(self.journal._lock)


@asynccontextmanager
async def connecting(url: str) -> AsyncIterator[Pool]:
    """Yield a pool; also one whose server is gone is closed."""
    pool = await open_pool(url, 8)
    try:
        yield pool
    finally:
        pool.terminate()


async def until(holds: Callable[[], Awaitable[object]], seconds: float = 20.0) -> None:
    """Return when something is so that tells nobody: another process's state, or a background task's."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)

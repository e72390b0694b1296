"""Moves journal lines into PostgreSQL: ledger, rollups and balances in one transaction; then the journal forgets."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec

from litemaas.domain.budgets.charging import Charge, charge, end_leases
from litemaas.domain.budgets.entities import accounts_of
from litemaas.domain.budgets.keeping import note_all_shipped, note_shipped, unshipped
from litemaas.domain.budgets.service import BudgetService
from litemaas.domain.spend.ledger import Spend, make_partitions, moments_of, write_lines
from litemaas.domain.spend.salvage import salvage
from litemaas.storage.journal import Journal, orphans
from litemaas.storage.postgres import PASSING_ERRORS, Pool

_BATCH_BYTES = 512 * 1024
_LINGER_SECONDS = 0.25  # a transaction costs as much as twenty records; spend is to be seen within a second
_PAUSE_SECONDS = 0.5
_ADOPT_SECONDS = 5.0
_REJECTED = "rejected.jsonl"
_NOT_A_RECORD = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    msgspec.DecodeError,
    UnicodeDecodeError,
)


class _NoPartitionError(Exception):
    """The ledger has no partition for a day, and none can be made: an operator has detached it."""


_NOT_NOW = (asyncpg.PostgresError, _NoPartitionError, *PASSING_ERRORS)
"""Whatever keeps records from the ledger today (also a full disk, a standby, a deadlock) may be mended tomorrow."""

_log = logging.getLogger(__name__)


class Shipper:
    """Ships this process's journal, and adopts those of processes that are gone.

    Attributes:
        shipped: Bytes moved since the start.
        lost: Records whose cost could not be booked: nothing of them can be read.
        database_away: The last attempt found no database.
    """

    def __init__(self, pool: Pool, journal: Journal, budgets: BudgetService) -> None:
        self.shipped = 0
        self.lost = 0
        self.database_away = False
        self._pool = pool
        self._journal = journal
        self._budgets = budgets
        self._draining = asyncio.Lock()

    async def run(self) -> None:
        """Ship for ever."""
        while True:
            await self._journal.arrived.wait()
            await asyncio.sleep(_LINGER_SECONDS)
            self._journal.arrived.clear()
            while not await self.drain():  # noqa: ASYNC110 - nobody tells when a database is back
                await asyncio.sleep(_PAUSE_SECONDS)

    async def drain(self) -> bool:
        """Ship all that is there now; False if the database is away.

        Records that arrive meanwhile wait for the next time: else a busy process would ship them one by one.
        """
        try:
            async with self._draining:  # the same lines twice would be forgotten twice
                left = self._journal.unsafe_bytes
                while left > 0 and (lines := self._journal.read(_BATCH_BYTES)):
                    await self._ship(self._journal, self._budgets.holder, lines)
                    left -= len(lines)
                if not self._journal.unsafe_bytes:
                    note_all_shipped(self._budgets)
        except _NOT_NOW as error:
            if not self.database_away:
                _log.warning("spend stays in the journal: the database does not take it (%s)", _named(error))
            self.database_away = True
            return False
        if self.database_away:
            _log.info("the database is back; the journal is shipped")
        self.database_away = False
        return True

    async def adopt_orphans(self, parent: Path) -> None:
        """For ever: ship journals below `parent` whose process is gone, then give back its leases."""
        while True:
            try:
                for journal in orphans(parent):
                    await self._adopt(journal)
            except _NOT_NOW:
                pass  # `run` reports it
            await asyncio.sleep(_ADOPT_SECONDS)

    async def _adopt(self, journal: Journal) -> None:
        try:
            holder = UUID(journal.folder.name)
            lines = 0
            while batch := journal.read(_BATCH_BYTES):
                lines += batch.count(b"\n")
                await self._ship(journal, holder, batch)
            async with self._pool.acquire() as connection, connection.transaction():
                await end_leases(connection, holder)
            _log.log(
                logging.INFO if lines else logging.DEBUG,
                "adopted the journal of a process that is gone: %d records",
                lines,
            )
        except ValueError:
            _log.warning("%s is not a journal; it is left alone", journal.folder)
        finally:
            journal.close()

    async def _ship(self, journal: Journal, holder: UUID, lines: bytes) -> None:
        try:
            await self._write(holder, lines)
        except _NOT_A_RECORD as error:
            _log.warning("a batch of records was refused (%s); trying them one by one", type(error).__name__)
            for line in lines.splitlines(keepends=True):
                await self._ship_line(journal, holder, line)
        else:
            self._forget(journal, lines)

    async def _ship_line(self, journal: Journal, holder: UUID, line: bytes) -> None:
        """Put aside what PostgreSQL will never take, so that it does not hold up the rest; its cost is booked."""
        try:
            await self._write(holder, line)
        except _NOT_A_RECORD:
            path = journal.folder.parent / _REJECTED
            _log.exception("a record was refused by the database and is kept in %s", path)
            with path.open("ab") as file:
                file.write(line)
            await self._book_what_is_left(holder, line)
        self._forget(journal, line)

    async def _book_what_is_left(self, holder: UUID, line: bytes) -> None:
        saved = salvage(line)
        try:
            if saved is not None:
                await self._write(holder, saved)
                return
        except _NOT_A_RECORD:
            pass  # as if it could not be read
        self.lost += 1
        _log.error("what the refused record did cost is booked nowhere")

    def _forget(self, journal: Journal, lines: bytes) -> None:
        journal.mark_safe(len(lines))
        self.shipped += len(lines)

    async def _write(self, holder: UUID, lines: bytes) -> None:
        try:
            await self._write_once(holder, lines)
        except asyncpg.CheckViolationError as error:
            if error.constraint_name is not None:
                raise  # the record's own fault
            async with self._pool.acquire() as connection:
                await make_partitions(connection, moments_of(lines))
            try:
                await self._write_once(holder, lines)
            except asyncpg.CheckViolationError as again:
                raise _NoPartitionError(str(again)) from again

    async def _write_once(self, holder: UUID, lines: bytes) -> None:
        budgets = self._budgets
        ours = holder == budgets.holder
        async with budgets.changing, self._pool.acquire() as connection:
            async with connection.transaction():
                charges = _charges(await write_lines(connection, lines))
                shipped = await charge(connection, holder, charges, unshipped(budgets) if ours else None)
            if ours:
                note_shipped(budgets, shipped)


def _named(error: Exception) -> str:
    return str(error) if isinstance(error, _NoPartitionError) else type(error).__name__


def _charges(spend: list[Spend]) -> Iterator[Charge]:
    for one in spend:
        for account in accounts_of(one.key_id, one.user_id, one.team_id, one.model):
            yield Charge(account, one.moment, one.new_cost, one.cost)

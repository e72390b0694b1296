"""Looking after the ledger: what it holds, rollups made anew, months dropped when their time is over."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal

import asyncpg
from msgspec import Struct

from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.spend.entities import SpendFilter
from litemaas.domain.spend.exporting import Format, export_calls
from litemaas.domain.spend.partitions import (
    Partition,
    drop_partition,
    expired_partitions,
    list_partitions,
    make_partitions_ahead,
    rollup_bytes,
)
from litemaas.domain.spend.rebuilding import RebuiltDay, rebuild
from litemaas.storage.postgres import PASSING_ERRORS, Pool

MOST_DAYS = 31
"""Days that one call rebuilds at most."""

_KIND = "ledger"
_RETENTION = Actor("retention")
_EVERY_SECONDS = 3600.0
_ONE_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(hashtext('ledger retention'))"

_log = logging.getLogger(__name__)


class LedgerStatus(Struct, frozen=True, kw_only=True):
    """What the ledger holds.

    Attributes:
        months_kept: Whole months before this one that retention keeps; 0: all.
        calls: As PostgreSQL estimates them.
        bytes: On disk, with indexes; the rollups are counted apart.
    """

    months_kept: int
    calls: int
    bytes: int
    rollup_bytes: int
    partitions: list[Partition]


class LedgerService:
    """The ledger as an administrator sees it.

    Args:
        pool: Where it is.
        months_kept: Whole months before this one that stay; 0: all.
    """

    def __init__(self, pool: Pool, months_kept: int) -> None:
        self._pool = pool
        self._months_kept = months_kept

    async def status(self) -> LedgerStatus:
        """Partitions and sizes."""
        async with self._pool.acquire() as connection:
            partitions = await list_partitions(connection)
            rollups = await rollup_bytes(connection)
        return LedgerStatus(
            months_kept=self._months_kept,
            calls=sum(partition.calls for partition in partitions),
            bytes=sum(partition.bytes for partition in partitions),
            rollup_bytes=rollups,
            partitions=partitions,
        )

    async def rebuild(self, actor: Actor, first: date, last: date) -> list[RebuiltDay]:
        """Make the rollups of at most a month of days anew.

        Raises:
            InvalidInputError: The span ends before it begins or is too long.
            LedgerDroppedError: The calls of a day are not kept any more; the days before it are done.
        """
        if (last - first).days >= MOST_DAYS:
            raise InvalidInputError(f"At most {MOST_DAYS} days at once.", param="last_day")
        days = [day async for day in rebuild(self._pool, first, last)]
        changed = {f"{day.day}": _told(day.requests, day.cost) for day in days if day.changed}
        before = {f"{day.day}": _told(day.requests_before, day.cost_before) for day in days if day.changed}
        async with self._pool.acquire() as connection:
            await record(connection, actor, "rebuild", _KIND, f"{first}..{last}", before=before, after=changed)
        return days

    def export(self, wanted: SpendFilter, kind: Format) -> AsyncIterator[bytes]:
        """The calls that `wanted` chooses, as a file, in pieces."""
        return export_calls(self._pool, wanted, kind)

    async def keep_forever(self) -> None:
        """Each hour: see to it that there is a partition ahead, and drop what retention keeps no more."""
        while True:
            try:
                async with self._pool.acquire() as connection:
                    await make_partitions_ahead(connection, datetime.now(UTC))
                if self._months_kept:
                    await self.drop_expired(datetime.now(UTC))
            except (asyncpg.PostgresError, *PASSING_ERRORS) as error:
                # Tried again; a missing partition is also made when a record needs it.
                _log.info("the ledger's partitions were not looked after: %s", type(error).__name__)
            await asyncio.sleep(_EVERY_SECONDS)

    async def drop_expired(self, now: datetime) -> list[str]:
        """Drop the months that are kept no more; each only if the rollups have all of it.

        Returns:
            The partitions that are gone; none if another replica is at it.
        """
        dropped = []
        async with self._pool.acquire() as connection:
            expired = await expired_partitions(connection, now, self._months_kept)
        for partition in expired:
            async with self._pool.acquire() as connection, connection.transaction():
                if not await connection.fetchval(_ONE_AT_A_TIME):
                    break
                lacking = await drop_partition(connection, partition)
                if lacking:
                    _log.error(
                        "%s is kept: the rollups lack calls of %s; run 'litemaas ledger rebuild'",
                        partition.name,
                        ", ".join(map(str, lacking)),
                    )
                    continue
                kept = {"calls": partition.calls, "bytes": partition.bytes}
                await record(connection, _RETENTION, "drop", _KIND, partition.name, before=kept)
            dropped.append(partition.name)
        return dropped


def _told(requests: int, cost: Decimal) -> dict[str, str]:
    return {"requests": str(requests), "cost": f"{cost:f}"}

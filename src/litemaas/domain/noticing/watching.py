"""Keeps noticing: what the database has, by one replica for all; what is due to be sent; what this process suffers."""

import asyncio
import logging
import time
from datetime import UTC, datetime

import asyncpg
from msgspec.structs import replace

from litemaas.domain.notices.entities import Channel
from litemaas.domain.notices.outbox import announce, unnoticed
from litemaas.domain.notices.store import list_channels
from litemaas.domain.noticing.finding import find_ending_keys, find_spent_budgets, name_accounts
from litemaas.domain.noticing.own_troubles import OwnTroubles
from litemaas.domain.noticing.sending import Sender, deliver_due
from litemaas.domain.replicas.duties import take_turn
from litemaas.domain.snapshot import Snapshot
from litemaas.storage.journal import Journal
from litemaas.storage.postgres import PASSING_ERRORS, Pool

_DUTY = "notices"
_LOOK_SECONDS = 5.0
_FIND_SECONDS = 30.0

_log = logging.getLogger(__name__)


class NoticeWatch:
    """This replica's part in noticing.

    Args:
        host: What the replica is called.
        journal_bound: Bytes at which calls are refused.
    """

    def __init__(
        self, pool: Pool, sender: Sender, snapshot: Snapshot, journal: Journal, *, host: str, journal_bound: int
    ) -> None:
        self._pool = pool
        self._sender = sender
        self._snapshot = snapshot
        self._journal = journal
        self._journal_bound = journal_bound
        self._own = OwnTroubles(pool, sender, host)
        self._channels: list[Channel] = []

    async def run(self) -> None:
        """Notice for ever."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - one notice that cannot be told must not end all others
                _log.exception("notices cannot be told")

    async def look(self) -> None:
        """One round."""
        self._own.see(
            database_silent=time.monotonic() - self._snapshot.confirmed_at,
            journal_bytes=self._journal.unsafe_bytes,
            journal_bound=self._journal_bound,
        )
        try:
            await self._look_into_the_database()
        except PASSING_ERRORS:
            pass  # that it is away is noticed by itself
        except asyncpg.PostgresError:
            _log.exception("notices cannot be looked for")
        await self._own.tell(self._channels)

    async def _look_into_the_database(self) -> None:
        async with self._pool.acquire() as connection:
            self._channels = await list_channels(connection)
            ours = await take_turn(connection, _DUTY, _FIND_SECONDS)
        if ours:
            await notice_all(self._pool, datetime.now(UTC))
        await self._own.write_down()
        while await deliver_due(self._pool, self._sender):
            pass  # there may be more


async def notice_all(pool: Pool, now: datetime) -> int:
    """Notice everything in the database that nobody has noticed yet; returns how much that is."""
    async with pool.acquire() as connection:
        found = [*await find_spent_budgets(connection, now), *await find_ending_keys(connection, now)]
        new = await unnoticed(connection, found) if found else []
        if not new:
            return 0
        names = await name_accounts(connection, {one.subject for one in new})
        told = [replace(one, message=_sentence(one.message, names[one.subject])) for one in new]
        return await announce(connection, *told)


def _sentence(message: str, name: str) -> str:
    sentence = message.replace("{name}", name)
    return sentence[:1].upper() + sentence[1:]

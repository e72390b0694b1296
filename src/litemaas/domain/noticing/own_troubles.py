"""Troubles of this process that the database may not hear of: it is away, or the journal fills because it is.

Nobody can claim such a notice while there is no database, so each replica tells for itself, through the channels that
it remembers. When the database is back, the notice is written down with the channels that it went through; the others
get it then.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from litemaas.domain.notices.entities import Channel, Event, Notice, Occurrence
from litemaas.domain.notices.outbox import LIFE, announce, pause_after
from litemaas.domain.noticing.sending import Sender
from litemaas.storage.postgres import Pool

AWAY_SECONDS = 30.0
"""How long the database does not answer before somebody is told."""

NEAR_BOUND = 0.8
"""Part of the journal's bound at which somebody is told."""


class _Trouble:
    """One that goes on, or that is not written down yet."""

    def __init__(self, occurrence: Occurrence, at: datetime) -> None:
        self.occurrence = occurrence
        self.at = at
        self.told: set[UUID] = set()
        self.attempts = 0
        self.next_at = at


class OwnTroubles:
    """What this process suffers from.

    Args:
        host: What the replica is called.
    """

    def __init__(self, pool: Pool, sender: Sender, host: str) -> None:
        self._pool = pool
        self._sender = sender
        self._host = host
        self._now: dict[Event, _Trouble] = {}
        self._over: list[_Trouble] = []

    def see(self, *, database_silent: float, journal_bytes: int, journal_bound: int) -> None:
        """Look at seconds since the database answered, and at the journal's size and bound in bytes."""
        suffered = {one.event: one for one in self._suffered(database_silent, journal_bytes, journal_bound)}
        for event in set(self._now) - set(suffered):
            self._over.append(self._now.pop(event))
        for event, occurrence in suffered.items():
            if event not in self._now:
                self._now[event] = _Trouble(occurrence, datetime.now(UTC))

    async def tell(self, channels: Sequence[Channel]) -> None:
        """Tell those channels that have not heard of it, each again after a pause if it fails."""
        now = datetime.now(UTC)
        for trouble in self._now.values():
            waiting = [one for one in channels if one.id not in trouble.told and _wants(one, trouble.occurrence)]
            if not waiting or now < trouble.next_at or now - trouble.at > LIFE:
                continue
            notice = _notice(trouble)
            errors = await asyncio.gather(*(self._sender.send(one, notice) for one in waiting))
            trouble.told |= {one.id for one, error in zip(waiting, errors, strict=True) if error is None}
            trouble.attempts += 1
            trouble.next_at = now + pause_after(trouble.attempts)

    async def write_down(self) -> None:
        """Leave the troubles that are over to the database.

        Raises:
            PASSING_ERRORS: It does not answer after all.
        """
        while self._over:
            trouble = self._over[0]
            async with self._pool.acquire() as connection:
                await announce(connection, trouble.occurrence, sent_through=list(trouble.told), at=trouble.at)
            del self._over[0]

    def _suffered(self, database_silent: float, journal_bytes: int, journal_bound: int) -> Iterator[Occurrence]:
        subject, occasion = f"replica:{self._host}", str(uuid4())
        if database_silent > AWAY_SECONDS:
            yield Occurrence(
                event=Event.DATABASE_AWAY,
                subject=subject,
                occasion=occasion,
                message=f"The replica {self._host} has not reached the database for {database_silent:.0f} s",
                details={"replica": self._host, "journal_bytes": journal_bytes},
            )
        if journal_bytes > NEAR_BOUND * journal_bound:
            yield Occurrence(
                event=Event.JOURNAL_NEAR_BOUND,
                subject=subject,
                occasion=occasion,
                message=f"The journal of the replica {self._host} holds {journal_bytes} of {journal_bound} bytes; "
                "when it is full, calls get 503",
                details={"replica": self._host, "journal_bytes": journal_bytes, "journal_bound": journal_bound},
            )


def _wants(channel: Channel, occurrence: Occurrence) -> bool:
    return channel.events is None or occurrence.event in channel.events


def _notice(trouble: _Trouble) -> Notice:
    one = trouble.occurrence
    return Notice(
        id=uuid4(),
        event=one.event,
        subject=one.subject,
        occasion=one.occasion,
        at=trouble.at,
        message=one.message,
        details=one.details,
    )

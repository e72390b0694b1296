"""SQL of notices and their way through the channels.

A notice is a unique row: of all replicas that see the same, the first has noticed it. Its deliveries are written with
it; a replica claims one by moving its next attempt on, so that a crash between sending and noting it repeats a message
at worst, and loses none.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec

from litemaas.domain.notices.entities import Channel, Delivery, Notice, Occurrence
from litemaas.domain.notices.store import channel_of
from litemaas.storage.postgres import Connection

LIFE = timedelta(days=1)
"""How long a notice is tried to be sent."""

_CLAIM_SECONDS = 120
_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(hours=1)
_MOST_DOUBLINGS = 10
_LONGEST_ERROR = 500

_ANNOUNCE = """
WITH noticed AS (
    INSERT INTO notices (id, event, subject, occasion, at, message, details)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::jsonb[])
    ON CONFLICT DO NOTHING
    RETURNING id, event
), sending AS (
    INSERT INTO notice_deliveries (notice_id, channel_id, state, attempts, sent_at)
    SELECT noticed.id, channel.id, CASE WHEN channel.id = ANY($8) THEN 'sent' ELSE 'waiting' END,
           (channel.id = ANY($8))::integer, CASE WHEN channel.id = ANY($8) THEN now() END
    FROM noticed JOIN notice_channels channel ON channel.events IS NULL OR noticed.event = ANY(channel.events)
)
SELECT count(*) FROM noticed
"""

_CLAIM = f"""
WITH claimed AS (
    UPDATE notice_deliveries AS delivery
    SET attempts = attempts + 1, next_attempt_at = now() + interval '{_CLAIM_SECONDS} seconds'
    FROM (
        SELECT notice_id, channel_id FROM notice_deliveries WHERE state = 'waiting' AND next_attempt_at <= now()
        ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE (delivery.notice_id, delivery.channel_id) = (due.notice_id, due.channel_id)
    RETURNING delivery.notice_id, delivery.channel_id, delivery.attempts
)
SELECT channel.*, claimed.attempts, n.id AS notice_id, n.event, n.subject, n.occasion, n.at, n.message, n.details
FROM claimed
JOIN notices n ON n.id = claimed.notice_id JOIN notice_channels channel ON channel.id = claimed.channel_id
ORDER BY n.at
"""  # noqa: S608 - constants

_LIST = """
SELECT n.*,
       COALESCE(jsonb_agg(jsonb_build_object('channel', c.name, 'state', d.state, 'attempts', d.attempts, 'last_error',
           d.last_error, 'sent_at', d.sent_at) ORDER BY c.name) FILTER (WHERE c.id IS NOT NULL), '[]') AS deliveries
FROM (SELECT * FROM notices ORDER BY at DESC, id LIMIT $1) AS n
LEFT JOIN notice_deliveries d ON d.notice_id = n.id LEFT JOIN notice_channels c ON c.id = d.channel_id
GROUP BY n.id, n.event, n.subject, n.occasion, n.at, n.message, n.details
ORDER BY n.at DESC, n.id
"""


class Due(NamedTuple):
    """A notice that is to go through a channel now, for the `attempts`-th time."""

    notice: Notice
    channel: Channel
    attempts: int


class Told(NamedTuple):
    """A notice and how far it has come."""

    notice: Notice
    deliveries: list[Delivery]


async def announce(
    connection: Connection, *occurrences: Occurrence, sent_through: Sequence[UUID] = (), at: datetime | None = None
) -> int:
    """Notice what nobody has noticed before, and have it sent; returns how many that are.

    Args:
        connection: In a transaction or not: it is one statement.
        occurrences: What happened.
        sent_through: Ids of channels that it has already gone through.
        at: When it happened; None: now.
    """
    moment = at or datetime.now(UTC)
    rows = [(uuid4(), one.event, one.subject, one.occasion, moment, one.message, one.details) for one in occurrences]
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(7)]
    return int(await connection.fetchval(_ANNOUNCE, *columns, list(sent_through)))


async def unnoticed(connection: Connection, occurrences: Sequence[Occurrence]) -> list[Occurrence]:
    """Those that nobody has noticed yet."""
    rows = await connection.fetch(
        "SELECT event, subject, occasion FROM notices WHERE subject = ANY($1)", [one.subject for one in occurrences]
    )
    known = {tuple(row) for row in rows}
    return [one for one in occurrences if (one.event, one.subject, one.occasion) not in known]


async def claim_due(connection: Connection, limit: int) -> list[Due]:
    """Up to `limit` deliveries whose time has come; for a while nobody else gets them."""
    rows = await connection.fetch(_CLAIM, limit)
    return [Due(_notice(row, row["notice_id"]), channel_of(row), row["attempts"]) for row in rows]


async def note_sent(connection: Connection, due: Due) -> None:
    """Note that a notice went through a channel."""
    await connection.execute(
        "UPDATE notice_deliveries SET state = 'sent', sent_at = now(), last_error = NULL"
        " WHERE notice_id = $1 AND channel_id = $2",
        due.notice.id,
        due.channel.id,
    )


async def note_failed(connection: Connection, due: Due, error: str, now: datetime) -> bool:
    """Note that it did not; it is tried again later, or never if it is a day old.

    Returns:
        Whether it is given up.
    """
    dead = now - due.notice.at >= LIFE
    await connection.execute(
        "UPDATE notice_deliveries SET state = $3, last_error = $4, next_attempt_at = $5"
        " WHERE notice_id = $1 AND channel_id = $2",
        due.notice.id,
        due.channel.id,
        "dead" if dead else "waiting",
        error[:_LONGEST_ERROR],
        now + pause_after(due.attempts),
    )
    return dead


async def list_notices(connection: Connection, limit: int) -> list[Told]:
    """The latest notices first."""
    return [
        Told(_notice(row, row["id"]), msgspec.convert(row["deliveries"], list[Delivery]))
        for row in await connection.fetch(_LIST, limit)
    ]


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th failure: twice as long each time, at most an hour."""
    doublings = min(attempts - 1, _MOST_DOUBLINGS)
    return min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)


def _notice(row: Any, notice_id: UUID) -> Notice:
    fields: Iterable[str] = ("event", "subject", "occasion", "at", "message", "details")
    return Notice(id=notice_id, **{name: row[name] for name in fields})

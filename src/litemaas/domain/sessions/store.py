"""SQL of sessions, of login states that were used, and of attempts to log in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import astuple

from litemaas.domain.sessions.entities import LoggedIn, Session
from litemaas.domain.users.entities import Role
from litemaas.storage.postgres import Connection

_COLUMNS = ("id_hash", *Session.__struct_fields__)
_SESSION = ", ".join(f"s.{column}" for column in Session.__struct_fields__)

_LIVING = "s.expires_at > $1 AND s.last_seen_at > $2"

_FIND = f"""
SELECT {_SESSION}, COALESCE(u.alias, u.email, u.id) AS name, u.email, u.role
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id_hash = $3 AND {_LIVING} AND u.deleted_at IS NULL AND NOT u.blocked
"""  # noqa: S608 - constants

_COUNT_ATTEMPT = """
INSERT INTO login_attempts AS known (bucket, began_at, attempts) VALUES ($1, $2, 1)
ON CONFLICT (bucket) DO UPDATE SET
    began_at = CASE WHEN known.began_at <= $3 THEN $2 ELSE known.began_at END,
    attempts = CASE WHEN known.began_at <= $3 THEN 1 ELSE known.attempts + 1 END
RETURNING attempts, began_at
"""


async def add_session(connection: Connection, id_hash: bytes, session: Session) -> None:
    """Store a new session, and drop those that are over."""
    await connection.execute("DELETE FROM sessions WHERE expires_at <= $1", session.created_at)
    places = ", ".join(f"${position}" for position in range(1, len(_COLUMNS) + 1))
    statement = f"INSERT INTO sessions ({', '.join(_COLUMNS)}) VALUES ({places})"  # noqa: S608 - constants
    await connection.execute(statement, id_hash, *astuple(session))


async def find_session(connection: Connection, id_hash: bytes, moment: datetime, idle: timedelta) -> LoggedIn | None:
    """The session of this hash, if it goes on at `moment` and its user may be here."""
    row = await connection.fetchrow(_FIND, moment, moment - idle, id_hash)
    if row is None:
        return None
    return LoggedIn(session=_session(row), name=row["name"], email=row["email"], role=Role(row["role"]))


async def touch_session(connection: Connection, id_hash: bytes, moment: datetime) -> None:
    """Note that a session was used."""
    await connection.execute("UPDATE sessions SET last_seen_at = $2 WHERE id_hash = $1", id_hash, moment)


async def sessions_of(connection: Connection, user_id: str, moment: datetime, idle: timedelta) -> list[Session]:
    """The sessions of a user that go on, the latest used first."""
    rows = await connection.fetch(
        f"SELECT {_SESSION} FROM sessions s WHERE {_LIVING} AND s.user_id = $3 ORDER BY s.last_seen_at DESC, s.id",  # noqa: S608 - constants
        moment,
        moment - idle,
        user_id,
    )
    return [_session(row) for row in rows]


async def delete_session(connection: Connection, id_hash: bytes) -> Session | None:
    """End the session of this hash."""
    row = await connection.fetchrow(f"DELETE FROM sessions s WHERE id_hash = $1 RETURNING {_SESSION}", id_hash)  # noqa: S608 - constants
    return _session(row) if row else None


async def delete_sessions_of(connection: Connection, user_id: str, ids: Sequence[UUID] | None = None) -> int:
    """End sessions of a user: those of `ids`, or all. Returns how many there were."""
    rows = await connection.fetch(
        "DELETE FROM sessions WHERE user_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2)) RETURNING id", user_id, ids
    )
    return len(rows)


async def use_state(connection: Connection, state_id: str, moment: datetime, expires_at: datetime) -> bool:
    """Note that a login state came back; False: it did so before."""
    await connection.execute("DELETE FROM used_login_states WHERE expires_at <= $1", moment)
    return bool(
        await connection.fetchval(
            "INSERT INTO used_login_states (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true",
            state_id,
            expires_at,
        )
    )


async def count_attempt(connection: Connection, bucket: str, moment: datetime, window: timedelta) -> tuple[int, float]:
    """Count an attempt to log in.

    Returns:
        How many there were in the window, this one included, and the seconds until the next window begins.
    """
    row = await connection.fetchrow(_COUNT_ATTEMPT, bucket, moment, moment - window)
    return row["attempts"], (row["began_at"] + window - moment).total_seconds()


async def forget_attempts(connection: Connection, bucket: str, before: datetime) -> None:
    """Begin anew for `bucket`, and drop all windows that ended before `before`."""
    await connection.execute("DELETE FROM login_attempts WHERE bucket = $1 OR began_at <= $2", bucket, before)


def _session(row: Any) -> Session:
    return Session(**{name: row[name] for name in Session.__struct_fields__})

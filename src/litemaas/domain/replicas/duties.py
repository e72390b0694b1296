"""Duties that one replica does for all: whoever comes first when one is due has the turn.

A claim, not a lock: it holds no connection, works through a pooler, and a replica that dies in the middle has the duty
done by another one when it is due again.
"""

from litemaas.storage.postgres import Connection

_TAKE_TURN = """
INSERT INTO duties AS duty (name, due_at) VALUES ($1, now() + make_interval(secs => $2))
ON CONFLICT (name) DO UPDATE SET due_at = EXCLUDED.due_at WHERE duty.due_at <= now()
RETURNING true
"""


async def take_turn(connection: Connection, duty: str, seconds: float) -> bool:
    """Tell whether the caller is to do `duty` now; if so it is due again in `seconds`."""
    return bool(await connection.fetchval(_TAKE_TURN, duty, seconds))

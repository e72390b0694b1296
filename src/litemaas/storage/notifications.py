"""LISTEN on a connection of its own, opened again whenever it breaks."""

import asyncio
import logging
from collections.abc import Callable, Mapping

import asyncpg

from litemaas.storage.postgres import PASSING_ERRORS

_HEARTBEAT_SECONDS = 5.0
_MAX_PAUSE_SECONDS = 2.0

_log = logging.getLogger(__name__)


async def listen(url: str, channels: Mapping[str, Callable[[str], None]], on_connect: Callable[[], None]) -> None:
    """Call each channel's function with the payload of each notification, for ever.

    Args:
        url: PostgreSQL without a pooler in between.
        channels: Functions by channel.
        on_connect: Called when listening begins (again): what was notified meanwhile is lost.
    """
    pause = 0.1
    while True:
        try:
            connection = await asyncpg.connect(url, timeout=5, command_timeout=_HEARTBEAT_SECONDS)
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _, lost=lost: lost.set())
            try:
                for channel, function in channels.items():
                    await connection.add_listener(channel, lambda _c, _p, _n, payload, f=function: f(payload))
                on_connect()
                pause = 0.1
                while not await _happens(lost, _HEARTBEAT_SECONDS):
                    await connection.execute("SELECT 1")
            finally:
                connection.terminate()
        except (asyncpg.PostgresError, *PASSING_ERRORS) as error:
            _log.info("not listening to the database: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _MAX_PAUSE_SECONDS)


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True

"""A replica tells that it is there, every few seconds, so that admins see all of them."""

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from msgspec.structs import replace

from litemaas import __version__
from litemaas.domain.replicas import store
from litemaas.domain.replicas.entities import Replica
from litemaas.storage.postgres import PASSING_ERRORS, Pool

_EVERY_SECONDS = 10.0
_SILENCE = timedelta(seconds=35)


async def announce_forever(pool: Pool, snapshot_age: Callable[[], float]) -> None:
    """Say every ten seconds that this process serves, and when it is cancelled that it does no more."""
    moment = datetime.now(UTC)
    replica = Replica(
        id=uuid4(),
        host=socket.gethostname(),
        version=__version__,
        started_at=moment,
        last_seen_at=moment,
        snapshot_age=0.0,
    )
    try:
        while True:
            try:
                async with pool.acquire() as connection, connection.transaction():
                    now = datetime.now(UTC)
                    await store.write_replica(
                        connection, replace(replica, last_seen_at=now, snapshot_age=snapshot_age())
                    )
            except PASSING_ERRORS:
                pass  # next time; until then the others see us as silent, which is so
            await asyncio.sleep(_EVERY_SECONDS)
    finally:
        try:
            async with asyncio.timeout(1), pool.acquire() as connection:
                await store.delete_replica(connection, replica)
        except PASSING_ERRORS:
            pass  # we are forgotten after a while


async def replicas_now(pool: Pool) -> list[Replica]:
    """The replicas that said something of late."""
    async with pool.acquire() as connection:
        return await store.list_replicas(connection, datetime.now(UTC), _SILENCE)

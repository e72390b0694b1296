"""A replica tells that it is there, every few seconds, so that admins and the other replicas see it."""

import asyncio
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from litemaas import __version__
from litemaas.domain.replicas import store
from litemaas.domain.replicas.entities import Replica
from litemaas.storage.postgres import PASSING_ERRORS, Pool

REPLICAS_CHANNEL = "litemaas_replicas"
"""NOTIFY channel on which replicas come, go, and change what they say."""

_EVERY_SECONDS = 10.0
_SILENCE = timedelta(seconds=35)
_DATABASE_SECONDS = 2.0


class Roster:
    """Who serves: this process, as it says itself, and the others.

    Args:
        holder: Id of this process.
        snapshot_age: Seconds since the database last confirmed what this process knows.
    """

    def __init__(self, pool: Pool, holder: UUID, snapshot_age: Callable[[], float]) -> None:
        moment = datetime.now(UTC)
        self.me = Replica(
            id=holder,
            host=socket.gethostname(),
            version=__version__,
            started_at=moment,
            last_seen_at=moment,
            snapshot_age=0.0,
        )
        self._pool = pool
        self._snapshot_age = snapshot_age
        self._next_at = 0.0

    async def say(self, *, sees_redis: bool, shares_in: str) -> None:
        """Tell the others, if something is new; else now and then.

        Raises:
            PASSING_ERRORS: The database does not answer.
        """
        new = (sees_redis, shares_in) != (self.me.sees_redis, self.me.shares_in)
        if not new and time.monotonic() < self._next_at:
            return
        told = replace(
            self.me,
            last_seen_at=datetime.now(UTC),
            snapshot_age=self._snapshot_age(),
            sees_redis=sees_redis,
            shares_in=shares_in,
        )
        async with asyncio.timeout(_DATABASE_SECONDS), self._pool.acquire() as connection, connection.transaction():
            await store.write_replica(connection, told)
            if new or not self._next_at:
                await connection.execute("SELECT pg_notify($1, '')", REPLICAS_CHANNEL)
        self.me, self._next_at = told, time.monotonic() + _EVERY_SECONDS

    async def others(self) -> list[Replica]:
        """The other replicas that said something of late.

        Raises:
            PASSING_ERRORS: The database does not answer.
        """
        async with asyncio.timeout(_DATABASE_SECONDS):
            return [one for one in await replicas_now(self._pool) if one.id != self.me.id]

    async def leave(self) -> None:
        """Say that this process serves no more."""
        try:
            async with asyncio.timeout(1), self._pool.acquire() as connection, connection.transaction():
                await store.delete_replica(connection, self.me)
                await connection.execute("SELECT pg_notify($1, '')", REPLICAS_CHANNEL)
        except PASSING_ERRORS:
            pass  # we are forgotten after a while


async def replicas_now(pool: Pool) -> list[Replica]:
    """The replicas that said something of late."""
    async with pool.acquire() as connection:
        return await store.list_replicas(connection, datetime.now(UTC), _SILENCE)

"""Remembers what upstreams keep for whom, so that nobody can name what is another's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from litemaas.domain.upstream_objects.entities import Kind, UpstreamObject
from litemaas.domain.upstream_objects.errors import ObjectNotFoundError
from litemaas.domain.upstream_objects.store import (
    delete_expired,
    delete_object,
    find_object,
    list_objects,
    list_unsettled,
    mark_settled,
    put_object,
    running_batches,
)
from litemaas.storage.postgres import Pool

_TIDY_INTERVAL = timedelta(minutes=5)


class UpstreamObjects:
    """The things that upstreams keep."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._tidied_at: datetime | None = None

    async def remember(
        self,
        kind: Kind,
        object_id: str,
        *,
        owner: str,
        deployment_id: str,
        model: str,
        tokens: int = 0,
        lifetime: timedelta | None = None,
        circumstances: dict[str, Any] | None = None,
    ) -> None:
        """Write down that `deployment_id` keeps a thing for `owner`.

        A deployment that was removed meanwhile keeps nothing that anybody could reach.
        """
        now = datetime.now(UTC)
        thing = UpstreamObject(
            kind=kind,
            id=object_id,
            owner=owner,
            deployment_id=deployment_id,
            model=model,
            tokens=tokens,
            created_at=now,
            expires_at=None if lifetime is None else now + lifetime,
            circumstances=circumstances,
        )
        async with self._pool.acquire() as connection:
            if self._tidied_at is None or now - self._tidied_at > _TIDY_INTERVAL:
                self._tidied_at = now
                await delete_expired(connection, now)
            try:
                await put_object(connection, thing)
            except asyncpg.ForeignKeyViolationError:
                return

    async def find(self, kind: Kind, object_id: str, owner: str) -> UpstreamObject:
        """The thing of this id, if it is the owner's.

        Raises:
            ObjectNotFoundError: It is not.
        """
        thing = None
        if "\0" not in object_id:  # PostgreSQL's text has none: it would not be "no such id" but an error
            async with self._pool.acquire() as connection:
                thing = await find_object(connection, kind, object_id, owner, datetime.now(UTC))
        if thing is None:
            raise ObjectNotFoundError(f"There is no {kind} {object_id!r} for this key.", param="id")
        return thing

    async def unsettled(self, most: int) -> list[UpstreamObject]:
        """Up to `most` batches of anybody's that are not settled."""
        async with self._pool.acquire() as connection:
            return await list_unsettled(connection, most)

    async def running(self) -> "list[dict[str, Any]]":
        """The circumstances of all batches that are not settled."""
        async with self._pool.acquire() as connection:
            return await running_batches(connection)

    async def settle(self, batch: UpstreamObject) -> None:
        """Write down that a batch is booked, or given up."""
        async with self._pool.acquire() as connection:
            await mark_settled(connection, batch, datetime.now(UTC))

    async def list(self, kind: Kind, owner: str) -> list[UpstreamObject]:
        """All things of a kind that an owner has, the newest first."""
        async with self._pool.acquire() as connection:
            return await list_objects(connection, kind, owner, datetime.now(UTC))

    async def forget(self, thing: UpstreamObject) -> None:
        """Forget a thing that its upstream keeps no longer."""
        async with self._pool.acquire() as connection:
            await delete_object(connection, thing.kind, thing.id, thing.owner)

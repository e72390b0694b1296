"""Issuing, recognising and revoking management keys."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from msgspec.structs import asdict

from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.budgets.periods import after
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.management_keys import store
from litemaas.domain.management_keys.entities import ManagementKey, Scope
from litemaas.domain.management_keys.errors import ExpiredManagementKeyError, UnknownManagementKeyError
from litemaas.domain.management_keys.texts import make_text
from litemaas.settings import Secret
from litemaas.storage.postgres import Pool

_KIND = "management_key"
_USE_PRECISION = timedelta(minutes=1)


class ManagementKeyService:
    """Management keys. They are read from the database at each call: what is revoked is refused by the next one."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def issue(
        self, actor: Actor, *, name: str, scopes: Sequence[Scope], duration: str | None
    ) -> tuple[ManagementKey, Secret]:
        """Issue a key. Returns it with its text, which is not kept.

        Args:
            actor: Who asks.
            name: How it is to be called.
            scopes: What it may do; at least one.
            duration: How long it lives, e.g. `90d`; None: until it is revoked.

        Raises:
            InvalidInputError: There is no scope, or the duration is malformed.
            ManagementKeyExistsError: The name is in use.
        """
        if not scopes:
            raise InvalidInputError("Name at least one scope; without any the key could do nothing.", param="scopes")
        moment, text = datetime.now(UTC), make_text()
        key = ManagementKey(
            id=uuid4(),
            name=name,
            key_hash=_hash(text),
            key_hint=text[-4:],
            scopes=sorted(set(scopes)),
            expires_at=None if duration is None else _end(moment, duration),
            created_at=moment,
            created_by=actor.name,
        )
        async with self._pool.acquire() as connection, connection.transaction():
            await store.add_key(connection, key)
            await record(connection, actor, "issue", _KIND, key.id, after=asdict(key))
        return key, text

    async def recognise(self, text: str) -> ManagementKey:
        """The key of this text.

        Raises:
            UnknownManagementKeyError, ExpiredManagementKeyError: It is not accepted.
        """
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection:
            key = await store.find_by_hash(connection, _hash(text))
            if key is None:
                raise UnknownManagementKeyError("There is no such management key, or it was revoked.")
            if key.expires_at is not None and key.expires_at <= moment:
                raise ExpiredManagementKeyError(f"The management key {key.name!r} has expired. Issue a new one.")
            if key.last_used_at is None or moment - key.last_used_at >= _USE_PRECISION:
                await store.note_use(connection, key.id, moment)
        return key

    async def revoke(self, actor: Actor, name: str) -> ManagementKey:
        """Revoke the key of this name or id for good.

        Raises:
            ManagementKeyNotFoundError: There is none.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            key = await store.revoke(connection, name, datetime.now(UTC), actor.name)
            await record(connection, actor, "revoke", _KIND, key.id, before={"name": key.name, "scopes": key.scopes})
        return key

    async def all(self) -> list[ManagementKey]:
        """All keys that are not revoked, by name."""
        async with self._pool.acquire() as connection:
            return await store.list_keys(connection)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _end(moment: datetime, duration: str) -> datetime:
    try:
        return after(moment, duration)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, param="duration") from error

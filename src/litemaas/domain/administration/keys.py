"""Issuing, changing, rotating, blocking and deleting virtual keys."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from msgspec import UNSET
from msgspec.structs import asdict, replace

from litemaas.domain.administration.key_changes import (
    KIND,
    Change,
    change_key,
    check_owners,
    default_grant,
    delete_keys,
    detail_of,
    details_of,
    lock_key,
    ordered,
    set_model_budgets,
)
from litemaas.domain.administration.key_orders import KeyDetail, KeyOrder
from litemaas.domain.administration.sorting import check_sortable
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.budgets import accounts
from litemaas.domain.budgets.entities import Limits, key_account
from litemaas.domain.budgets.periods import after
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.keys import rows
from litemaas.domain.keys.entities import Key, KeyFilter
from litemaas.domain.keys.texts import check_text, hash_of, hint_of, make_text
from litemaas.settings import Secret
from litemaas.storage.postgres import Pool


class KeyService:
    """Virtual keys. A key is named by its text, by its hash, or where the methods say so by its alias."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def issue(self, actor: Actor, order: KeyOrder) -> tuple[KeyDetail, Secret]:
        """Issue a key; the user it is for is created if there is none of this id.

        Returns:
            The key, and its text, which is not kept.

        Raises:
            InvalidInputError: A limit could not be enforced, or the text cannot be a key.
            AlreadyExistsError: The alias or the text is in use.
            NotFoundError: The team or the budget does not exist.
        """
        order.check()
        moment = datetime.now(UTC)
        text = make_text() if order.text is None else check_text(order.text)
        key = Key(
            id=uuid4(),
            key_hash=hash_of(text),
            key_hint=hint_of(text),
            models=[],
            created_at=moment,
            created_by=actor.name,
            updated_at=moment,
            updated_by=actor.name,
        )
        key = ordered(key, order, moment)
        if order.models is UNSET or order.models is None:
            key = replace(key, models=[default_grant(key)])
        async with self._pool.acquire() as connection, connection.transaction():
            await check_owners(connection, actor, key, moment)
            await rows.add_key(connection, key)
            await accounts.open_account(
                connection, key_account(key.id), Limits(**order.limits), moment, order.spent or Decimal(0)
            )
            await set_model_budgets(connection, key, order, moment)
            await record(connection, actor, "issue", KIND, key.id, after={**asdict(key), **order.limits})
            return await detail_of(connection, key, moment), text

    async def update(self, actor: Actor, order: KeyOrder, *, name: str | None, alias: str | None = None) -> KeyDetail:
        """Change what `order` says about the key named by text or hash, or by its present `alias`.

        Raises:
            InvalidInputError, AlreadyExistsError, NotFoundError: As for `issue`; or there is no such key.
        """
        order.check()
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection, connection.transaction():
            before = await lock_key(connection, name, alias)
            return await change_key(connection, Change(actor, "update", moment), before, order)

    async def rotate(
        self, actor: Actor, name: str, order: KeyOrder, *, grace_period: str | None = None
    ) -> tuple[KeyDetail, Secret]:
        """Give a key another text; everything else stays, but for what `order` says.

        Args:
            actor: Who asks.
            name: The key's text or hash.
            order: Other changes; its `text` is the new one, None: made here.
            grace_period: How long the old text is accepted beside the new one, e.g. `24h`; None: no longer.

        Raises:
            InvalidInputError, AlreadyExistsError, NotFoundError: As for `update`.
        """
        order.check()
        moment = datetime.now(UTC)
        text = make_text() if order.text is None else check_text(order.text)
        async with self._pool.acquire() as connection, connection.transaction():
            key = await lock_key(connection, name)
            rotated = replace(
                key,
                key_hash=hash_of(text),
                key_hint=hint_of(text),
                previous_hash=key.key_hash if grace_period else None,
                previous_expires_at=after(moment, grace_period) if grace_period else None,
                rotation_count=key.rotation_count + 1,
            )
            return await change_key(connection, Change(actor, "rotate", moment), key, order, rotated), text

    async def set_blocked(self, actor: Actor, name: str, *, blocked: bool) -> KeyDetail:
        """Block a key, or unblock it.

        Raises:
            KeyNotFoundError: There is no such key.
        """
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection, connection.transaction():
            key = await lock_key(connection, name)
            action = "block" if blocked else "unblock"
            return await change_key(
                connection, Change(actor, action, moment), key, KeyOrder(fields={"blocked": blocked})
            )

    async def reset_spend(self, actor: Actor, name: str, spent: Decimal) -> KeyDetail:
        """Set what counts as spent in the current window, in dollars; the ledger stays as it is.

        Raises:
            InvalidInputError: More than was spent, or less than nothing.
            KeyNotFoundError: There is no such key.
        """
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection, connection.transaction():
            key = await lock_key(connection, name)
            account = key_account(key.id)
            await accounts.lock_balance(connection, account)
            before = (await detail_of(connection, key, moment)).standing.spent
            if not 0 <= spent <= before:
                raise InvalidInputError(f"reset_to must lie between 0 and the present {before:f}.", param="reset_to")
            await accounts.set_spent(connection, account, spent)
            changes = {"before": {"spent": before}, "after": {"spent": spent}}
            await record(connection, actor, "reset_spend", KIND, key.id, **changes)
            return await detail_of(connection, key, moment)

    async def delete(self, actor: Actor, *, names: Sequence[str] = (), aliases: Sequence[str] = ()) -> list[Key]:
        """Delete keys, named by text or hash, or by alias: all of them or, if one is not there, none.

        Raises:
            KeyNotFoundError: One of them is not there.
        """
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection, connection.transaction():
            keys = [await lock_key(connection, name) for name in dict.fromkeys(names)]
            keys += [await lock_key(connection, None, alias) for alias in dict.fromkeys(aliases)]
            await delete_keys(connection, actor, keys, moment)
        return keys

    async def get(self, name: str) -> KeyDetail:
        """Read the key of this text or hash.

        Raises:
            KeyNotFoundError: There is no such key.
        """
        async with self._pool.acquire() as connection:
            key = await rows.find_key(connection, key_hash=hash_of(name), alias=None)
            return await detail_of(connection, key, datetime.now(UTC))

    async def page(
        self, wanted: KeyFilter, *, sort_by: str = "created_at", descending: bool = True, limit: int, offset: int
    ) -> tuple[list[KeyDetail], int]:
        """One page of keys, and how many there are on all pages.

        Raises:
            InvalidInputError: Keys cannot be sorted by `sort_by`.
        """
        check_sortable(sort_by, rows.SORTABLE)
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection:
            keys, total = await rows.list_keys(
                connection, wanted, moment, sort_by=sort_by, descending=descending, limit=limit, offset=offset
            )
            return await details_of(connection, keys, moment), total

    async def aliases(self) -> list[str]:
        """The aliases of all keys."""
        async with self._pool.acquire() as connection:
            return await rows.list_aliases(connection)

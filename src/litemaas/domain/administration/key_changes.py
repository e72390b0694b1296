"""Steps that the use cases of virtual keys share; each runs in its caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import UNSET
from msgspec.structs import asdict, replace

from litemaas.domain.access.grants import ALL_PROXY_MODELS, ALL_TEAM_MODELS
from litemaas.domain.administration.key_orders import NEVER, KeyDetail, KeyOrder
from litemaas.domain.administration.limits import change_limits, count_window_anew, patch_limits
from litemaas.domain.administration.patches import apply_patch
from litemaas.domain.administration.people import ensure_user
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.budgets import accounts
from litemaas.domain.budgets.entities import key_account, key_model_account
from litemaas.domain.budgets.periods import after
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.keys import rows
from litemaas.domain.keys.entities import Key
from litemaas.domain.keys.texts import hash_of
from litemaas.domain.teams.rows import find_team
from litemaas.storage.postgres import Connection

KIND = "key"
"""What the audit log calls a key."""

_TAGS = "tags"


class Change(NamedTuple):
    """Who does what, when."""

    actor: Actor
    action: str
    moment: datetime


async def details_of(connection: Connection, keys: Sequence[Key], moment: datetime) -> list[KeyDetail]:
    """How the money of keys stands, without their budgets for single models; deleted keys have no account any more."""
    standings = await accounts.read_standings(connection, [key_account(key.id) for key in keys], moment)
    return [KeyDetail(key, standings.get(key_account(key.id), accounts.closed(key_account(key.id)))) for key in keys]


async def delete_keys(connection: Connection, actor: Actor, keys: Sequence[Key], moment: datetime) -> None:
    """Delete locked keys with their accounts."""
    await rows.mark_deleted(connection, keys, moment, actor.name)
    for key in keys:
        models = await accounts.read_model_standings(connection, key.id, moment)
        closing = [key_account(key.id), *(key_model_account(key.id, model) for model in models)]
        await accounts.close_accounts(connection, closing)
        await record(connection, actor, "delete", KIND, key.id, before=asdict(key))


async def lock_key(connection: Connection, name: str | None, alias: str | None = None) -> Key:
    """Read the key named by text or hash, or by alias, and keep others from changing it until the transaction ends.

    Raises:
        KeyNotFoundError: There is no such key.
    """
    key_hash = None if name is None else hash_of(name)
    return await rows.find_key(connection, key_hash=key_hash, alias=alias, lock=True)


async def detail_of(connection: Connection, key: Key, moment: datetime) -> KeyDetail:
    """How the money of a key that is not deleted stands, by model too."""
    account = key_account(key.id)
    standings = await accounts.read_standings(connection, [account], moment)
    by_model = await accounts.read_model_standings(connection, key.id, moment)
    return KeyDetail(key, standings[account], by_model)


def default_grant(key: Key) -> str:
    """What a key is granted when nothing was said: written down, so that everybody sees it."""
    return ALL_TEAM_MODELS if key.team_id else ALL_PROXY_MODELS


def ordered(key: Key, order: KeyOrder, moment: datetime) -> Key:
    """The key as `order` has it at `moment`.

    Raises:
        InvalidInputError: The duration is malformed.
    """
    tags = key.metadata.get(_TAGS) if order.tags is UNSET else order.tags
    key = apply_patch(key, order.fields)
    if tags or _TAGS in key.metadata:
        key = replace(key, metadata={**key.metadata, _TAGS: tags or []})
    if order.models is not UNSET:
        key = replace(key, models=[default_grant(key)] if order.models is None else order.models)
    if order.duration is not UNSET:
        lives_on = order.duration is None or order.duration == NEVER
        key = replace(key, expires_at=None if lives_on else _expiry(moment, str(order.duration)))
    return key


def _expiry(moment: datetime, duration: str) -> datetime:
    try:
        return after(moment, duration)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, param="duration") from error


async def check_owners(connection: Connection, actor: Actor, key: Key, moment: datetime) -> None:
    """See to it that the key's user exists, and its team.

    Raises:
        TeamNotFoundError: There is no such team.
    """
    if key.user_id is not None:
        await ensure_user(connection, actor, key.user_id, moment)
    if key.team_id is not None:
        await find_team(connection, key.team_id)


async def change_key(
    connection: Connection, change: Change, before: Key, order: KeyOrder, changing: Key | None = None
) -> KeyDetail:
    """Change a locked key as ordered; `changing` is the key with what was changed about it already.

    Raises:
        AlreadyExistsError: The alias or the text is in use.
        NotFoundError: The team or the budget does not exist.
    """
    actor, action, moment = change
    key = ordered(before if changing is None else changing, order, moment)
    key = replace(key, updated_at=moment, updated_by=actor.name)
    if (key.user_id, key.team_id) != (before.user_id, before.team_id):
        await check_owners(connection, actor, key, moment)
    await rows.save_key(connection, key)
    account = key_account(key.id)
    own, limits = await patch_limits(connection, account, order.limits, moment)
    if order.spent is not None:
        await accounts.lock_balance(connection, account)
        await accounts.set_spent(connection, account, order.spent)
    await set_model_budgets(connection, key, order, moment)
    old, new = {**asdict(before), **asdict(own)}, {**asdict(key), **asdict(limits)}
    await record(connection, actor, action, KIND, key.id, before=old, after=new)
    return await detail_of(connection, key, moment)


async def set_model_budgets(connection: Connection, key: Key, order: KeyOrder, moment: datetime) -> None:
    """Open, change and close the accounts of the key's use of single models, as ordered.

    Raises:
        UnknownBudgetError: A shared budget does not exist.
    """
    if order.model_budgets is UNSET:
        return
    wanted = order.model_budgets or {}
    present = await accounts.read_model_standings(connection, key.id, moment)
    gone = [key_model_account(key.id, model) for model in present if model not in wanted]
    await accounts.close_accounts(connection, gone)
    for model, limits in wanted.items():
        account = key_model_account(key.id, model)
        if model in present:
            await change_limits(connection, account, limits, moment)
        else:
            await accounts.open_account(connection, account, limits, moment)
            await count_window_anew(connection, account, moment)

"""What users and teams have in common: both hold grants, keys and an account. The one way to change and delete them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from msgspec.structs import asdict, replace

from litemaas.domain.access.grants import ALL_PROXY_MODELS
from litemaas.domain.administration.key_changes import Change, delete_keys
from litemaas.domain.administration.limits import patch_limits
from litemaas.domain.administration.patches import Patch, apply_patch
from litemaas.domain.audit.store import record
from litemaas.domain.budgets.accounts import close_accounts
from litemaas.domain.keys.entities import Key
from litemaas.domain.teams.entities import Team
from litemaas.domain.users.entities import User
from litemaas.storage.postgres import Connection

Holder = TypeVar("Holder", User, Team)


class HolderKind(NamedTuple):
    """What the audit log calls such a holder, and what the account of one is called, by its id."""

    name: str
    account: Callable[[str], str]


def patched_holder(holder: Holder, fields: Patch, change: Change) -> Holder:
    """The holder with the values of `fields`; None for the list of models means all models."""
    if fields.get("models", ()) is None:
        fields = {**fields, "models": [ALL_PROXY_MODELS]}
    return replace(apply_patch(holder, fields), updated_at=change.moment, updated_by=change.actor.name)


async def record_change(
    connection: Connection, kind: HolderKind, change: Change, before: Holder, after: Holder, limits: Patch
) -> None:
    """Change the limits of a holder that was changed in this transaction, and write both down.

    Raises:
        InvalidInputError: A limit could not be enforced.
        UnknownBudgetError: The shared budget does not exist.
    """
    own, new = await patch_limits(connection, kind.account(after.id), limits, change.moment)
    told = {"before": {**asdict(before), **asdict(own)}, "after": {**asdict(after), **asdict(new)}}
    await record(connection, change.actor, change.action, kind.name, after.id, **told)


async def record_deletion(
    connection: Connection, kind: HolderKind, change: Change, holder: User | Team, keys: Sequence[Key]
) -> None:
    """Delete the keys and the account of a holder that is deleted in this transaction, and write it down."""
    await delete_keys(connection, change.actor, keys, change.moment)
    await close_accounts(connection, [kind.account(holder.id)])
    await record(connection, change.actor, change.action, kind.name, holder.id, before=asdict(holder))

"""Users that come into being because somebody names them."""

from datetime import datetime

from msgspec.structs import asdict

from litemaas.domain.access.grants import ALL_PROXY_MODELS
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.budgets.accounts import open_account
from litemaas.domain.budgets.entities import Limits, user_account
from litemaas.domain.users.entities import User
from litemaas.domain.users.rows import add_user
from litemaas.storage.postgres import Connection


async def ensure_user(connection: Connection, actor: Actor, user_id: str, moment: datetime) -> None:
    """Create the user of this id, with all models and no limit, if there is none."""
    user = User(
        id=user_id,
        models=[ALL_PROXY_MODELS],
        created_at=moment,
        created_by=actor.name,
        updated_at=moment,
        updated_by=actor.name,
    )
    if await add_user(connection, user):
        await open_account(connection, user_account(user_id), Limits(), moment)
        await record(connection, actor, "create", "user", user_id, after=asdict(user))

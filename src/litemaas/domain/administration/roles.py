"""Granting roles to people, besides those that their groups give."""

from msgspec.structs import replace

from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.sessions.roles import strongest
from litemaas.domain.users import people, rows
from litemaas.domain.users.entities import Role, User
from litemaas.storage.postgres import Connection


async def grant_role(connection: Connection, actor: Actor, before: User, role: Role) -> User:
    """Grant a locked user a role, within the caller's transaction: at once, or a stronger one that their groups give.

    Raises:
        InvalidInputError: Admins cannot change their own role, so that one of them always stays.
    """
    if actor.name == before.id:
        raise InvalidInputError("Ask another administrator to change your own role.", param="role")
    from_groups = await people.set_granted_role(connection, before.id, role)
    user = replace(before, role=strongest((role, from_groups)))
    await rows.save_user(connection, user)
    told = {"before": {"role": before.role}, "after": {"role": user.role, "granted": role}}
    await record(connection, actor, "grant_role", "user", before.id, **told)
    return user

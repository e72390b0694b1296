"""Granting roles to people, besides those that their groups give."""

from msgspec.structs import replace

from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.sessions.roles import strongest
from litemaas.domain.users import people, rows
from litemaas.domain.users.entities import Role, User
from litemaas.storage.postgres import Connection, Pool


class RoleService:
    """Explicit grants of roles."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def grant(self, actor: Actor, user_id: str, role: Role) -> User:
        """Grant a role; the person has it at once, or a stronger one that their groups give.

        Raises:
            UserNotFoundError: There is no such user.
            InvalidInputError: Admins cannot change their own role, so that one of them always stays.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            before = await rows.find_user(connection, user_id, lock=True)
            return await grant_role(connection, actor, before, role)


async def grant_role(connection: Connection, actor: Actor, before: User, role: Role) -> User:
    """Grant a locked user a role, within the caller's transaction; raises as `RoleService.grant`."""
    if actor.name == before.id:
        raise InvalidInputError("Ask another administrator to change your own role.", param="role")
    from_groups = await people.set_granted_role(connection, before.id, role)
    user = replace(before, role=strongest((role, from_groups)))
    await rows.save_user(connection, user)
    told = {"before": {"role": before.role}, "after": {"role": user.role, "granted": role}}
    await record(connection, actor, "grant_role", "user", before.id, **told)
    return user

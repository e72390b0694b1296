"""SQL of users as persons: who they are at an identity provider, and where their roles come from."""

from litemaas.domain.users.entities import Role, User
from litemaas.domain.users.rows import user_of
from litemaas.storage.postgres import Connection


async def lock_person(connection: Connection, issuer: str, subject: str) -> User | None:
    """The user whom the identity provider knows by this subject, deleted or not, locked until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext($1))", f"{issuer}\n{subject}")
    row = await connection.fetchrow(
        "SELECT * FROM users WHERE issuer = $1 AND subject = $2 FOR UPDATE", issuer, subject
    )
    return user_of(row) if row else None


async def id_was_used(connection: Connection, user_id: str) -> bool:
    """Tell whether there is, or was, a user of this id."""
    return bool(await connection.fetchval("SELECT true FROM users WHERE id = $1", user_id))


async def set_role_from_groups(connection: Connection, user_id: str, role: Role) -> Role | None:
    """Note the role that a person's groups give. Returns the one that an admin granted besides."""
    granted = await connection.fetchval(
        "INSERT INTO role_sources (user_id, from_groups) VALUES ($1, $2)"
        " ON CONFLICT (user_id) DO UPDATE SET from_groups = $2 RETURNING granted",
        user_id,
        role,
    )
    return Role(granted) if granted else None


async def set_granted_role(connection: Connection, user_id: str, role: Role) -> Role | None:
    """Note the role that an admin grants. Returns the one that the person's groups gave at the last login."""
    from_groups = await connection.fetchval(
        "INSERT INTO role_sources (user_id, granted) VALUES ($1, $2)"
        " ON CONFLICT (user_id) DO UPDATE SET granted = $2 RETURNING from_groups",
        user_id,
        role,
    )
    return Role(from_groups) if from_groups else None


async def forget_granted_role(connection: Connection, user_id: str) -> None:
    """Take back what admins granted."""
    await connection.execute("UPDATE role_sources SET granted = NULL WHERE user_id = $1", user_id)

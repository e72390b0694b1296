"""People come in: a login finds or creates the user, works out the role, and opens a session."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from msgspec.structs import asdict, replace

from litemaas.domain.access.grants import ALL_PROXY_MODELS
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.budgets.accounts import open_account
from litemaas.domain.budgets.entities import Limits, user_account
from litemaas.domain.sessions.entities import Identity, LoggedIn, Visitor
from litemaas.domain.sessions.errors import EntryRefusedError
from litemaas.domain.sessions.roles import EntryRules, strongest
from litemaas.domain.sessions.service import SessionService
from litemaas.domain.site.entities import Defaults, EntryGroups, UserDefaults
from litemaas.domain.site.store import read_setting
from litemaas.domain.users import people, rows
from litemaas.domain.users.entities import Role, User
from litemaas.settings import Secret
from litemaas.storage.postgres import Connection, Pool

_KIND = "user"
_MONEY = ("max_budget", "soft_budget", "budget_duration")
_BUILT_IN = "litemaas"
PASSWORD = "password"  # noqa: S105 - what the way to log in is called
"""Provider of the built-in admin's sessions."""


class LoginService:
    """Logging in and out.

    Args:
        pool: Where users and sessions are.
        sessions: Opens and closes them.
        rules: Who may enter by the environment; groups that admins name in the UI are added.
    """

    def __init__(self, pool: Pool, sessions: SessionService, rules: EntryRules) -> None:
        self._pool = pool
        self._sessions = sessions
        self._rules = rules

    async def enter(self, identity: Identity, visitor: Visitor) -> Secret:
        """Let somebody in whom an identity provider knows. Returns the secret of their new session.

        Roles are worked out anew each time: who left a group has lost what it gave.

        Raises:
            EntryRefusedError: They may not enter, or are blocked.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            rules = await self._rules_now(connection)
            role = rules.role_of(identity)
            if role is None:
                raise EntryRefusedError("You are not among those who may log in here. Ask an administrator.")
            is_lab_admin = rules.is_lab_user(identity)
            return await self._enter(connection, identity, role, visitor, is_lab_admin=is_lab_admin)

    async def enter_as_admin(self, username: str, visitor: Visitor) -> Secret:
        """Let the built-in admin in, whose password was right. Returns the secret of their new session.

        Raises:
            EntryRefusedError: Another admin has blocked the user.
        """
        identity = Identity(
            provider=PASSWORD, issuer=_BUILT_IN, subject=username, username=username, proposed_id=username
        )
        async with self._pool.acquire() as connection, connection.transaction():
            return await self._enter(connection, identity, Role.ADMIN, visitor)

    async def leave(self, person: LoggedIn, secret: str, visitor: Visitor) -> None:
        """End the session of this secret."""
        await self._sessions.close(secret)
        async with self._pool.acquire() as connection:
            await record(connection, Actor(person.user_id, visitor.address), "log_out", _KIND, person.user_id)

    async def leave_everywhere(self, person: LoggedIn, actor: Actor) -> None:
        """End all sessions of this person."""
        await self._sessions.close_all(person.user_id)
        async with self._pool.acquire() as connection:
            await record(connection, actor, "log_out_everywhere", _KIND, person.user_id)

    async def _rules_now(self, connection: Connection) -> EntryRules:
        groups = await read_setting(connection, EntryGroups)
        return replace(
            self._rules,
            admin_groups=self._rules.admin_groups.union(groups.admin_groups),
            admin_readonly_groups=self._rules.admin_readonly_groups.union(groups.admin_readonly_groups),
            user_groups=self._rules.user_groups.union(groups.user_groups),
        )

    async def _enter(
        self, connection: Connection, identity: Identity, role: Role, visitor: Visitor, *, is_lab_admin: bool = False
    ) -> Secret:
        moment = datetime.now(UTC)
        user = await people.lock_person(connection, identity.issuer, identity.subject)
        if user is None or user.deleted_at is not None:
            user = await _create(connection, identity, user, moment)
        if user.blocked:
            raise EntryRefusedError("This user is blocked. Ask an administrator.")
        granted = await people.set_role_from_groups(connection, user.id, role)
        user = replace(
            user,
            role=strongest((role, granted)),
            alias=identity.name or user.alias or identity.username,
            email=identity.email or user.email,
            last_login_at=moment,
        )
        await rows.save_user(connection, user)
        actor = Actor(user.id, visitor.address)
        told = {"provider": identity.provider, "role": user.role}
        await record(connection, actor, "log_in", _KIND, user.id, after=told)
        return await self._sessions.open(connection, user.id, identity.provider, visitor, is_lab_admin=is_lab_admin)


async def _create(connection: Connection, identity: Identity, deleted: User | None, moment: datetime) -> User:
    """A new user with what admins have set for new people; one who was deleted keeps the id, and nothing else.

    The built-in admin, who could change all that, has all models and no limits.
    """
    defaults = (await read_setting(connection, Defaults)).user
    if identity.provider == PASSWORD:
        defaults = UserDefaults(models=[ALL_PROXY_MODELS])
    values = asdict(defaults)
    limits = Limits(**{name: values.pop(name) for name in _MONEY})
    blank = User(
        id=deleted.id if deleted else await _free_id(connection, identity.proposed_id),
        issuer=identity.issuer,
        subject=identity.subject,
        created_at=moment,
        created_by=identity.provider,
        updated_at=moment,
        updated_by=identity.provider,
        **values,
    )
    await rows.add_new_user(connection, blank)
    await people.forget_granted_role(connection, blank.id)
    await open_account(connection, user_account(blank.id), limits, moment)
    await record(connection, Actor(blank.id), "create", _KIND, blank.id, after={**asdict(blank), **asdict(limits)})
    return blank


async def _free_id(connection: Connection, proposed: str | None) -> str:
    """The proposed id if nobody ever had it: what a name was granted before is not given to whoever comes by it."""
    random: UUID = uuid4()
    if proposed is None or await people.id_was_used(connection, proposed):
        return str(random)
    return proposed

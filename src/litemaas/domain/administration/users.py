"""Creating, changing and deleting users."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import asdict, replace

from litemaas.domain.administration.holders import HolderKind, patched_holder, record_change, record_deletion
from litemaas.domain.administration.key_changes import Change, details_of
from litemaas.domain.administration.key_orders import KeyDetail
from litemaas.domain.administration.linking import link_login
from litemaas.domain.administration.patches import Patch
from litemaas.domain.administration.roles import grant_role
from litemaas.domain.administration.sorting import check_sortable
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.budgets import accounts
from litemaas.domain.budgets.entities import Limits, Standing, user_account
from litemaas.domain.keys.rows import keys_of_user
from litemaas.domain.teams.entities import Member
from litemaas.domain.teams.rows import add_member, find_team, teams_of
from litemaas.domain.users import rows
from litemaas.domain.users.entities import Role, User, UserFilter
from litemaas.storage.postgres import Connection, Pool

_KIND = HolderKind("user", user_account)


class UserDetail(Struct, frozen=True):
    """A user, how their money stands, and the ids of their teams."""

    user: User
    standing: Standing
    teams: list[str]
    key_count: int = 0


class UserService:
    """Users as administrators see them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(
        self,
        actor: Actor,
        *,
        user_id: str | None,
        fields: Patch,
        limits: Patch,
        role: Role | None = None,
        teams: Mapping[str, str] | None = None,
    ) -> UserDetail:
        """Create a user.

        Args:
            actor: Who asks.
            user_id: The id; None: made here.
            fields: Values of the user's own fields; without `models` all models are granted.
            limits: Values of the account's limits.
            role: What to grant; None: what every user has.
            teams: Roles by the id of the team to put the user into.

        Raises:
            InvalidInputError: A limit could not be enforced.
            UserExistsError: The id is taken.
            NotFoundError: The budget or a team does not exist.
        """
        account_limits = Limits(**limits)
        accounts.check_limits(account_limits)
        moment = datetime.now(UTC)
        user = User(id=user_id or str(uuid4()), models=[], created_at=moment, created_by=actor.name)
        user = patched_holder(user, {"models": None, **fields}, Change(actor, "create", moment))
        async with self._pool.acquire() as connection, connection.transaction():
            await rows.add_new_user(connection, user)
            await accounts.open_account(connection, user_account(user.id), account_limits, moment)
            for team_id, role_there in (teams or {}).items():
                await find_team(connection, team_id)
                await add_member(connection, team_id, Member(user.id, role_there))
            await record(
                connection, actor, "create", _KIND.name, user.id, after={**asdict(user), **limits, "teams": teams}
            )
            if role is not None:
                user = await grant_role(connection, actor, user, role)
            return (await _details(connection, [user], moment))[0]

    async def update(
        self,
        actor: Actor,
        *,
        user_id: str | None,
        email: str | None,
        fields: Patch,
        limits: Patch,
        role: Role | None = None,
    ) -> UserDetail:
        """Change a user, named by id or, without one, by e-mail address; what is absent stays, None clears.

        A `role` is granted besides what the person's groups give.

        Raises:
            InvalidInputError: A limit could not be enforced, or it is the actor's own role.
            NotFoundError: There is no such user or budget.
        """
        moment = datetime.now(UTC)
        change = Change(actor, "update", moment)
        async with self._pool.acquire() as connection, connection.transaction():
            if user_id is None:
                user_id = (await rows.find_user_by_email(connection, email or "")).id
            before = await rows.find_user(connection, user_id, lock=True)
            user = patched_holder(before, fields, change)
            await rows.save_user(connection, user)
            await record_change(connection, _KIND, change, before, user, limits)
            if role is not None:
                user = await grant_role(connection, actor, user, role)
            return (await _details(connection, [user], moment))[0]

    async def delete(self, actor: Actor, user_ids: Sequence[str]) -> list[User]:
        """Delete users with their keys and memberships: all of them or, if one is not there, none.

        Raises:
            UserNotFoundError: One of them is not there.
        """
        moment = datetime.now(UTC)
        change = Change(actor, "delete", moment)
        async with self._pool.acquire() as connection, connection.transaction():
            users = [await rows.find_user(connection, one, lock=True) for one in sorted(set(user_ids))]
            for user in users:
                await record_deletion(connection, _KIND, change, user, await keys_of_user(connection, user.id))
            await rows.mark_deleted(connection, [user.id for user in users], moment)
        return users

    async def link_login(self, actor: Actor, user_id: str, login_of: str) -> UserDetail:
        """Let the login of the user `login_of` enter as `user_id` from now on; both are logged out.

        Raises:
            UserNotFoundError: One of them is not there.
            InvalidInputError: They are the same, or `login_of` never logged in through an identity provider.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            user = await link_login(connection, actor, user_id, login_of)
            return (await _details(connection, [user], datetime.now(UTC)))[0]

    async def get(self, user_id: str) -> UserDetail:
        """Read a user.

        Raises:
            UserNotFoundError: There is no such user.
        """
        async with self._pool.acquire() as connection:
            user = await rows.find_user(connection, user_id)
            return (await _details(connection, [user], datetime.now(UTC)))[0]

    async def keys(self, user_id: str) -> list[KeyDetail]:
        """The keys of a user, the newest first."""
        async with self._pool.acquire() as connection:
            return await details_of(connection, await keys_of_user(connection, user_id), datetime.now(UTC))

    async def page(
        self, wanted: UserFilter, *, sort_by: str = "created_at", descending: bool = True, limit: int, offset: int
    ) -> tuple[list[UserDetail], int]:
        """One page of users, and how many there are on all pages.

        Raises:
            InvalidInputError: Users cannot be sorted by `sort_by`.
        """
        check_sortable(sort_by, rows.SORTABLE)
        async with self._pool.acquire() as connection:
            listed, total = await rows.list_users(
                connection, wanted, sort_by=sort_by, descending=descending, limit=limit, offset=offset
            )
            details = await _details(connection, [one.user for one in listed], datetime.now(UTC))
        counts = {one.user.id: one.key_count for one in listed}
        return [replace(detail, key_count=counts[detail.user.id]) for detail in details], total


async def _details(connection: Connection, users: Sequence[User], moment: datetime) -> list[UserDetail]:
    standings = await accounts.read_standings(connection, [user_account(user.id) for user in users], moment)
    teams = await teams_of(connection, [user.id for user in users])
    return [UserDetail(user, standings[user_account(user.id)], teams[user.id]) for user in users]

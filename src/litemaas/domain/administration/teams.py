"""Creating, changing and deleting teams, and who is in them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import asdict

from litemaas.domain.administration.holders import HolderKind, patched_holder, record_change, record_deletion
from litemaas.domain.administration.key_changes import Change, delete_keys, details_of
from litemaas.domain.administration.key_orders import KeyDetail
from litemaas.domain.administration.patches import Patch
from litemaas.domain.administration.people import ensure_user
from litemaas.domain.administration.sorting import check_sortable
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.budgets import accounts
from litemaas.domain.budgets.entities import Limits, Standing, team_account
from litemaas.domain.keys.rows import keys_of_teams
from litemaas.domain.teams import rows
from litemaas.domain.teams.entities import Member, Team
from litemaas.domain.users.rows import find_user_by_email
from litemaas.storage.postgres import Connection, Pool

_KIND = HolderKind("team", team_account)


class TeamDetail(Struct, frozen=True):
    """A team, how its money stands, and who is in it."""

    team: Team
    standing: Standing
    members: list[Member]


class TeamService:
    """Teams as administrators see them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(
        self, actor: Actor, *, team_id: str | None, fields: Patch, limits: Patch, members: Sequence[Member] = ()
    ) -> TeamDetail:
        """Create a team; members that are no users yet become users.

        Args:
            actor: Who asks.
            team_id: The id; None: made here.
            fields: Values of the team's own fields; without `models` all models are granted.
            limits: Values of the account's limits.
            members: Who is in it.

        Raises:
            InvalidInputError: A limit could not be enforced.
            AlreadyExistsError: The id is taken, or somebody is named twice.
            UnknownBudgetError: The budget does not exist.
        """
        account_limits = Limits(**limits)
        accounts.check_limits(account_limits)
        moment = datetime.now(UTC)
        team = Team(id=team_id or str(uuid4()), models=[], created_at=moment, created_by=actor.name)
        team = patched_holder(team, {"models": None, **fields}, Change(actor, "create", moment))
        async with self._pool.acquire() as connection, connection.transaction():
            await rows.add_team(connection, team)
            await accounts.open_account(connection, team_account(team.id), account_limits, moment)
            for member in members:
                await ensure_user(connection, actor, member.user_id, moment)
                await rows.add_member(connection, team.id, member)
            after = {**asdict(team), **limits, "members": list(members)}
            await record(connection, actor, "create", _KIND.name, team.id, after=after)
            return (await _details(connection, [team], moment))[0]

    async def update(self, actor: Actor, team_id: str, *, fields: Patch, limits: Patch) -> TeamDetail:
        """Change a team; what is absent stays, None clears.

        Raises:
            InvalidInputError: A limit could not be enforced.
            NotFoundError: There is no such team or budget.
        """
        moment = datetime.now(UTC)
        change = Change(actor, "update", moment)
        async with self._pool.acquire() as connection, connection.transaction():
            before = await rows.find_team(connection, team_id, lock=True)
            team = patched_holder(before, fields, change)
            await rows.save_team(connection, team)
            await record_change(connection, _KIND, change, before, team, limits)
            return (await _details(connection, [team], moment))[0]

    async def delete(self, actor: Actor, team_ids: Sequence[str]) -> list[TeamDetail]:
        """Delete teams with their keys and memberships: all of them or, if one is not there, none.

        Returns:
            What was deleted, as it was.

        Raises:
            TeamNotFoundError: One of them is not there.
        """
        moment = datetime.now(UTC)
        change = Change(actor, "delete", moment)
        async with self._pool.acquire() as connection, connection.transaction():
            teams = [await rows.find_team(connection, one, lock=True) for one in sorted(set(team_ids))]
            deleted = await _details(connection, teams, moment)
            for team in teams:
                await record_deletion(connection, _KIND, change, team, await keys_of_teams(connection, [team.id]))
            await rows.mark_deleted(connection, [team.id for team in teams], moment)
        return deleted

    async def add_members(self, actor: Actor, team_id: str, members: Sequence[Member]) -> TeamDetail:
        """Put users into a team; those that are no users yet become users.

        Raises:
            TeamNotFoundError: There is no such team.
            AlreadyMemberError: One of them is in it.
        """
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection, connection.transaction():
            team = await rows.find_team(connection, team_id, lock=True)
            for member in members:
                await ensure_user(connection, actor, member.user_id, moment)
                await rows.add_member(connection, team_id, member)
                await record(connection, actor, "add_member", _KIND.name, team_id, after=asdict(member))
            return (await _details(connection, [team], moment))[0]

    async def change_member(self, actor: Actor, team_id: str, member: Member) -> TeamDetail:
        """Give a member another role.

        Raises:
            NotFoundError: There is no such team, or the user is not in it.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            team = await rows.find_team(connection, team_id, lock=True)
            told = {"before": {"role": await rows.change_member(connection, team_id, member)}, "after": asdict(member)}
            await record(connection, actor, "change_member", _KIND.name, team_id, **told)
            return (await _details(connection, [team], datetime.now(UTC)))[0]

    async def remove_member(self, actor: Actor, team_id: str, user_id: str) -> TeamDetail:
        """Take a user out of a team, with their keys of it: they know them, and are to spend its money no longer.

        Raises:
            NotFoundError: There is no such team, or the user is not in it.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            team = await rows.find_team(connection, team_id, lock=True)
            removed = Member(user_id, await rows.remove_member(connection, team_id, user_id))
            keys = [key for key in await keys_of_teams(connection, [team_id]) if key.user_id == user_id]
            await delete_keys(connection, actor, keys, datetime.now(UTC))
            await record(connection, actor, "remove_member", _KIND.name, team_id, before=asdict(removed))
            return (await _details(connection, [team], datetime.now(UTC)))[0]

    async def user_id_of(self, email: str) -> str:
        """The id of the one user with this address.

        Raises:
            UserNotFoundError: There is none, or more than one.
        """
        async with self._pool.acquire() as connection:
            return (await find_user_by_email(connection, email)).id

    async def get(self, team_id: str) -> TeamDetail:
        """Read a team.

        Raises:
            TeamNotFoundError: There is no such team.
        """
        async with self._pool.acquire() as connection:
            team = await rows.find_team(connection, team_id)
            return (await _details(connection, [team], datetime.now(UTC)))[0]

    async def keys(self, team_id: str) -> list[KeyDetail]:
        """The keys of a team, the newest first."""
        return (await self.keys_by_team([team_id]))[team_id]

    async def keys_by_team(self, team_ids: Sequence[str]) -> dict[str, list[KeyDetail]]:
        """The keys of teams by team, the newest first."""
        keys: dict[str, list[KeyDetail]] = {team_id: [] for team_id in team_ids}
        async with self._pool.acquire() as connection:
            found = await keys_of_teams(connection, team_ids)
            for detail in await details_of(connection, found, datetime.now(UTC)):
                keys[str(detail.key.team_id)].append(detail)
        return keys

    async def page(
        self,
        *,
        user_id: str | None = None,
        team_id: str | None = None,
        search: str | None = None,
        sort_by: str = "team_alias",
        descending: bool = False,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[list[TeamDetail], int]:
        """One page of teams, those of `user_id` or all, and how many there are on all pages.

        Raises:
            InvalidInputError: Teams cannot be sorted by `sort_by`.
        """
        check_sortable(sort_by, rows.SORTABLE)
        async with self._pool.acquire() as connection:
            teams, total = await rows.list_teams(
                connection,
                user_id=user_id,
                team_id=team_id,
                search=search,
                sort_by=sort_by,
                descending=descending,
                limit=limit,
                offset=offset,
            )
            return await _details(connection, teams, datetime.now(UTC)), total


async def _details(connection: Connection, teams: Sequence[Team], moment: datetime) -> list[TeamDetail]:
    standings = await accounts.read_standings(connection, [team_account(team.id) for team in teams], moment)
    members = await rows.members_of(connection, [team.id for team in teams])
    return [TeamDetail(team, standings[team_account(team.id)], members[team.id]) for team in teams]

"""SQL of teams as administrators see them: one row each and its members, read, written and listed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import astuple

from litemaas.domain.teams.entities import Member, Team
from litemaas.domain.teams.errors import AlreadyMemberError, MemberNotFoundError, TeamExistsError, TeamNotFoundError
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row, update_row

_COLUMNS = Team.__struct_fields__

SORTABLE: Mapping[str, str] = {
    "team_alias": "t.alias",
    "team_id": "t.id",
    "created_at": "t.created_at",
    "spend": "balance.spent",
    "member_count": "(SELECT count(*) FROM team_members m WHERE m.team_id = t.id)",
    "key_count": "(SELECT count(*) FROM keys k WHERE k.team_id = t.id AND k.deleted_at IS NULL)",
}
"""What a list of teams can be sorted by, and the expression that it means."""

_FIND = "SELECT * FROM teams WHERE id = $1 AND deleted_at IS NULL"
_FIND_AND_LOCK = _FIND + " FOR UPDATE"

_FILTERED = r"""
FROM teams t
LEFT JOIN balances balance ON balance.account_id = 'team:' || t.id
WHERE t.deleted_at IS NULL
  AND ($1::text IS NULL OR EXISTS (SELECT FROM team_members m WHERE m.team_id = t.id AND m.user_id = $1))
  AND ($2::text IS NULL OR t.id = $2)
  AND ($3::text IS NULL OR strpos(lower(concat_ws(E'\n', t.id, t.alias)), lower($3)) > 0)
"""


async def add_team(connection: Connection, team: Team) -> None:
    """Store a new team; one of this id that was deleted begins anew.

    Raises:
        TeamExistsError: The id is taken.
    """
    anew = ", ".join(f"{column} = EXCLUDED.{column}" for column in _COLUMNS[1:])
    written = await connection.fetchval(
        f"{insert_row('teams', _COLUMNS)} ON CONFLICT (id) DO UPDATE SET {anew}"
        " WHERE teams.deleted_at IS NOT NULL RETURNING true",
        *astuple(team),
    )
    if not written:
        raise TeamExistsError(f"There already is a team {team.id!r}.", param="team_id")


async def save_team(connection: Connection, team: Team) -> None:
    """Store a team that was locked in the same transaction."""
    await connection.execute(update_row("teams", _COLUMNS), *astuple(team))


async def find_team(connection: Connection, team_id: str, *, lock: bool = False) -> Team:
    """Read a team.

    Args:
        connection: In a transaction, if the team is locked.
        team_id: Which.
        lock: Keep others from changing the team until the transaction ends.

    Raises:
        TeamNotFoundError: There is no such team, or no longer.
    """
    row = await connection.fetchrow(_FIND_AND_LOCK if lock else _FIND, team_id)
    if row is None:
        raise TeamNotFoundError(f"There is no team {team_id!r}.", param="team_id")
    return Team(**row)


async def mark_deleted(connection: Connection, team_ids: Sequence[str], moment: datetime) -> None:
    """Delete teams and their memberships; their rows stay, so that the ledger keeps a name for them."""
    await connection.execute("UPDATE teams SET deleted_at = $2 WHERE id = ANY($1)", team_ids, moment)
    await connection.execute("DELETE FROM team_members WHERE team_id = ANY($1)", team_ids)


async def list_teams(
    connection: Connection,
    *,
    user_id: str | None = None,
    team_id: str | None = None,
    search: str | None = None,
    sort_by: str = "team_alias",
    descending: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[Team], int]:
    """One page of teams, and how many there are on all pages; `sort_by` is one of `SORTABLE`."""
    total: int = await connection.fetchval(f"SELECT count(*) {_FILTERED}", user_id, team_id, search)
    direction = "DESC" if descending else "ASC"
    rows = await connection.fetch(
        f"SELECT t.* {_FILTERED} ORDER BY {SORTABLE[sort_by]} {direction} NULLS LAST, t.id LIMIT $4 OFFSET $5",
        user_id,
        team_id,
        search,
        limit,
        offset,
    )
    return [Team(**row) for row in rows], total


async def members_of(connection: Connection, team_ids: Sequence[str]) -> dict[str, list[Member]]:
    """The members of teams, by team."""
    members: dict[str, list[Member]] = defaultdict(list)
    for row in await connection.fetch(
        "SELECT team_id, user_id, role FROM team_members WHERE team_id = ANY($1) ORDER BY user_id", team_ids
    ):
        members[row["team_id"]].append(Member(row["user_id"], row["role"]))
    return members


async def teams_of(connection: Connection, user_ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the teams that users are in, by user."""
    teams: dict[str, list[str]] = defaultdict(list)
    for row in await connection.fetch(
        "SELECT team_id, user_id FROM team_members WHERE user_id = ANY($1) ORDER BY team_id", user_ids
    ):
        teams[row["user_id"]].append(row["team_id"])
    return teams


async def add_member(connection: Connection, team_id: str, member: Member) -> None:
    """Put a user into a team.

    Raises:
        AlreadyMemberError: The user is in it.
    """
    written = await connection.fetchval(
        "INSERT INTO team_members (team_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true",
        team_id,
        member.user_id,
        member.role,
    )
    if not written:
        raise AlreadyMemberError(f"User {member.user_id!r} is in team {team_id!r} already.", param="member")


async def change_member(connection: Connection, team_id: str, member: Member) -> str:
    """Give a member another role; returns the one that they had.

    Raises:
        MemberNotFoundError: The user is not in the team.
    """
    had = await connection.fetchval(
        "UPDATE team_members AS changed SET role = $3 FROM team_members AS was"
        " WHERE changed.team_id = $1 AND changed.user_id = $2"
        " AND was.team_id = changed.team_id AND was.user_id = changed.user_id RETURNING was.role",
        team_id,
        member.user_id,
        member.role,
    )
    return _role(had, team_id, member.user_id)


async def remove_member(connection: Connection, team_id: str, user_id: str) -> str:
    """Take a user out of a team; returns the role that they had.

    Raises:
        MemberNotFoundError: The user is not in the team.
    """
    had = await connection.fetchval(
        "DELETE FROM team_members WHERE team_id = $1 AND user_id = $2 RETURNING role", team_id, user_id
    )
    return _role(had, team_id, user_id)


def _role(had: str | None, team_id: str, user_id: str) -> str:
    if had is None:
        raise MemberNotFoundError(f"User {user_id!r} is not in team {team_id!r}.", param="user_id")
    return had

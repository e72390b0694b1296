"""`/team/*`: managing teams and who is in them."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from msgspec.structs import asdict

from litemaas.bootstrap import Platform
from litemaas.domain.administration.key_orders import KeyDetail
from litemaas.domain.administration.teams import TeamDetail
from litemaas.domain.teams.entities import Member
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform
from litemaas.gateway.management.key_rows import key_row
from litemaas.gateway.management.paging import page_count
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute
from litemaas.gateway.management.team_requests import (
    AddMembers,
    ChangeMember,
    DeleteTeams,
    NamedMember,
    NameTeam,
    NewTeam,
    TeamFields,
    TeamQuery,
    UpdateTeam,
)
from litemaas.gateway.management.team_rows import TeamInfo, TeamRow, membership_rows, team_row
from litemaas.gateway.management.user_rows import user_row

router = APIRouter(tags=["teams"], route_class=ManagementRoute)


@router.post("/team/new", responses=answers(TeamRow))
async def new_team(platform: AnyPlatform, actor: Administrator, body: NewTeam) -> Response:
    """Create a team; members that are no users yet become users."""
    members = await _members(platform, body.all_members())
    team = await platform.teams.create(
        actor, team_id=body.team_id, fields=body.fields(), limits=body.limits(), members=members
    )
    return render(team_row(team))


@router.post("/team/update")
async def update_team(platform: AnyPlatform, actor: Administrator, body: UpdateTeam) -> Response:
    """Change a team; absent fields stay, null clears."""
    return await _update(platform, actor, body.team_id, body)


@router.patch("/team/{team_id}")
async def patch_team(platform: AnyPlatform, actor: Administrator, team_id: str, body: TeamFields) -> Response:
    """Change a team; absent fields stay, null clears."""
    return await _update(platform, actor, team_id, body)


@router.post("/team/delete", responses=answers(list[TeamRow]))
async def delete_teams(platform: AnyPlatform, actor: Administrator, body: DeleteTeams) -> Response:
    """Delete teams with their keys; answers what they were."""
    return render([team_row(team) for team in await platform.teams.delete(actor, body.team_ids)])


@router.post("/team/block", responses=answers(TeamRow))
async def block_team(platform: AnyPlatform, actor: Administrator, body: NameTeam) -> Response:
    """Refuse the team's keys from now on, until it is unblocked."""
    return render(team_row(await platform.teams.update(actor, body.team_id, fields={"blocked": True}, limits={})))


@router.post("/team/unblock", responses=answers(TeamRow))
async def unblock_team(platform: AnyPlatform, actor: Administrator, body: NameTeam) -> Response:
    """Accept a blocked team's keys again."""
    return render(team_row(await platform.teams.update(actor, body.team_id, fields={"blocked": False}, limits={})))


@router.post("/team/member_add")
async def add_members(platform: AnyPlatform, actor: Administrator, body: AddMembers) -> Response:
    """Put users into a team; those that are no users yet become users."""
    named = body.member if isinstance(body.member, list) else [body.member]
    members = await _members(platform, named)
    team = await platform.teams.add_members(actor, body.team_id, members)
    users = [user_row(await platform.users.get(member.user_id)) for member in members]
    added = {member.user_id for member in members}
    memberships = [row for row in membership_rows(team) if row.user_id in added]
    return render({**asdict(team_row(team)), "updated_users": users, "updated_team_memberships": memberships})


@router.post("/team/member_update", responses=answers(TeamRow))
async def change_member(platform: AnyPlatform, actor: Administrator, body: ChangeMember) -> Response:
    """Give a member another role."""
    (member,) = await _members(platform, [body])
    return render(team_row(await platform.teams.change_member(actor, body.team_id, member)))


@router.post("/team/member_delete", responses=answers(TeamRow))
async def remove_member(platform: AnyPlatform, actor: Administrator, body: ChangeMember) -> Response:
    """Take a user out of a team."""
    (member,) = await _members(platform, [body])
    return render(team_row(await platform.teams.remove_member(actor, body.team_id, member.user_id)))


@router.get("/team/info", dependencies=ADMINISTRATORS_ONLY, responses=answers(TeamInfo))
async def team_info(platform: AnyPlatform, team_id: str) -> Response:
    """A team with its keys and members."""
    team = await platform.teams.get(team_id)
    keys = [key_row(detail, with_token=True) for detail in await platform.teams.keys(team_id)]
    info = TeamInfo(team_id=team_id, team_info=team_row(team), keys=keys, team_memberships=membership_rows(team))
    return render(info)


@router.get("/team/list", dependencies=ADMINISTRATORS_ONLY)
async def list_teams(platform: AnyPlatform, user_id: str | None = None) -> Response:
    """All teams, or those of a user, by alias, with members and keys."""
    teams, _ = await platform.teams.page(user_id=user_id)
    keys = await platform.teams.keys_by_team([team.team.id for team in teams])
    return render([_with_keys(team, keys[team.team.id]) for team in teams])


@router.get("/v2/team/list", dependencies=ADMINISTRATORS_ONLY)
async def page_of_teams(platform: AnyPlatform, query: Annotated[TeamQuery, Query()]) -> Response:
    """One page of teams."""
    teams, total = await platform.teams.page(
        user_id=query.user_id,
        team_id=query.team_id,
        search=query.team_alias,
        sort_by=query.sort_by,
        descending=query.sort_order == "desc",
        limit=query.page_size,
        offset=(query.page - 1) * query.page_size,
    )
    return render(
        {
            "teams": [team_row(team) for team in teams],
            "total": total,
            "page": query.page,
            "page_size": query.page_size,
            "total_pages": page_count(total, query.page_size),
        }
    )


async def _update(platform: Platform, actor: Administrator, team_id: str, body: TeamFields) -> Response:
    team = await platform.teams.update(actor, team_id, fields=body.fields(), limits=body.limits())
    return render({"team_id": team_id, "data": team_row(team)})


async def _members(platform: Platform, named: Iterable[NamedMember]) -> list[Member]:
    return [Member(one.user_id or await platform.teams.user_id_of(one.user_email or ""), one.role) for one in named]


def _with_keys(team: TeamDetail, keys: Iterable[KeyDetail]) -> dict[str, Any]:
    rows = [key_row(detail, with_token=True) for detail in keys]
    return {**asdict(team_row(team)), "team_memberships": membership_rows(team), "keys": rows}

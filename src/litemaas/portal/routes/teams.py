"""`/api/teams` and `/api/admin/teams`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from litemaas.domain.administration.teams import TeamDetail
from litemaas.domain.audit.entities import Actor
from litemaas.domain.teams.entities import Member
from litemaas.domain.teams.errors import MemberNotFoundError
from litemaas.domain.users.errors import UserNotFoundError
from litemaas.portal.caller import Acting, Caller, ThePortal
from litemaas.portal.fields import (
    MONEY,
    RATES,
    Dollars,
    Labels,
    LimitsOrder,
    MoneyView,
    Name,
    Order,
    labels_of,
    money_of,
    rates_of,
    with_labels,
)
from litemaas.portal.paging import Listing, Page
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router
from litemaas.portal.team_rules import check_administers, own_team

router = portal_router("teams")

_NO_CONTENT = 204
_ORDINARY = "user"
"""What the domain calls a member who is no admin of the team."""

_SORTS = {
    "name": "team_alias",
    "id": "team_id",
    "created_at": "created_at",
    "spent": "spend",
    "members_count": "member_count",
    "keys_count": "key_count",
}
"""What a list of teams can be sorted by, and what the domain calls it."""

TeamRole = Literal["admin", "member"]


class TeamMember(BaseModel):
    """A user's place in a team."""

    user_id: str
    name: str
    role: TeamRole


class TeamView(MoneyView):
    """A team; `members` is left out in lists."""

    id: str
    name: str
    blocked: bool
    models: list[str]
    members_count: int
    keys_count: int
    members: list[TeamMember] | None = None
    labels: dict[str, str]
    created_at: datetime | None


class TeamOrder(LimitsOrder):
    """What can be said about a team; absent: as it is, null: cleared."""

    name: Name | None = None
    models: list[Name] | None = None
    blocked: bool | None = None
    labels: Labels | None = None

    def fields(self, metadata: Mapping[str, Any]) -> dict[str, object]:
        """Values of the team's own fields; `metadata` is what it has."""
        named: dict[str, object] = {"alias": self.name} if "name" in self.model_fields_set else {}
        if "labels" in self.model_fields_set:
            named["metadata"] = with_labels(metadata, self.labels)
        return {**named, **self.given("models", "blocked", *RATES)}


class NewTeam(TeamOrder):
    """A team to be created."""

    id: Name | None = None


class OwnTeamChange(Order):
    """What a team's admins say about it themselves; its limits are for admins to set."""

    name: Name | None = None
    soft_budget: Dollars | None = Field(default=None, description="From where on the team is told of its spend")


class Membership(Order):
    """A user's role in a team."""

    role: TeamRole = "member"


@router.get("/teams", openapi_extra=needs(Permission.OWN_READ))
async def own_teams(portal: ThePortal, caller: Caller, listing: Listing) -> Page[TeamView]:
    """The teams that one is in."""
    return await _page(portal, listing, caller.user_id)


@router.get("/teams/{team_id}", openapi_extra=needs(Permission.OWN_READ))
async def read_own_team(portal: ThePortal, caller: Caller, team_id: str) -> TeamView:
    """A team that one is in, with its members."""
    return await _whole(portal, await own_team(portal, team_id, caller))


@router.patch("/teams/{team_id}", openapi_extra=needs(Permission.OWN_WRITE))
async def change_own_team(
    portal: ThePortal, caller: Caller, actor: Acting, team_id: str, body: OwnTeamChange
) -> TeamView:
    """Change what a team that one administers is called, and from where on it is warned."""
    await check_administers(portal, team_id, caller)
    fields = {"alias": body.name} if body.name is not None else {}
    detail = await portal.platform.teams.update(actor, team_id, fields=fields, limits=body.given("soft_budget"))
    return await _whole(portal, detail)


@router.put("/teams/{team_id}/members/{user_id}", openapi_extra=needs(Permission.OWN_WRITE))
async def put_own_member(
    portal: ThePortal, caller: Caller, actor: Acting, team_id: str, user_id: str, body: Membership
) -> TeamView:
    """Put a user, named by id or e-mail address, into a team that one administers, or change their role."""
    await check_administers(portal, team_id, caller)
    return await _put(portal, actor, team_id, await _known_user(portal, user_id), body)


@router.delete("/teams/{team_id}/members/{user_id}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.OWN_WRITE))
async def remove_own_member(portal: ThePortal, caller: Caller, actor: Acting, team_id: str, user_id: str) -> None:
    """Take a user out of a team that one administers."""
    await check_administers(portal, team_id, caller)
    await portal.platform.teams.remove_member(actor, team_id, user_id)


@router.get("/admin/teams", openapi_extra=needs(Permission.TEAMS_READ))
async def list_teams(portal: ThePortal, listing: Listing) -> Page[TeamView]:
    """All teams."""
    return await _page(portal, listing, None)


@router.post("/admin/teams", openapi_extra=needs(Permission.TEAMS_WRITE))
async def create_team(portal: ThePortal, actor: Acting, body: NewTeam) -> TeamView:
    """Create a team."""
    detail = await portal.platform.teams.create(
        actor, team_id=body.id, fields=body.fields({}), limits=body.given(*MONEY)
    )
    return await _whole(portal, detail)


@router.get("/admin/teams/{team_id}", openapi_extra=needs(Permission.TEAMS_READ))
async def read_team(portal: ThePortal, team_id: str) -> TeamView:
    """One team, with its members."""
    return await _whole(portal, await portal.platform.teams.get(team_id))


@router.patch("/admin/teams/{team_id}", openapi_extra=needs(Permission.TEAMS_WRITE))
async def change_team(portal: ThePortal, actor: Acting, team_id: str, body: TeamOrder) -> TeamView:
    """Change a team."""
    present = await portal.platform.teams.get(team_id)
    fields = body.fields(present.team.metadata)
    detail = await portal.platform.teams.update(actor, team_id, fields=fields, limits=body.given(*MONEY))
    return await _whole(portal, detail)


@router.delete("/admin/teams/{team_id}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.TEAMS_WRITE))
async def delete_team(portal: ThePortal, actor: Acting, team_id: str) -> None:
    """Delete a team with its keys."""
    await portal.platform.teams.delete(actor, [team_id])


@router.put("/admin/teams/{team_id}/members/{user_id}", openapi_extra=needs(Permission.TEAMS_WRITE))
async def put_member(portal: ThePortal, actor: Acting, team_id: str, user_id: str, body: Membership) -> TeamView:
    """Put a user into a team, or change their role."""
    return await _put(portal, actor, team_id, user_id, body)


@router.delete(
    "/admin/teams/{team_id}/members/{user_id}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.TEAMS_WRITE)
)
async def remove_member(portal: ThePortal, actor: Acting, team_id: str, user_id: str) -> None:
    """Take a user out of a team."""
    await portal.platform.teams.remove_member(actor, team_id, user_id)


async def _known_user(portal: Portal, name: str) -> str:
    """The id of a user who is there: team admins put people in, they do not make them."""
    try:
        return (await portal.platform.users.get(name)).user.id
    except UserNotFoundError:
        if "@" not in name:
            raise
        return await portal.platform.teams.user_id_of(name)


async def _put(portal: Portal, actor: Actor, team_id: str, user_id: str, membership: Membership) -> TeamView:
    role = _ORDINARY if membership.role == "member" else membership.role
    member = Member(user_id, role)
    try:
        detail = await portal.platform.teams.change_member(actor, team_id, member)
    except MemberNotFoundError:
        detail = await portal.platform.teams.add_members(actor, team_id, [member])
    return await _whole(portal, detail)


async def _page(portal: Portal, listing: Listing, user_id: str | None) -> Page[TeamView]:
    sort, descending = listing.order("name")
    details, total = await portal.platform.teams.page(
        user_id=user_id,
        search=listing.search,
        sort_by=_SORTS.get(sort, sort),
        descending=descending,
        limit=listing.page_size,
        offset=listing.offset,
    )
    keys = await portal.key_views.count_by_team([detail.team.id for detail in details])
    return listing.of([_view(detail, keys.get(detail.team.id, 0)) for detail in details], total)


async def _whole(portal: Portal, detail: TeamDetail) -> TeamView:
    team_id = detail.team.id
    view = _view(detail, (await portal.key_views.count_by_team([team_id])).get(team_id, 0))
    names = _names(portal, [member.user_id for member in detail.members])
    view.members = [
        TeamMember(
            user_id=member.user_id,
            name=names.get(member.user_id, member.user_id),
            role="member" if member.role == _ORDINARY else "admin",
        )
        for member in detail.members
    ]
    return view


def _view(detail: TeamDetail, keys_count: int) -> TeamView:
    team = detail.team
    return TeamView(
        id=team.id,
        name=team.alias or team.id,
        blocked=team.blocked,
        models=team.models,
        members_count=len(detail.members),
        keys_count=keys_count,
        labels=labels_of(team.metadata),
        created_at=team.created_at,
        **money_of(detail.standing),
        **rates_of(team),
    )


def _names(portal: Portal, user_ids: Sequence[str]) -> dict[str, str]:
    users = portal.platform.snapshot.users
    return {one: users[one].alias or users[one].email or one for one in user_ids if one in users}

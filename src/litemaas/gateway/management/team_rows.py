"""Teams as the team routes show them."""

from typing import Any

from msgspec import Struct

from litemaas.domain.administration.teams import TeamDetail
from litemaas.gateway.management.key_rows import KeyRow
from litemaas.gateway.management.limited_rows import LimitedRow, limited_fields


class MemberRow(Struct):
    """A user's place in a team."""

    user_id: str
    role: str
    user_email: str | None = None


class MembershipRow(Struct):
    """The same, as LiteLLM tells what a member may spend: we have no limits for single members."""

    user_id: str
    team_id: str
    budget_id: str | None = None
    litellm_budget_table: dict[str, Any] | None = None


class TeamRow(LimitedRow):
    """A team."""

    team_id: str
    team_alias: str | None
    model_aliases: dict[str, str]
    members: list[str]
    admins: list[str]
    members_with_roles: list[MemberRow]
    organization_id: str | None = None


class TeamInfo(Struct, kw_only=True):
    """Answer of `/team/info`."""

    team_id: str
    team_info: TeamRow
    keys: list[KeyRow]
    team_memberships: list[MembershipRow]


def team_row(detail: TeamDetail) -> TeamRow:
    """Show a team."""
    team = detail.team
    return TeamRow(
        **limited_fields(team, detail.standing),
        team_id=team.id,
        team_alias=team.alias,
        model_aliases=team.aliases,
        members=[member.user_id for member in detail.members],
        admins=[member.user_id for member in detail.members if member.role == "admin"],
        members_with_roles=[MemberRow(member.user_id, member.role) for member in detail.members],
    )


def membership_rows(detail: TeamDetail) -> list[MembershipRow]:
    """Show who is in a team."""
    return [MembershipRow(member.user_id, detail.team.id) for member in detail.members]

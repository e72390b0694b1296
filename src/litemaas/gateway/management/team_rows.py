"""Teams as the team routes show them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from litemaas.domain.administration.teams import TeamDetail
from litemaas.gateway.management.key_rows import KeyRow


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


class TeamRow(Struct, kw_only=True):
    """A team."""

    team_id: str
    team_alias: str | None
    models: list[str]
    model_aliases: dict[str, str]
    members: list[str]
    admins: list[str]
    members_with_roles: list[MemberRow]
    blocked: bool
    spend: Decimal
    total_spend: Decimal
    max_budget: Decimal | None
    soft_budget: Decimal | None
    budget_duration: str | None
    budget_reset_at: datetime | None
    budget_id: str | None
    rpm_limit: int | None
    tpm_limit: int | None
    max_parallel_requests: int | None
    metadata: dict[str, Any]
    created_at: datetime | None
    updated_at: datetime | None
    organization_id: str | None = None


class TeamInfo(Struct, kw_only=True):
    """Answer of `/team/info`."""

    team_id: str
    team_info: TeamRow
    keys: list[KeyRow]
    team_memberships: list[MembershipRow]


def team_row(detail: TeamDetail) -> TeamRow:
    """Show a team."""
    team, limits = detail.team, detail.standing.account
    return TeamRow(
        team_id=team.id,
        team_alias=team.alias,
        models=team.models,
        model_aliases=team.aliases,
        members=[member.user_id for member in detail.members],
        admins=[member.user_id for member in detail.members if member.role == "admin"],
        members_with_roles=[MemberRow(member.user_id, member.role) for member in detail.members],
        blocked=team.blocked,
        spend=detail.standing.spent,
        total_spend=detail.standing.total_spent,
        max_budget=limits.max_budget,
        soft_budget=limits.soft_budget,
        budget_duration=limits.budget_duration,
        budget_reset_at=detail.standing.resets_at,
        budget_id=limits.budget_id,
        rpm_limit=team.rpm_limit,
        tpm_limit=team.tpm_limit,
        max_parallel_requests=team.max_parallel_requests,
        metadata=team.metadata,
        created_at=team.created_at,
        updated_at=team.updated_at,
    )


def membership_rows(detail: TeamDetail) -> list[MembershipRow]:
    """Show who is in a team."""
    return [MembershipRow(member.user_id, detail.team.id) for member in detail.members]

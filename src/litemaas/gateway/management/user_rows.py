"""Users as the user routes show them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from litemaas.domain.administration.users import UserDetail
from litemaas.gateway.management.key_rows import KeyRow
from litemaas.gateway.management.user_requests import ROLE_NAMES


class UserRow(Struct, kw_only=True):
    """A user."""

    user_id: str
    user_email: str | None
    user_alias: str | None
    user_role: str
    teams: list[str]
    models: list[str]
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
    key_count: int
    last_login_at: datetime | None
    organization_id: str | None = None
    sso_user_id: str | None = None


class UserInfo(Struct, kw_only=True):
    """Answer of `/user/info`."""

    user_id: str
    user_info: UserRow
    keys: list[KeyRow]
    teams: list[dict[str, Any]]


def user_row(detail: UserDetail) -> UserRow:
    """Show a user."""
    user, limits = detail.user, detail.standing.account
    return UserRow(
        user_id=user.id,
        user_email=user.email,
        user_alias=user.alias,
        user_role=ROLE_NAMES[user.role],
        teams=detail.teams,
        models=user.models,
        blocked=user.blocked,
        spend=detail.standing.spent,
        total_spend=detail.standing.total_spent,
        max_budget=limits.max_budget,
        soft_budget=limits.soft_budget,
        budget_duration=limits.budget_duration,
        budget_reset_at=detail.standing.resets_at,
        budget_id=limits.budget_id,
        rpm_limit=user.rpm_limit,
        tpm_limit=user.tpm_limit,
        max_parallel_requests=user.max_parallel_requests,
        metadata=user.metadata,
        created_at=user.created_at,
        updated_at=user.updated_at,
        key_count=detail.key_count,
        last_login_at=user.last_login_at,
        sso_user_id=user.subject,
    )

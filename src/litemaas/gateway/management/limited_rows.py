"""What keys, users and teams show alike: what they have spent, and what bounds them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from litemaas.domain.budgets.entities import Standing
from litemaas.domain.keys.entities import Key
from litemaas.domain.teams.entities import Team
from litemaas.domain.users.entities import User


class LimitedRow(Struct, kw_only=True):
    """The fields that each of them has."""

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
    models: list[str]
    blocked: bool
    metadata: dict[str, Any]
    created_at: datetime | None
    updated_at: datetime | None


def limited_fields(holder: Key | Team | User, standing: Standing) -> dict[str, Any]:
    """Return the fields of `LimitedRow`.

    Args:
        holder: Whose row it is.
        standing: What its account has, and what of it is spent.
    """
    account = standing.account
    return {
        "spend": standing.spent,
        "total_spend": standing.total_spent,
        "max_budget": account.max_budget,
        "soft_budget": account.soft_budget,
        "budget_duration": account.budget_duration,
        "budget_reset_at": standing.resets_at,
        "budget_id": account.budget_id,
        "rpm_limit": holder.rpm_limit,
        "tpm_limit": holder.tpm_limit,
        "max_parallel_requests": holder.max_parallel_requests,
        "models": holder.models,
        "blocked": holder.blocked,
        "metadata": holder.metadata,
        "created_at": holder.created_at,
        "updated_at": holder.updated_at,
    }

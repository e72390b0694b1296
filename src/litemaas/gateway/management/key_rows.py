"""Keys as the key routes show them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from litemaas.domain.administration.key_orders import KeyDetail
from litemaas.domain.budgets.entities import Standing
from litemaas.gateway.management.limited_rows import LimitedRow, limited_fields
from litemaas.settings import Secret


class ModelBudgetRow(Struct, kw_only=True):
    """Limit and spend of a key's use of one model, with both of LiteLLM's names."""

    max_budget: Decimal | None
    budget_duration: str | None
    budget_limit: Decimal | None
    time_period: str | None
    spend: Decimal
    budget_reset_at: datetime | None


class KeyRow(LimitedRow):
    """A key, without its text."""

    key_name: str
    key_alias: str | None
    expires: datetime | None
    status: str
    aliases: dict[str, str]
    user_id: str | None
    team_id: str | None
    model_max_budget: dict[str, ModelBudgetRow]
    model_rpm_limit: dict[str, int]
    model_tpm_limit: dict[str, int]
    model_spend: dict[str, Decimal]
    allowed_routes: list[str]
    uses_cache: bool
    tags: list[str]
    permissions: dict[str, Any]
    rotation_count: int
    created_by: str | None
    updated_by: str | None
    organization_id: str | None = None
    org_id: str | None = None
    project_id: str | None = None
    litellm_budget_table: dict[str, Any] | None = None
    token: str | UnsetType = UNSET


class IssuedKeyRow(KeyRow, kw_only=True):
    """A key just issued, with its text: the only time that it is shown."""

    key: str
    token_id: str


def shown_key(hint: str) -> str:
    """A key as lists show it: enough to know one's own again."""
    return f"sk-...{hint}"


def key_row(detail: KeyDetail, *, with_token: bool = False) -> KeyRow:
    """Show a key; with its hash, where the caller needs it to name the key."""
    return KeyRow(**_fields(detail), token=detail.key.key_hash if with_token else UNSET)


def issued_key_row(detail: KeyDetail, text: Secret) -> IssuedKeyRow:
    """Show a key with its text."""
    key_hash = detail.key.key_hash
    return IssuedKeyRow(**_fields(detail), key=str(text), token=key_hash, token_id=key_hash)


def _fields(detail: KeyDetail) -> dict[str, Any]:
    key, standing = detail.key, detail.standing
    return limited_fields(key, standing) | {
        "key_name": shown_key(key.key_hint),
        "key_alias": key.alias,
        "expires": key.expires_at,
        "status": _status(detail),
        "aliases": key.aliases,
        "user_id": key.user_id,
        "team_id": key.team_id,
        "model_max_budget": {model: _model_budget_row(one) for model, one in detail.by_model.items()},
        "model_rpm_limit": key.model_rpm_limit,
        "model_tpm_limit": key.model_tpm_limit,
        "model_spend": {model: one.spent for model, one in detail.by_model.items()},
        "allowed_routes": key.allowed_routes,
        "uses_cache": key.uses_cache,
        "tags": key.metadata.get("tags", []),
        "permissions": {},
        "rotation_count": key.rotation_count,
        "created_by": key.created_by,
        "updated_by": key.updated_by,
    }


def _model_budget_row(standing: Standing) -> ModelBudgetRow:
    limits = standing.account
    return ModelBudgetRow(
        max_budget=limits.max_budget,
        budget_duration=limits.budget_duration,
        budget_limit=limits.max_budget,
        time_period=limits.budget_duration,
        spend=standing.spent,
        budget_reset_at=standing.resets_at,
    )


def _status(detail: KeyDetail) -> str:
    key = detail.key
    if key.deleted_at is not None:
        return "deleted"
    if key.blocked:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= datetime.now(UTC):
        return "expired"
    return "active"

"""Virtual keys as they are ordered and shown."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, UnsetType
from pydantic import BaseModel, Field

from litemaas.domain.administration.key_orders import KeyOrder
from litemaas.domain.administration.key_views import KeyView
from litemaas.domain.budgets.entities import Limits
from litemaas.domain.keys.listing import KeyState
from litemaas.domain.spend.calls import FailedCall
from litemaas.portal.fields import (
    MONEY,
    RATES,
    Dollars,
    Limit,
    LimitsOrder,
    Money,
    MoneyView,
    Name,
    labels_of,
    money_of,
    rates_of,
)
from litemaas.portal.portal import Portal

_WEEK = 7
_BY_MODEL_RATES = ("model_rpm_limit", "model_tpm_limit")
_MESSAGES = {
    "upstream_timeout": "The model's server took too long.",
    "upstream_auth": "The model's server refused the gateway's credential.",
    "upstream_refused": "The model's server refused the request.",
    "upstream_failed": "The model's server failed.",
    "client_left": "The caller hung up before the answer was complete.",
}


class KeyChange(LimitsOrder):
    """What can be said about a key; absent: as it is, null: cleared."""

    alias: Name | None = None
    models: list[Name] | None = None
    duration: Name | None = Field(default=None, description="Life from now on, e.g. 30d; null: for ever")
    model_max_budget: dict[Name, Dollars] | None = None
    model_rpm_limit: dict[Name, Limit] | None = None
    model_tpm_limit: dict[Name, Limit] | None = None
    uses_cache: bool | None = Field(default=None, description="False: is never answered from a response cache")

    def order(self, *own: str) -> KeyOrder:
        """What the domain is to do; `own` are further fields of the key."""
        sent = self.model_fields_set
        by_model: Mapping[str, Limits] | UnsetType = UNSET
        if "model_max_budget" in sent:
            budgets = self.model_max_budget or {}
            by_model = {
                model: Limits(max_budget=amount, budget_duration=self.budget_duration)
                for model, amount in budgets.items()
            }
        return KeyOrder(
            fields=self.given("alias", "uses_cache", *RATES, *_BY_MODEL_RATES, *own),
            limits=self.given(*MONEY),
            models=self.models if "models" in sent else UNSET,
            duration=self.duration if "duration" in sent else UNSET,
            model_budgets=by_model,
        )


class NewKey(KeyChange):
    """A key to be issued."""

    team_id: Name | None = None


class Rotation(LimitsOrder):
    """How a key gets another text."""

    grace_period: Name | None = Field(default=None, description="How long the old text is accepted too, e.g. 24h")


class KeyItem(MoneyView):
    """A virtual key; its text is never shown again."""

    id: UUID
    alias: str
    hint: str
    state: KeyState
    user_id: str | None
    user_name: str | None
    team_id: str | None
    team_name: str | None
    models: list[str]
    model_max_budget: dict[str, Money]
    model_rpm_limit: dict[str, int]
    model_tpm_limit: dict[str, int]
    uses_cache: bool
    labels: dict[str, str]
    expires_at: datetime | None
    last_used_at: datetime | None
    requests_today: int
    requests_7d: Annotated[list[int], Field(description="The last seven days, the oldest first")]
    created_at: datetime | None
    created_by: str | None


class IssuedKey(BaseModel):
    """A key that was issued or rotated, with its text, which is shown this once."""

    key: str
    item: KeyItem


class CallError(BaseModel):
    """A call that failed."""

    at: datetime
    key_id: UUID | None
    key_alias: str | None
    model: str
    status: int
    code: str
    message: str


class KeyErrors(BaseModel):
    """Calls that failed, the latest first."""

    items: list[CallError]


async def key_items(portal: Portal, views: Sequence[KeyView]) -> list[KeyItem]:
    """Keys with what was called with them."""
    ids = [view.detail.key.id for view in views]
    today = datetime.now(UTC).date()
    requests = await portal.usage.requests_by_key([str(one) for one in ids], today, _WEEK)
    last_used = await portal.calls.last_used(ids)
    return [_item(view, requests[str(view.detail.key.id)], last_used.get(view.detail.key.id)) for view in views]


async def key_item(portal: Portal, view: KeyView) -> KeyItem:
    """A key with what was called with it."""
    return (await key_items(portal, [view]))[0]


async def key_errors(portal: Portal, days: int, limit: int, **owner: Any) -> list[CallError]:
    """The latest failures of the last days, of a key or a user."""
    since = datetime.now(UTC) - timedelta(days=days)
    return [_error(call) for call in await portal.calls.failures(since, limit=limit, **owner)]


def _item(view: KeyView, requests: list[int], last_used_at: datetime | None) -> KeyItem:
    key, standing = view.detail.key, view.detail.standing
    by_model = {model: one.account.max_budget for model, one in view.detail.by_model.items()}
    return KeyItem(
        id=key.id,
        alias=key.alias or f"…{key.key_hint}",
        hint=key.key_hint,
        state=view.state,
        user_id=key.user_id,
        user_name=view.user_name,
        team_id=key.team_id,
        team_name=view.team_name,
        models=key.models,
        model_max_budget={model: amount for model, amount in by_model.items() if amount is not None},
        model_rpm_limit=key.model_rpm_limit,
        model_tpm_limit=key.model_tpm_limit,
        uses_cache=key.uses_cache,
        labels=labels_of(key.metadata),
        expires_at=key.expires_at,
        last_used_at=last_used_at,
        requests_today=requests[-1],
        requests_7d=requests,
        created_at=key.created_at,
        created_by=key.created_by,
        **money_of(standing),
        **rates_of(key),
    )


def _error(call: FailedCall) -> CallError:
    message = _MESSAGES.get(call.code, f"The call ended with status {call.status}.")
    return CallError(**{name: getattr(call, name) for name in FailedCall.__struct_fields__}, message=message)

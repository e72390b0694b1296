"""`/api/me`: the caller's profile and what matters to them today."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel, Field

from litemaas.domain.administration.users import UserDetail
from litemaas.domain.budgets.entities import Standing
from litemaas.domain.keys.listing import KeySearch, KeyState
from litemaas.domain.users.entities import Role
from litemaas.portal.caller import Acting, Caller, ThePortal
from litemaas.portal.fields import Money, MoneyView, Name, Named, Order, money_of, rates_of
from litemaas.portal.key_fields import CallError, key_errors
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routes.catalogue import granted_models
from litemaas.portal.routing import needs, portal_router
from litemaas.portal.usage_fields import span

router = portal_router("me")

_LOCALE = "locale"
_SHOWN_KEYS = 5
_SHOWN_ERRORS = 5
_ERROR_DAYS = 1


class Me(MoneyView):
    """The caller."""

    id: str
    name: str
    email: str | None
    alias: str | None
    locale: str | None
    role: Role
    models: list[str]
    teams: list[Named]
    created_at: datetime | None


class Profile(Order):
    """What people say about themselves."""

    alias: Name | None = None
    locale: Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None


class BudgetLeft(BaseModel):
    """How a budget stands that the caller's calls count against."""

    kind: Literal["user", "team"]
    name: str
    spent: Money
    max_budget: Money | None
    soft_budget: Money | None
    budget_duration: str | None
    window_resets_at: datetime | None


class ExpiringKey(BaseModel):
    """A key that ends soon."""

    id: UUID
    alias: str
    expires_at: datetime


class Home(BaseModel):
    """What matters today."""

    budgets: list[BudgetLeft]
    keys_expiring: list[ExpiringKey]
    keys_active: int
    models_available: int
    pending_requests: int
    spend_today: Money
    requests_today: int
    last_errors: list[CallError]


@router.get("/me", openapi_extra=needs(Permission.OWN_READ))
async def me(portal: ThePortal, caller: Caller) -> Me:
    """The caller's profile."""
    return await _me(portal, await portal.platform.users.get(caller.user_id))


@router.patch("/me", openapi_extra=needs(Permission.OWN_WRITE))
async def change_me(portal: ThePortal, caller: Caller, actor: Acting, body: Profile) -> Me:
    """Change one's own profile."""
    fields = body.given("alias")
    if _LOCALE in body.model_fields_set:
        user = (await portal.platform.users.get(caller.user_id)).user
        fields["metadata"] = {**user.metadata, _LOCALE: body.locale}
    detail = await portal.platform.users.update(actor, user_id=caller.user_id, email=None, fields=fields, limits={})
    return await _me(portal, detail)


@router.get("/me/home", openapi_extra=needs(Permission.OWN_READ))
async def home(portal: ThePortal, caller: Caller) -> Home:
    """What matters to the caller today."""
    user_id = caller.user_id
    detail = await portal.platform.users.get(user_id)
    budgets = [_budget("user", caller.name, detail.standing)]
    teams, _ = await portal.platform.teams.page(user_id=user_id)
    budgets += [_budget("team", one.team.alias or one.team.id, one.standing) for one in teams]
    expiring, _ = await portal.key_views.page(
        KeySearch(user_id=user_id, state=KeyState.EXPIRING),
        sort_by="expires_at",
        descending=False,
        limit=_SHOWN_KEYS,
        offset=0,
    )
    today = await portal.usage.totals(replace(span(_today(), _today()), users=[user_id]))
    return Home(
        budgets=[one for one in budgets if one.max_budget is not None or one.kind == "user"],
        keys_expiring=[
            ExpiringKey(id=key.id, alias=key.alias or f"…{key.key_hint}", expires_at=key.expires_at)
            for key in (view.detail.key for view in expiring)
            if key.expires_at is not None
        ],
        keys_active=await portal.key_views.count(user_id),
        models_available=len(granted_models(portal, user_id)),
        pending_requests=await portal.requests.count_pending(user_id),
        spend_today=today.cost,
        requests_today=today.requests,
        last_errors=await key_errors(portal, _ERROR_DAYS, _SHOWN_ERRORS, user_id=user_id),
    )


async def _me(portal: Portal, detail: UserDetail) -> Me:
    user = detail.user
    teams, _ = await portal.platform.teams.page(user_id=user.id)
    return Me(
        id=user.id,
        name=user.alias or user.email or user.id,
        email=user.email,
        alias=user.alias,
        locale=user.metadata.get(_LOCALE),
        role=user.role,
        models=user.models,
        teams=[Named(id=one.team.id, name=one.team.alias or one.team.id) for one in teams],
        created_at=user.created_at,
        **money_of(detail.standing),
        **rates_of(user),
    )


def _budget(kind: Literal["user", "team"], name: str, standing: Standing) -> BudgetLeft:
    money = money_of(standing)
    return BudgetLeft(
        kind=kind, name=name, **{field: money[field] for field in BudgetLeft.model_fields if field in money}
    )


def _today() -> date:
    return datetime.now(UTC).date()

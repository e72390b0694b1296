"""`/api/admin/users`: the people, and the names that keys were issued for."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from litemaas.domain.administration.users import UserDetail
from litemaas.domain.audit.entities import Actor
from litemaas.domain.errors import InvalidInputError, LiteMaaSError
from litemaas.domain.users.entities import Role, UserFilter
from litemaas.portal.caller import Acting, ThePortal
from litemaas.portal.fields import (
    MONEY,
    RATES,
    BulkOutcome,
    ItemResult,
    LimitsOrder,
    MoneyView,
    Name,
    Named,
    Order,
    money_of,
    rates_of,
)
from litemaas.portal.paging import Listing, Page
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router

router = portal_router("admin: users")

_NO_CONTENT = 204
_MOST_AT_ONCE = 500
_SORTS = {
    "id": "user_id",
    "name": "user_alias",
    "email": "user_email",
    "role": "user_role",
    "created_at": "created_at",
    "spent": "spend",
    "blocked": "blocked",
    "keys_count": "key_count",
    "last_active_at": "last_login_at",
}
"""What a list of users can be sorted by, and what the domain calls it."""


class UserView(MoneyView):
    """A user."""

    id: str
    name: str
    email: str | None
    role: Role
    blocked: bool
    models: list[str]
    teams: list[Named]
    keys_count: int
    last_active_at: datetime | None
    created_at: datetime | None


class UserOrder(LimitsOrder):
    """What can be said about a user; absent: as it is, null: cleared."""

    name: Name | None = None
    email: Name | None = None
    role: Role | None = None
    models: list[Name] | None = None
    blocked: bool | None = None

    def fields(self) -> dict[str, Any]:
        """Values of the user's own fields; roles go another way."""
        named = {"alias": self.name} if "name" in self.model_fields_set else {}
        return {**named, **self.given("email", "models", "blocked", *RATES)}


class NewUser(UserOrder):
    """A user to be created."""

    id: Name | None = None


class UsersAction(Order):
    """The same for many users; `limits` goes with the action of that name."""

    ids: Annotated[list[Name], Field(min_length=1, max_length=_MOST_AT_ONCE)]
    action: Literal["block", "unblock", "delete", "limits"]
    limits: LimitsOrder | None = None


@router.get("/admin/users", openapi_extra=needs(Permission.USERS_READ))
async def list_users(
    portal: ThePortal,
    listing: Listing,
    *,
    role: Role | None = None,
    blocked: bool | None = None,
    team_id: str | None = None,
) -> Page[UserView]:
    """All users."""
    sort, descending = listing.order("-created_at")
    details, total = await portal.platform.users.page(
        UserFilter(role=role, search=listing.search, blocked=blocked, team_id=team_id),
        sort_by=_SORTS.get(sort, sort),
        descending=descending,
        limit=listing.page_size,
        offset=listing.offset,
    )
    return listing.of([_view(portal, detail, detail.key_count) for detail in details], total)


@router.post("/admin/users", openapi_extra=needs(Permission.USERS_WRITE))
async def create_user(portal: ThePortal, actor: Acting, body: NewUser) -> UserView:
    """Create a user."""
    detail = await portal.platform.users.create(
        actor, user_id=body.id, fields=body.fields(), limits=body.given(*MONEY), role=body.role
    )
    return await _whole(portal, detail.user.id)


@router.post("/admin/users/bulk", openapi_extra=needs(Permission.USERS_WRITE))
async def change_users(portal: ThePortal, actor: Acting, body: UsersAction) -> BulkOutcome:
    """Block, unblock, limit or delete users, each by itself."""
    results = []
    for one in dict.fromkeys(body.ids):
        try:
            await _apply(portal, actor, one, body)
        except LiteMaaSError as error:
            results.append(ItemResult(id=one, ok=False, error=error.message))
        else:
            results.append(ItemResult(id=one, ok=True, error=None))
    return BulkOutcome(results=results)


@router.get("/admin/users/{user_id}", openapi_extra=needs(Permission.USERS_READ))
async def read_user(portal: ThePortal, user_id: str) -> UserView:
    """One user."""
    return await _whole(portal, user_id)


@router.patch("/admin/users/{user_id}", openapi_extra=needs(Permission.USERS_WRITE))
async def change_user(portal: ThePortal, actor: Acting, user_id: str, body: UserOrder) -> UserView:
    """Change a user; a blocked one is logged out, and their keys are refused."""
    if body.blocked:
        _refuse_oneself(actor, user_id)
    await portal.platform.users.update(
        actor, user_id=user_id, email=None, fields=body.fields(), limits=body.given(*MONEY), role=body.role
    )
    return await _whole(portal, user_id)


@router.delete("/admin/users/{user_id}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.USERS_WRITE))
async def delete_user(portal: ThePortal, actor: Acting, user_id: str) -> None:
    """Delete a user with their keys."""
    _refuse_oneself(actor, user_id)
    await portal.platform.users.delete(actor, [user_id])


async def _apply(portal: Portal, actor: Actor, user_id: str, order: UsersAction) -> None:
    users = portal.platform.users
    if order.action == "limits":
        limits = order.limits or LimitsOrder()
        fields, money = limits.given(*RATES), limits.given(*MONEY)
        await users.update(actor, user_id=user_id, email=None, fields=fields, limits=money)
        return
    if order.action != "unblock":
        _refuse_oneself(actor, user_id)
    if order.action == "delete":
        await users.delete(actor, [user_id])
    else:
        fields = {"blocked": order.action == "block"}
        await users.update(actor, user_id=user_id, email=None, fields=fields, limits={})


async def _whole(portal: Portal, user_id: str) -> UserView:
    detail = await portal.platform.users.get(user_id)
    return _view(portal, detail, await portal.key_views.count(user_id))


def _view(portal: Portal, detail: UserDetail, keys_count: int) -> UserView:
    user, known = detail.user, portal.platform.snapshot.teams
    names = {one: known[one].alias or one for one in detail.teams if one in known}
    return UserView(
        id=user.id,
        name=user.alias or user.email or user.id,
        email=user.email,
        role=user.role,
        blocked=user.blocked,
        models=user.models,
        teams=[Named(id=one, name=names.get(one, one)) for one in detail.teams],
        keys_count=keys_count,
        last_active_at=user.last_login_at,
        created_at=user.created_at,
        **money_of(detail.standing),
        **rates_of(user),
    )


def _refuse_oneself(actor: Actor, user_id: str) -> None:
    if actor.name == user_id:
        raise InvalidInputError("Ask another administrator to do this to you.", param="id")

"""`/user/*`: managing users."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from msgspec.structs import asdict

from litemaas.domain.administration.key_orders import KeyOrder
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.management_keys.entities import Scope
from litemaas.domain.users.entities import Role
from litemaas.domain.users.errors import UserNotFoundError
from litemaas.gateway.management.access import (
    ADMINISTRATORS_ONLY,
    Administrator,
    AnyPlatform,
    CallingOperator,
    Operator,
)
from litemaas.gateway.management.key_rows import issued_key_row, key_row
from litemaas.gateway.management.paging import page_count
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute
from litemaas.gateway.management.team_rows import team_row
from litemaas.gateway.management.user_requests import DeleteUsers, LinkLogin, NewUser, UpdateUser, UserFields, UserQuery
from litemaas.gateway.management.user_rows import UserInfo, UserRow, user_row

router = APIRouter(tags=["users"], route_class=ManagementRoute)


@router.post("/user/new")
async def new_user(platform: AnyPlatform, caller: CallingOperator, body: NewUser) -> Response:
    """Create a user, and a key for them unless `auto_create_key` is false."""
    if body.auto_create_key:
        caller.require(Scope.KEYS_WRITE)
    role, actor = _role_to_grant(caller, body), caller.actor
    user = await platform.users.create(
        actor, user_id=body.user_id, fields=body.fields(), limits=body.limits(), role=role, teams=body.memberships()
    )
    key: dict[str, Any] = {"key": None}
    if body.auto_create_key:
        order = KeyOrder(fields={"user_id": user.user.id, "alias": body.key_alias}, duration=body.duration)
        detail, text = await platform.keys.issue(actor, order)
        key = asdict(issued_key_row(detail, text))
    return render({**key, **asdict(user_row(user))})


@router.post("/user/update")
async def update_user(platform: AnyPlatform, caller: CallingOperator, body: UpdateUser) -> Response:
    """Change a user, named by `user_id`, or else by `user_email`; a user who is not there yet is created."""
    if body.user_id is None and body.user_email is None:
        raise InvalidInputError("Name the user by user_id or user_email.", param="user_id")
    actor, role, fields, limits = caller.actor, _role_to_grant(caller, body), body.fields(), body.limits()
    try:
        user = await platform.users.update(
            actor, user_id=body.user_id, email=body.user_email, fields=fields, limits=limits, role=role
        )
    except UserNotFoundError:
        if body.user_id is None:
            raise
        user = await platform.users.create(actor, user_id=body.user_id, fields=fields, limits=limits, role=role)
    return render({"user_id": user.user.id, "data": user_row(user)})


@router.post("/user/link_login", responses=answers(UserRow))
async def link_login(platform: AnyPlatform, caller: CallingOperator, body: LinkLogin) -> Response:
    """Let the login of one user enter as another from now on, after a move to another identity provider or cluster."""
    caller.require(Scope.ROLES_WRITE)
    return render(user_row(await platform.users.link_login(caller.actor, body.user_id, body.login_of)))


@router.post("/user/delete")
async def delete_users(platform: AnyPlatform, actor: Administrator, body: DeleteUsers) -> Response:
    """Delete users with their keys and memberships; answers how many."""
    return render(len(await platform.users.delete(actor, body.user_ids)))


@router.get("/user/info", dependencies=ADMINISTRATORS_ONLY, responses=answers(UserInfo))
async def user_info(platform: AnyPlatform, user_id: str) -> Response:
    """A user with keys and teams."""
    user = await platform.users.get(user_id)
    keys = [key_row(detail, with_token=True) for detail in await platform.users.keys(user_id)]
    teams = (await platform.teams.page(user_id=user_id))[0]
    rows = [asdict(team_row(team)) for team in teams]
    return render(UserInfo(user_id=user_id, user_info=user_row(user), keys=keys, teams=rows))


@router.get("/v2/user/info", dependencies=ADMINISTRATORS_ONLY, responses=answers(UserRow))
async def user_row_only(platform: AnyPlatform, user_id: str) -> Response:
    """A user."""
    return render(user_row(await platform.users.get(user_id)))


@router.get("/user/list", dependencies=ADMINISTRATORS_ONLY)
async def list_users(platform: AnyPlatform, query: Annotated[UserQuery, Query()]) -> Response:
    """One page of users."""
    users, total = await platform.users.page(
        query.filter(),
        sort_by=query.sort_by,
        descending=query.sort_order == "desc",
        limit=query.page_size,
        offset=(query.page - 1) * query.page_size,
    )
    return render(
        {
            "users": [user_row(user) for user in users],
            "total": total,
            "page": query.page,
            "page_size": query.page_size,
            "total_pages": page_count(total, query.page_size),
        }
    )


def _role_to_grant(caller: Operator, body: UserFields) -> Role | None:
    role = body.role()
    if role is not None:
        caller.require(Scope.ROLES_WRITE)
    return role

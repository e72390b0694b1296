"""Users as the user routes show them."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from litemaas.domain.administration.users import UserDetail
from litemaas.gateway.management.key_rows import KeyRow
from litemaas.gateway.management.limited_rows import LimitedRow, limited_fields
from litemaas.gateway.management.user_requests import ROLE_NAMES


class UserRow(LimitedRow):
    """A user."""

    user_id: str
    user_email: str | None
    user_alias: str | None
    user_role: str
    teams: list[str]
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
    user = detail.user
    return UserRow(
        **limited_fields(user, detail.standing),
        user_id=user.id,
        user_email=user.email,
        user_alias=user.alias,
        user_role=ROLE_NAMES[user.role],
        teams=detail.teams,
        key_count=detail.key_count,
        last_login_at=user.last_login_at,
        sso_user_id=user.subject,
    )

"""Request bodies and queries of the user routes."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, Field

from litemaas.domain.errors import InvalidInputError
from litemaas.domain.users.entities import Role, UserFilter
from litemaas.gateway.management import unsupported
from litemaas.gateway.management.fields import (
    MONEY_FIELDS,
    RATE_FIELDS,
    Grants,
    LimitFields,
    ManagementRequest,
    Name,
    OptionalText,
    Text,
)
from litemaas.gateway.management.paging import PageNumber

_USER_FIELDS = {
    **RATE_FIELDS,
    "user_email": "email",
    "user_alias": "alias",
    "models": "models",
    "blocked": "blocked",
    "metadata": "metadata",
}

ROLE_NAMES = {Role.ADMIN: "proxy_admin", Role.ADMIN_READONLY: "proxy_admin_viewer", Role.USER: "internal_user"}
"""LiteLLM's names of our roles."""

_ROLES = {name: role for role, name in ROLE_NAMES.items()} | {str(role): role for role in Role}


def _role(value: Any) -> Any:
    if value in {None, ""} or isinstance(value, Role):
        return value or None
    if value not in _ROLES:
        raise InvalidInputError(f"user_role must be one of {', '.join(_ROLES)}.", param="user_role")
    return _ROLES[value]


WireRole = Annotated[Role | None, BeforeValidator(_role)]


class Membership(ManagementRequest):
    """A team to put a user into."""

    unsupported: ClassVar = unsupported.TEAM

    team_id: Name
    user_role: Literal["user", "admin"] = "user"


class UserFields(LimitFields):
    """What can be said about a user."""

    unsupported: ClassVar = unsupported.USER

    user_id: OptionalText = None
    user_email: OptionalText = None
    user_alias: OptionalText = None
    user_role: WireRole = None
    budget_id: OptionalText = None
    models: Grants | None = Field(default=None, description="Names granted; absent: all there are; []: none")
    blocked: bool | None = None
    metadata: dict[str, Any] | None = None

    def fields(self) -> dict[str, Any]:
        """Values of the user's own fields; roles go another way."""
        return self.given(_USER_FIELDS)

    def role(self) -> Role | None:
        """The role to grant; null is the one that every user has. None: none was sent."""
        return (self.user_role or Role.USER) if "user_role" in self.model_fields_set else None

    def limits(self) -> dict[str, Any]:
        """Values of the account's limits."""
        return self.given({**MONEY_FIELDS, "budget_id": "budget_id"})


class NewUser(UserFields):
    """Body of `/user/new`."""

    teams: list[Name | Membership] | None = None
    auto_create_key: bool = True
    key_alias: OptionalText = None
    duration: OptionalText = None

    def memberships(self) -> dict[str, str]:
        """Roles by team."""
        return {
            one if isinstance(one, str) else one.team_id: "user" if isinstance(one, str) else one.user_role
            for one in self.teams or ()
        }


class UpdateUser(UserFields):
    """Body of `/user/update`: a merge patch; absent keeps, null clears."""


class LinkLogin(ManagementRequest):
    """Body of `/user/link_login`."""

    user_id: Name = Field(description="The user to go on as")
    login_of: Name = Field(description="The user who came into being at the first login")


class DeleteUsers(ManagementRequest):
    """Body of `/user/delete`."""

    user_ids: Annotated[list[Name], Field(min_length=1)]


class UserQuery(BaseModel):
    """Query of `/user/list`."""

    role: WireRole = None
    user_ids: str | None = None
    user_email: Text | None = None
    search: Text | None = None
    team: Text | None = None
    page: PageNumber = 1
    page_size: Annotated[int, Field(ge=1, le=100)] = 25
    sort_by: str = "created_at"
    sort_order: Literal["asc", "desc"] = "asc"

    def filter(self) -> UserFilter:
        """Which users are wanted."""
        return UserFilter(
            role=self.role,
            ids=[one.strip() for one in self.user_ids.split(",")] if self.user_ids else None,
            email_part=self.user_email,
            search=self.search,
            team_id=self.team,
        )

"""Request bodies and queries of the team routes."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, Field, model_validator

from litemaas.domain.errors import InvalidInputError
from litemaas.gateway.management import unsupported
from litemaas.gateway.management.fields import (
    MONEY_FIELDS,
    RATE_FIELDS,
    Grants,
    LimitFields,
    ManagementRequest,
    Metadata,
    Name,
    OptionalText,
    Text,
)
from litemaas.gateway.management.paging import PageNumber

_TEAM_FIELDS = {
    **RATE_FIELDS,
    "team_alias": "alias",
    "models": "models",
    "model_aliases": "aliases",
    "blocked": "blocked",
    "metadata": "metadata",
}

TeamRole = Literal["user", "admin"]


class NamedMember(ManagementRequest):
    """A member, by id or else by the e-mail address of a user that is there."""

    unsupported: ClassVar = unsupported.TEAM

    user_id: OptionalText = None
    user_email: OptionalText = None
    role: TeamRole = "user"

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        if self.user_id is None and self.user_email is None:
            raise InvalidInputError("Name the member by user_id or user_email.", param="member")
        return self


class TeamFields(LimitFields):
    """What can be said about a team."""

    unsupported: ClassVar = unsupported.TEAM

    team_alias: OptionalText = None
    budget_id: OptionalText = None
    models: Grants | None = Field(default=None, description="Names granted; absent: all there are; []: none")
    model_aliases: dict[Name, Name] | None = None
    blocked: bool | None = None
    metadata: Metadata | None = None

    def fields(self) -> dict[str, Any]:
        """Values of the team's own fields."""
        return self.given(_TEAM_FIELDS)

    def limits(self) -> dict[str, Any]:
        """Values of the account's limits."""
        return self.given({**MONEY_FIELDS, "budget_id": "budget_id"})


class NewTeam(TeamFields):
    """Body of `/team/new`."""

    team_id: OptionalText = None
    admins: list[Name] = Field(default_factory=list)
    members: list[Name] = Field(default_factory=list)
    members_with_roles: list[NamedMember] = Field(default_factory=list)

    def all_members(self) -> list[NamedMember]:
        """Who is in the team, however it was said."""
        plain = [NamedMember(user_id=one) for one in self.members if one not in self.admins]
        return [*self.members_with_roles, *plain, *(NamedMember(user_id=one, role="admin") for one in self.admins)]


class UpdateTeam(TeamFields):
    """Body of `/team/update`: a merge patch; absent keeps, null clears."""

    team_id: Name


class NameTeam(ManagementRequest):
    """Body that names a team."""

    team_id: Name


class DeleteTeams(ManagementRequest):
    """Body of `/team/delete`."""

    team_ids: Annotated[list[Name], Field(min_length=1)]


class AddMembers(ManagementRequest):
    """Body of `/team/member_add`."""

    unsupported: ClassVar = unsupported.TEAM

    team_id: Name
    member: NamedMember | list[NamedMember]


class ChangeMember(NamedMember):
    """Body of `/team/member_update` and `/team/member_delete`."""

    unsupported: ClassVar = {**unsupported.TEAM, **dict.fromkeys(("rpm_limit", "tpm_limit"), unsupported.MEMBERS)}

    team_id: Name


class TeamQuery(BaseModel):
    """Query of `/v2/team/list`."""

    user_id: Text | None = None
    team_id: Text | None = None
    team_alias: Text | None = Field(default=None, description="Part of the alias or id")
    page: PageNumber = 1
    page_size: Annotated[int, Field(ge=1, le=100)] = 10
    sort_by: str = "team_alias"
    sort_order: Literal["asc", "desc"] = "asc"

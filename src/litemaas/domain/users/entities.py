"""What a user is."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Role(StrEnum):
    """What a person may do in the portal."""

    ADMIN = "admin"
    ADMIN_READONLY = "admin-readonly"
    USER = "user"


class User(Struct, frozen=True, kw_only=True):
    """A person, or a name that keys were issued for.

    Attributes:
        models: Grants that bound the user's personal keys; a new user has `all-proxy-models`.
        issuer: With `subject`, who the identity provider says this is. E-mail addresses never identify.
    """

    id: str
    email: str | None = None
    alias: str | None = None
    role: Role = Role.USER
    models: list[str]
    rpm_limit: int | None = None
    tpm_limit: int | None = None
    max_parallel_requests: int | None = None
    blocked: bool = False
    metadata: dict[str, Any] = {}
    issuer: str | None = None
    subject: str | None = None
    last_login_at: datetime | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    deleted_at: datetime | None = None


class UserFilter(Struct, frozen=True, kw_only=True):
    """Which users to list; None: all.

    Attributes:
        email_part: Part of the e-mail address.
        search: Part of the id, the alias or the e-mail address.
    """

    role: Role | None = None
    ids: list[str] | None = None
    email_part: str | None = None
    search: str | None = None
    team_id: str | None = None
    blocked: bool | None = None

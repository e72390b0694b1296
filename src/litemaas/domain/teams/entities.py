"""What a team is."""

from datetime import datetime
from typing import Any

from msgspec import Struct


class Member(Struct, frozen=True):
    """A user's place in a team."""

    user_id: str
    role: str = "user"


class Team(Struct, frozen=True, kw_only=True):
    """People that share models, limits and a budget.

    Attributes:
        models: Grants that bound every key of the team; a new team has `all-proxy-models`.
        aliases: Names the team's keys may use for a model, to the model's name.
    """

    id: str
    alias: str | None = None
    models: list[str]
    aliases: dict[str, str] = {}
    rpm_limit: int | None = None
    tpm_limit: int | None = None
    max_parallel_requests: int | None = None
    blocked: bool = False
    metadata: dict[str, Any] = {}
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    deleted_at: datetime | None = None

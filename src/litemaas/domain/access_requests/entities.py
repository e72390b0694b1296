"""What a request for access is."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class RequestStatus(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class Step(Struct, frozen=True):
    """Something that happened to a request."""

    at: datetime
    actor: str
    status: RequestStatus
    reason: str | None


class AccessRequest(Struct, frozen=True, kw_only=True):
    """A person's request for one model; asking again continues it, so that its history stays in one place."""

    id: UUID
    user_id: str
    model: str
    reason: str | None
    status: RequestStatus
    decision_reason: str | None = None
    created_at: datetime
    decided_at: datetime | None = None


class RequestDetail(Struct, frozen=True):
    """A request with its asker's name and its history, the oldest step first."""

    request: AccessRequest
    user_name: str
    history: list[Step]


class RequestFilter(Struct, frozen=True, kw_only=True):
    """Which requests to list; None: all."""

    user_id: str | None = None
    model: str | None = None
    status: RequestStatus | None = None
    search: str | None = None

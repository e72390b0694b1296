"""Who changed what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct


class Actor(Struct, frozen=True):
    """Who asks for a change.

    Attributes:
        name: A user's id, or what an operator's credential is called.
        address: The network address the request came from, if it came over the network.
    """

    name: str
    address: str | None = None


class AuditEntry(Struct, frozen=True, kw_only=True):
    """One change.

    Attributes:
        action: What was done, as a verb, e.g. `issue`.
        before: The fields that changed, as they were; None for something new.
        after: The same fields as they are now; None for something deleted.
    """

    id: UUID
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    address: str | None = None

"""What we know of a thing that an upstream keeps."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

Kind = Literal["response", "file", "batch"]


class UpstreamObject(Struct, frozen=True, kw_only=True):
    """A thing that an upstream keeps, and that only its owner may name.

    Attributes:
        id: As the upstream gave it; another upstream may give the same, so that it is unique with `owner` only.
        owner: See `owner_of`.
        deployment_id: Who keeps it.
        model: The group's public name under which it was made.
        tokens: What a call that goes on from it has in its prompt besides its own text.
        expires_at: When we forget it; None: never.
        circumstances: Of a batch: who runs what where, for its record in the ledger; of it and of the file that it runs
            also the most that it can cost (`most_cost`).
        settled_at: Of a batch: when it was booked, or given up; None: not yet.
    """

    kind: Kind
    id: str
    owner: str
    deployment_id: str
    model: str
    tokens: int = 0
    created_at: datetime
    expires_at: datetime | None = None
    circumstances: dict[str, Any] | None = None
    settled_at: datetime | None = None


def owner_of(user_id: str | None, team_id: str | None, key_id: UUID | None) -> str:
    """Who owns what is made with a key: its user, else its team, else the key itself; without a key, the operator.

    So it outlives a key that is rotated or replaced, and people of one team do not see one another's.
    """
    if user_id is not None:
        return f"user:{user_id}"
    if team_id is not None:
        return f"team:{team_id}"
    return f"key:{key_id}" if key_id is not None else "operator"

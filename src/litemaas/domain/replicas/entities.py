"""What a replica says of itself."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Replica(Struct, frozen=True, kw_only=True):
    """A process that serves.

    Attributes:
        id: Random, anew at each start.
        host: What its machine, or its pod, is called.
        snapshot_age: Seconds since the database last confirmed what it knows.
    """

    id: UUID
    host: str
    version: str
    started_at: datetime
    last_seen_at: datetime
    snapshot_age: float

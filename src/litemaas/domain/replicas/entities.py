"""What a replica says of itself."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Replica(Struct, frozen=True, kw_only=True):
    """A process that serves.

    Attributes:
        id: Random, anew at each start; its leases carry it too.
        host: What its machine, or its pod, is called.
        snapshot_age: Seconds since the database last confirmed what it knows.
        sees_redis: Whether it has a Redis, and that answers.
        shares_in: Where it has told what it uses of rate limits: `redis`, `postgres`; empty: it counts for itself.
    """

    id: UUID
    host: str
    version: str
    started_at: datetime
    last_seen_at: datetime
    snapshot_age: float
    sees_redis: bool = False
    shares_in: str = ""

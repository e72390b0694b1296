"""The record of one call."""

from decimal import Decimal
from uuid import UUID

from msgspec import Struct


class LedgerRecord(Struct, frozen=True, omit_defaults=True, gc=False):
    """One call as the journal and the ledger keep it. Prompts and answers are never part of it.

    Attributes:
        id: Ours, UUIDv7; the client's own id is `request_id` and means nothing to us.
        started_at: Unix time in seconds.
        model: The model group's public name.
        cost: US dollars.
        estimated: The usage was counted by us.
        cached: Answered from the response cache.
        labels: Cost centre and the like, from key and team.
    """

    id: str
    started_at: float
    endpoint: str
    model: str
    deployment_id: str
    provider: str
    status: int
    cost: Decimal
    duration_ms: int
    key_id: UUID | None = None
    user_id: str | None = None
    team_id: str | None = None
    end_user: str | None = None
    request_id: str | None = None
    error_code: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = False
    cached: bool = False
    streamed: bool = False
    attempts: int = 1
    first_byte_ms: int | None = None
    labels: dict[str, str] | None = None

"""The record of one call."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from litemaas.providers.units import Units


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
        units: What was used besides tokens.
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
    units: Units | None = None


class SpendFilter(Struct, frozen=True, kw_only=True):
    """Whose calls a report is about; None: everybody's. Days are UTC and both ends are in.

    Attributes:
        labels: That calls have, all of them, with these values; only single calls have labels, daily sums have none.
    """

    first_day: date | None = None
    last_day: date | None = None
    key_hash: str | None = None
    user_id: str | None = None
    team_ids: list[str] | None = None
    model: str | None = None
    labels: dict[str, str] = {}


class DailyRow(Struct, frozen=True, kw_only=True):
    """What one key spent on one model at one provider and endpoint on one day."""

    day: date
    key_hash: str
    key_alias: str | None
    key_hint: str | None
    user_id: str
    team_id: str
    model: str
    provider: str
    endpoint: str
    requests: int
    failed_requests: int
    input_tokens: int
    output_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    cost: Decimal
    duration_ms: int


class LedgerRow(Struct, frozen=True, kw_only=True):
    """One call, as reports show it."""

    id: UUID
    started_at: datetime
    key_hash: str
    key_alias: str | None
    user_id: str | None
    team_id: str | None
    end_user: str | None
    endpoint: str
    model: str
    deployment_id: str
    provider: str
    status: int
    error_code: str | None
    input_tokens: int
    output_tokens: int
    cached_input_tokens: int
    cost: Decimal
    estimated: bool
    cached: bool
    streamed: bool
    duration_ms: int
    first_byte_ms: int | None
    labels: dict[str, str] | None
    images: int | None
    seconds: int | None
    characters: int | None
    searches: int | None


class DailySum(Struct, frozen=True, kw_only=True):
    """What one key of one user and team spent on one model on one day, whatever served it."""

    day: date
    key_hash: str
    key_alias: str | None
    user_id: str
    team_id: str
    team_alias: str | None
    model: str
    input_tokens: int
    output_tokens: int
    cost: Decimal

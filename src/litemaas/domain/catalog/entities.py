"""What we serve: model groups and deployments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

MOST_RETRIES = 10
MOST_STAND_INS = 10
MOST_ALLOWED_FAILS = 10_000
MOST_COOLDOWN_SECONDS = 86_400
"""Bounds of what may be said of a group's routing, wherever it is said."""


class Routing(Struct, frozen=True, kw_only=True):
    """How a group's calls are spread and what happens when a deployment fails.

    Attributes:
        strategy: `simple-shuffle`, `least-busy`, `latency-based-routing` or `lowest-cost`.
        fallbacks: Names of the groups to try when every deployment of this one failed.
        context_window_fallbacks: Names of the groups to try when the prompt does not fit.
    """

    strategy: str = "simple-shuffle"
    retries: int = 2
    fallbacks: list[str] = []
    context_window_fallbacks: list[str] = []
    allowed_fails: int = 3
    cooldown_seconds: float = 5.0


class Retirement(Struct, frozen=True):
    """How a model goes out of use. Days are UTC; calls are answered all the same.

    Attributes:
        deprecated_on: From this day on nobody should begin to use it.
        sunset_on: From this day on it may be gone.
        successor: Public name of the model to use instead.
    """

    deprecated_on: date | None
    sunset_on: date | None
    successor: str | None


class ModelGroup(Struct, frozen=True, kw_only=True):
    """A public model name, as the catalogue lists it.

    Attributes:
        cache_ttl: Seconds for which the response cache keeps an answer; None: the model has none.
        cache_shared: All tenants share answers; if not, each team, or user without a team, has its own.
    """

    id: UUID
    name: str
    mode: str = "chat"
    description: str | None = None
    access_groups: list[str] = []
    restricted: bool = False
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    routing: Routing = Routing()
    metadata: dict[str, Any] = {}
    deprecated_on: date | None = None
    successor: str | None = None
    sunset_on: date | None = None
    cache_ttl: int | None = None
    cache_shared: bool = False
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None

    @property
    def retirement(self) -> Retirement | None:
        """How it goes out of use; None: it does not."""
        if self.deprecated_on is None and self.sunset_on is None:
            return None
        return Retirement(self.deprecated_on, self.sunset_on, self.successor)


class Timeouts(Struct, frozen=True):
    """Seconds; None: the setting's."""

    connect: float | None = None
    first_byte: float | None = None
    idle: float | None = None
    total: float | None = None


class Deployment(Struct, frozen=True, kw_only=True):
    """One upstream endpoint that serves a model group.

    Attributes:
        provider: Row of `providers.registry`, e.g. `openai`.
        upstream_model: The model's id at the upstream, without a provider prefix.
        credential: The upstream's API key, encrypted.
        settings: What else was given in `litellm_params`, secrets excepted.
        metadata: `model_info` as given.
    """

    id: str
    group_id: UUID
    provider: str
    upstream_model: str
    api_base: str | None = None
    credential: bytes | None = None
    weight: float = 1.0
    rpm_limit: int | None = None
    tpm_limit: int | None = None
    max_parallel_requests: int | None = None
    timeouts: Timeouts = Timeouts()
    settings: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None

"""What can be said of how a model's calls are spread; LiteLLM has this once for all its models."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from litemaas.domain.catalog.entities import (
    MOST_ALLOWED_FAILS,
    MOST_COOLDOWN_SECONDS,
    MOST_RETRIES,
    MOST_STAND_INS,
)
from litemaas.gateway.management.fields import Name, OptionalText

StandIns = Annotated[list[Name], Field(max_length=MOST_STAND_INS)] | None


class RoutingFields(BaseModel):
    """`model_info.routing`: a merge patch for all deployments of the name; null returns a field to its default."""

    model_config = ConfigDict(extra="forbid")

    strategy: OptionalText = Field(
        default=None, description="simple-shuffle, least-busy, latency-based-routing or lowest-cost"
    )
    retries: Annotated[int, Field(ge=0, le=MOST_RETRIES)] | None = Field(
        default=None, description="How many further deployments a call that failed is sent to"
    )
    fallbacks: StandIns = Field(default=None, description="Models that stand in when the deployments failed, in order")
    context_window_fallbacks: StandIns = Field(default=None, description="Models for a prompt that is too long")
    allowed_fails: Annotated[int, Field(ge=0, le=MOST_ALLOWED_FAILS)] | None = Field(
        default=None, description="How often a deployment may fail within a minute before it rests"
    )
    cooldown_seconds: Annotated[float, Field(ge=0, le=MOST_COOLDOWN_SECONDS, allow_inf_nan=False)] | None = Field(
        default=None, description="How long it rests then"
    )

    def patch(self) -> dict[str, Any]:
        """What was sent."""
        return self.model_dump(exclude_unset=True)


def routing_patch(routing: RoutingFields | None) -> dict[str, Any]:
    """What a request says of routing that names it; null returns all of it to the default."""
    return dict.fromkeys(RoutingFields.model_fields) if routing is None else routing.patch()

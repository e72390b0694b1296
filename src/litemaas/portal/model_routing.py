"""How a model's calls are spread, and who stands in for it, as admins order and see it."""

from typing import Annotated, Any, Literal, cast, get_args

from msgspec.structs import asdict
from pydantic import BaseModel, Field

from litemaas.domain.catalog.entities import (
    MOST_ALLOWED_FAILS,
    MOST_COOLDOWN_SECONDS,
    MOST_RETRIES,
    MOST_STAND_INS,
    Routing,
)
from litemaas.domain.routing.choosing import STRATEGIES, simple_shuffle
from litemaas.portal.fields import Name, Order

Strategy = Literal["simple-shuffle", "least-busy", "latency-based-routing", "lowest-cost"]
"""Each strategy once, by our name for it."""

StandIns = Annotated[list[Name], Field(max_length=MOST_STAND_INS)]


class RoutingOrder(Order):
    """What is to change of it; absent: as it is, null: the default."""

    strategy: Strategy | None = Field(default=None, description="Which deployment gets a call")
    retries: Annotated[int, Field(ge=0, le=MOST_RETRIES)] | None = Field(
        default=None, description="How many further deployments a call that failed is sent to"
    )
    fallbacks: StandIns | None = Field(
        default=None, description="Models that stand in when the deployments failed, in order"
    )
    context_window_fallbacks: StandIns | None = Field(default=None, description="Models for a prompt that is too long")
    allowed_fails: Annotated[int, Field(ge=0, le=MOST_ALLOWED_FAILS)] | None = Field(
        default=None, description="How often a deployment may fail within a minute before it rests"
    )
    cooldown_seconds: Annotated[float, Field(ge=0, le=MOST_COOLDOWN_SECONDS, allow_inf_nan=False)] | None = Field(
        default=None, description="How long it rests then"
    )

    def patch(self) -> dict[str, Any]:
        """The fields that were sent."""
        return self.given(*RoutingOrder.model_fields)


class RoutingView(BaseModel):
    """What holds for a model, whether somebody said it or not."""

    strategy: Strategy
    retries: int
    fallbacks: list[str]
    context_window_fallbacks: list[str]
    allowed_fails: int
    cooldown_seconds: float


def default_patch() -> dict[str, Any]:
    """All of it returned to the default."""
    return dict.fromkeys(RoutingOrder.model_fields)


def routing_view(routing: Routing) -> RoutingView:
    """The routing in force; a strategy of another name by ours, one that nobody knows by what the router does then."""
    in_force = STRATEGIES.get(routing.strategy, simple_shuffle)
    ours = next(name for name in get_args(Strategy) if STRATEGIES[name] is in_force)
    return RoutingView(**{**asdict(routing), "strategy": cast("Strategy", ours)})

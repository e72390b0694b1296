"""Models as admins order and see them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Annotated, Any, Literal

from msgspec import UNSET
from msgspec.structs import replace
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field
from pydantic_core import PydanticCustomError

from litemaas.domain.administration.model_orders import ModelDetail, ModelOrder
from litemaas.domain.catalog.entities import Deployment
from litemaas.domain.pricing.entities import Price
from litemaas.domain.probing import Verdict
from litemaas.domain.spend.usage import Totals
from litemaas.portal.fields import Limit, Money, Name, Order, Text
from litemaas.portal.model_health import UNSEEN, Health, Seen, health_together
from litemaas.portal.model_routing import RoutingOrder, RoutingView, default_patch, routing_view
from litemaas.portal.model_views import Capability, PricesView, capabilities_of, prices_view, unit_prices
from litemaas.settings import Secret

_MOST_PER_MILLION = 10**9
_MOST_CALLS = 10**6
_MOST_CACHE_SECONDS = 31 * 86_400
_STEPS = {"authorised": "auth", "listed": "model"}
_VERDICTS = {"ok": "passed"}
_TIMEOUTS = {"connect_seconds": "connect", "first_token_seconds": "first_byte", "total_seconds": "total"}
_GROUP = (
    *("mode", "description", "restricted", "access_groups", "max_input_tokens", "max_output_tokens"),
    *("deprecated_on", "sunset_on", "successor", "cache_ttl", "cache_shared"),
)
_DEPLOYMENT = ("weight", "rpm_limit", "tpm_limit", "max_parallel_requests")


def _sendable(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise PydanticCustomError("unsendable", "A key must be printable ASCII")
    return text


Credential = Annotated[str, Field(max_length=16_384), AfterValidator(_sendable)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
CacheSeconds = Annotated[int, Field(gt=0, le=_MOST_CACHE_SECONDS)]
Tokens = Annotated[int, Field(gt=0, le=2**53)]
PerMillion = Annotated[Decimal, Field(ge=0, le=_MOST_PER_MILLION, allow_inf_nan=False)]


class TimeoutsOrder(Order):
    """Patience with an upstream; null: the setting's."""

    connect_seconds: Seconds | None = None
    first_token_seconds: Seconds | None = None
    total_seconds: Seconds | None = None


class PricesOrder(Order):
    """Prices in US dollars."""

    input_per_million: PerMillion | None = None
    output_per_million: PerMillion | None = None
    cached_input_per_million: PerMillion | None = None
    request: PerMillion | None = None
    image: PerMillion | None = Field(default=None, description="Per image of a prompt")
    output_image: PerMillion | None = Field(default=None, description="Per image made; null: as one of a prompt")
    second: PerMillion | None = Field(default=None, description="Per second of audio heard")
    characters_per_million: PerMillion | None = Field(default=None, description="Of text that is spoken")
    search: PerMillion | None = Field(default=None, description="Per search unit of a reranker")

    def per_unit(self) -> dict[str, Decimal | None]:
        """The prices that were sent, per unit, by the domain's names."""
        return unit_prices(self.given(*PricesOrder.model_fields))


class NewPrices(PricesOrder):
    """Prices from a moment on, without one from now on; absent: as it is then, null: none."""

    effective_from: AwareDatetime | None = None


class PriceChange(BaseModel):
    """What a model will cost from a moment on."""

    effective_from: datetime
    prices: PricesView


class GroupFields(Order):
    """What can be said about a public name; absent: as it is."""

    mode: Name | None = None
    description: Text | None = None
    restricted: bool | None = None
    access_groups: list[Name] | None = None
    capabilities: list[Capability] | None = None
    max_input_tokens: Tokens | None = None
    max_output_tokens: Tokens | None = None
    deprecated_on: date | None = None
    sunset_on: date | None = None
    successor: Name | None = None
    cache_ttl: CacheSeconds | None = Field(default=None, description="How long answers are kept; null: never")
    cache_shared: bool | None = Field(default=None, description="All teams share the kept answers")
    routing: RoutingOrder | None = Field(default=None, description="How calls are spread; null: the default of all")

    def group(self, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the group's fields; `metadata` is what it has."""
        values = self.given(*_GROUP)
        if "capabilities" in self.model_fields_set:
            values["metadata"] = {**metadata, "capabilities": self.capabilities or []}
        return values

    def routing_patch(self) -> dict[str, Any]:
        """Values of its routing's fields."""
        if "routing" not in self.model_fields_set:
            return {}
        return self.routing.patch() if self.routing else default_patch()


class GroupChange(GroupFields):
    """What is to change about a public name."""

    public_name: Name | None = None


class DeploymentFields(Order):
    """What can be said about a deployment; absent: as it is."""

    provider: Name | None = None
    litellm_model: Name | None = None
    api_base: Text | None = None
    api_key: Credential | None = None
    weight: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] | None = None
    rpm_limit: Limit | None = None
    tpm_limit: Limit | None = None
    max_parallel_requests: Annotated[int, Field(gt=0, le=_MOST_CALLS)] | None = None
    timeouts: TimeoutsOrder | None = None

    def order(self, name: str | None = None, group: Mapping[str, Any] | None = None) -> ModelOrder:
        """What the domain is to do."""
        sent = self.model_fields_set
        timeouts = self.timeouts.given(*_TIMEOUTS) if self.timeouts else {}
        return ModelOrder(
            name=name,
            model=self.litellm_model,
            provider=self.provider,
            api_base=self.api_base or None if "api_base" in sent else UNSET,
            credential=(Secret(self.api_key) if self.api_key else None) if "api_key" in sent else UNSET,
            group=group or {},
            fields=self.given(*_DEPLOYMENT),
            timeouts={_TIMEOUTS[field]: seconds for field, seconds in timeouts.items()},
        )


class NewDeployment(DeploymentFields):
    """A further way to serve a public name."""

    litellm_model: Name


class NewModel(GroupFields, NewDeployment):
    """A model to be added, or to be tried before that."""

    id: Name | None = Field(default=None, description="The deployment's id; null: made here")
    public_name: Name
    prices: PricesOrder | None = None

    def model_order(self) -> ModelOrder:
        """What the domain is to do."""
        order = self.order(self.public_name, self.group({}))
        prices = self.prices.per_unit() if self.prices else {}
        return replace(
            order,
            routing=self.routing_patch(),
            prices={name: amount for name, amount in prices.items() if amount is not None},
        )


class TimeoutsView(BaseModel):
    """Patience with an upstream; null: the setting's."""

    connect_seconds: float | None
    first_token_seconds: float | None
    total_seconds: float | None


class DeploymentView(BaseModel):
    """A deployment; of its credential only whether there is one."""

    id: str
    provider: str
    litellm_model: str
    api_base: str | None
    has_api_key: bool
    weight: float
    rpm_limit: int | None
    tpm_limit: int | None
    max_parallel_requests: int | None
    timeouts: TimeoutsView
    health: Health
    last_error: str | None
    last_checked_at: datetime | None


class GroupView(BaseModel):
    """A public name and what serves it."""

    name: str
    mode: str
    description: str | None
    restricted: bool
    access_groups: list[str]
    capabilities: list[Capability]
    max_input_tokens: int | None
    max_output_tokens: int | None
    deprecated_on: date | None
    sunset_on: date | None
    successor: str | None
    cache_ttl: int | None
    cache_shared: bool
    routing: RoutingView
    prices: PricesView
    price_changes: Annotated[list[PriceChange], Field(description="Those to come, the next first")]
    health: Health
    deployments: list[DeploymentView]
    requests_7d: int
    cost_7d: Money
    created_at: datetime | None


class TestStep(BaseModel):
    """One thing that must work."""

    step: Literal["address", "dns", "connection", "tls", "auth", "model", "call"]
    verdict: Literal["passed", "failed", "skipped"]
    message: str


class TestReport(BaseModel):
    """Whether a deployment works, step by step."""

    ok: bool
    steps: list[TestStep]


def group_view(
    details: Sequence[ModelDetail], seen: Mapping[str, Seen], used: Totals, coming: Sequence[Price]
) -> GroupView:
    """A public name by its deployments.

    Args:
        details: Its deployments.
        seen: How deployments were found of late.
        used: What it was called for in the last seven days.
        coming: Prices of all deployments that are not in force yet, in the order in which they will be.
    """
    group = details[0].group
    own = [price for price in coming if price.deployment_id in {detail.deployment.id for detail in details}]
    deployments = [deployment_view(detail.deployment, seen.get(detail.deployment.id, UNSEEN)) for detail in details]
    return GroupView(
        **{name: getattr(group, name) for name in ("name", *_GROUP)},
        capabilities=capabilities_of(group, (detail.deployment.metadata for detail in details)),
        routing=routing_view(group.routing),
        prices=prices_view(detail.price for detail in details),
        price_changes=[
            PriceChange(effective_from=moment, prices=prices_view(prices))
            for moment, prices in groupby(own, key=lambda price: price.effective_from)
        ],
        health=health_together(one.health for one in deployments),
        deployments=deployments,
        requests_7d=used.requests,
        cost_7d=used.cost,
        created_at=group.created_at,
    )


def deployment_view(deployment: Deployment, seen: Seen) -> DeploymentView:
    """A deployment, and how it was found of late."""
    return DeploymentView(
        id=deployment.id,
        provider=deployment.provider,
        litellm_model=deployment.upstream_model,
        api_base=deployment.api_base,
        has_api_key=deployment.credential is not None,
        timeouts=TimeoutsView(**{name: getattr(deployment.timeouts, ours) for name, ours in _TIMEOUTS.items()}),
        health=seen.health,
        last_error=seen.last_error,
        last_checked_at=seen.last_checked_at,
        **{name: getattr(deployment, name) for name in _DEPLOYMENT},
    )


def test_report(verdict: Verdict) -> TestReport:
    """The outcome of a trial."""
    steps = [
        TestStep.model_validate(
            {
                "step": _STEPS.get(one.name, one.name),
                "verdict": _VERDICTS.get(one.verdict, one.verdict),
                "message": one.detail,
            }
        )
        for one in verdict.steps
    ]
    return TestReport(ok=verdict.ok, steps=steps)

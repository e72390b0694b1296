"""Request bodies of the model routes, and what they mean to the domain."""

import os
import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, get_type_hints

from msgspec import UNSET
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from litemaas.domain.administration.model_orders import ModelOrder
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.pricing.names import LITELLM_NAMES
from litemaas.gateway.management.fields import Grants, Limit, ManagementRequest, Name, OptionalText
from litemaas.gateway.management.routing_requests import RoutingFields, routing_patch
from litemaas.settings import Secret, Settings, variable_of

_MOST_PER_UNIT = 10_000
_MOST_CACHE_SECONDS = 31 * 86400
_ENVIRONMENT = "os.environ/"
_SECRET_NAME = re.compile(
    r"secret|password|passwd|credential|private|headers|token(?!s|_cost)|(^|_)keys?(_|$)", re.IGNORECASE
)
_OUR_SECRETS = frozenset(
    variable_of(name, hint)
    for group in get_type_hints(Settings).values()
    for name, hint in get_type_hints(group, include_extras=True).items()
    if hint.__origin__ is Secret
)

_UNPRICED = ("image", "second", "character", "pixel", "audio_token", "query")
"""Kinds of units that LiteLLM has more prices for than we can charge, such as `input_cost_per_pixel`."""

_MOST_CALLS = 10**6
_RATE_FIELDS = {"rpm": "rpm_limit", "tpm": "tpm_limit", "max_parallel_requests": "max_parallel_requests"}
_TIMEOUT_FIELDS = {"timeout": "total", "stream_timeout": "first_byte"}
_GROUP_FIELDS = (
    "mode",
    "access_groups",
    "max_input_tokens",
    "max_output_tokens",
    "description",
    "restricted",
    "deprecated_on",
    "sunset_on",
    "successor",
    "cache_ttl",
    "cache_shared",
)
_OWN_PARAMETERS = frozenset({"model", "custom_llm_provider", "api_base", "api_key", "weight", *LITELLM_NAMES})


def _from_environment(value: Any) -> Any:
    """Replace `os.environ/NAME` by the variable's value; our own secrets are not for upstreams."""
    if not (isinstance(value, str) and value.startswith(_ENVIRONMENT)):
        return value
    name = value.removeprefix(_ENVIRONMENT)
    if name in _OUR_SECRETS or name not in os.environ:
        raise InvalidInputError(f"The gateway has no environment variable {name!r} for models.", param="litellm_params")
    return os.environ[name].strip()


def _sendable(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise PydanticCustomError("unsendable", "A key must be printable ASCII")
    return text


Address = Annotated[OptionalText, BeforeValidator(_from_environment)]
Credential = Annotated[
    Annotated[str, Field(max_length=16_384), AfterValidator(_sendable)] | None, BeforeValidator(_from_environment)
]
Price = Annotated[Decimal, Field(ge=0, le=_MOST_PER_UNIT, allow_inf_nan=False)] | None
Tokens = Annotated[int, Field(gt=0, le=2**53)] | None
Seconds = Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)] | None


class UnitPrices(BaseModel):
    """Prices in US dollars per unit."""

    input_cost_per_token: Price = None
    output_cost_per_token: Price = None
    cache_read_input_token_cost: Price = None
    cache_creation_input_token_cost: Price = None
    output_cost_per_reasoning_token: Price = None
    input_cost_per_request: Price = None
    input_cost_per_image: Price = Field(default=None, description="Per image of a prompt")
    output_cost_per_image: Price = Field(default=None, description="Per image made; absent: as one of a prompt")
    input_cost_per_second: Price = Field(default=None, description="Per second of audio that is transcribed")
    input_cost_per_character: Price = Field(default=None, description="Per character of text that is spoken")
    input_cost_per_query: Price = Field(default=None, description="Per search unit of a reranker")


class UpstreamParameters(UnitPrices):
    """`litellm_params`: how a deployment is reached, and what it costs in US dollars per unit."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    model: Name | None = Field(default=None, description="<provider>/<id>, e.g. openai/granite-3-2-8b-instruct")
    custom_llm_provider: OptionalText = None
    api_base: Address = None
    api_key: Credential = Field(default=None, repr=False, description="Kept encrypted and never shown again")
    weight: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] | None = None
    rpm: Limit = None
    tpm: Limit = None
    max_parallel_requests: Annotated[int, Field(gt=0, le=_MOST_CALLS)] | None = Field(
        default=None, description="Calls at a time; null: as many as come"
    )
    timeout: Seconds = Field(default=None, description="Seconds for a whole answer")
    stream_timeout: Seconds = Field(default=None, description="Seconds to the first byte")

    @model_validator(mode="after")
    def _refuse_what_would_not_hold(self) -> "UpstreamParameters":
        for name, value in (self.model_extra or {}).items():
            where = f"litellm_params.{name}"
            if value in (None, "", {}, []):
                continue
            if "cost_per" in name and any(unit in name for unit in _UNPRICED):
                raise InvalidInputError(
                    f"{where} is not charged here; give a price per token, request, image, second, character or query.",
                    param=where,
                )
            if "cost" not in name and _SECRET_NAME.search(name):
                raise InvalidInputError(f"{where} is not supported: only api_key is kept encrypted.", param=where)
        return self


class ModelInfo(BaseModel):
    """`model_info`: what the catalogue tells about a model; anything else is kept as it is given."""

    model_config = ConfigDict(extra="allow")

    id: OptionalText = None
    mode: OptionalText = None
    base_model: OptionalText = None
    description: Annotated[str, Field(max_length=10_000)] | None = None
    access_groups: Grants | None = None
    restricted: bool = Field(default=False, description="People must ask for it: `all-open-models` leaves it out")
    max_tokens: Tokens = None
    max_input_tokens: Tokens = None
    max_output_tokens: Tokens = None
    deprecated_on: date | None = Field(default=None, description="From this day on nobody should begin to use it")
    sunset_on: date | None = Field(default=None, description="From this day on it may be gone")
    successor: OptionalText = Field(default=None, description="Public name of the model to use instead")
    supports_responses: bool | None = Field(
        default=None, description="Serves /v1/responses itself; absent: OpenAI and vLLM do, to others it is a chat"
    )
    cache_ttl: Annotated[int, Field(gt=0, le=_MOST_CACHE_SECONDS)] | None = Field(
        default=None, description="Seconds for which an answer is kept for equal questions; null: not at all"
    )
    cache_shared: bool | None = Field(
        default=None, description="Answers are kept for everybody; if not, for each team, or user without a team"
    )
    routing: RoutingFields | None = None


class ModelFields(ManagementRequest):
    """What can be said about a model."""

    model_name: Name | None = Field(default=None, description="The public name")
    litellm_params: UpstreamParameters = Field(default_factory=UpstreamParameters)
    model_info: ModelInfo = Field(default_factory=ModelInfo)

    def order(self) -> ModelOrder:
        """What the domain is to do."""
        upstream, about = self.litellm_params, self.model_info
        sent = upstream.model_fields_set
        described = about.model_dump(exclude_unset=True, exclude={"id", "routing"})
        group = {name: described[name] for name in _GROUP_FIELDS if name in described}
        if described.get("max_tokens") and "max_output_tokens" not in group:
            group["max_output_tokens"] = described["max_tokens"]
        extra = {name: value for name, value in (upstream.model_extra or {}).items() if name not in _OWN_PARAMETERS}
        return ModelOrder(
            name=self.model_name,
            model=upstream.model,
            provider=upstream.custom_llm_provider,
            api_base=upstream.api_base if "api_base" in sent else UNSET,
            credential=_credential(upstream.api_key) if "api_key" in sent else UNSET,
            group=group,
            routing=routing_patch(about.routing) if "routing" in about.model_fields_set else {},
            fields=_given(upstream, {**_RATE_FIELDS, "weight": "weight"}),
            timeouts=_given(upstream, _TIMEOUT_FIELDS),
            settings=extra,
            metadata={name: value for name, value in described.items() if name not in LITELLM_NAMES},
            prices=_given(upstream, LITELLM_NAMES),
            base_model=about.base_model,
        )


class NewModel(ModelFields):
    """Body of `/model/new`, and of `/model/test` for a model that is not there yet."""


class ChangedModel(ModelFields):
    """Body of `/model/update` and of `PATCH /model/{id}/update`: a merge patch."""


class NameModel(ManagementRequest):
    """Body that names a deployment."""

    id: Name


class TestModel(ModelFields):
    """Body of `/model/test`: a deployment that is there, by its id, or one that is not, as in `/model/new`."""

    id: OptionalText = None


class NewPrices(ManagementRequest, UnitPrices):
    """Body of `/model/prices`: what a public name costs from a moment on; absent: as it does then, null: nothing."""

    model_name: Name
    effective_from: AwareDatetime | None = Field(default=None, description="Absent: at once")

    def per_unit(self) -> dict[str, Decimal | None]:
        """The prices that were sent, by the domain's names."""
        return _given(self, LITELLM_NAMES)


class PricesToCancel(ManagementRequest):
    """Body of `/model/prices/cancel`."""

    model_name: Name
    effective_from: AwareDatetime


class Endpoint(ManagementRequest):
    """Body of `/model/discover`."""

    api_base: Name
    api_key: Credential = Field(default=None, repr=False)


def _given(upstream: UnitPrices, names: dict[str, str]) -> dict[str, Any]:
    return {ours: getattr(upstream, name) for name, ours in names.items() if name in upstream.model_fields_set}


def _credential(text: str | None) -> Secret | None:
    return Secret(text) if text else None

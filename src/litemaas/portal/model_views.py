"""Models as answers show them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel

from litemaas.domain.catalog.entities import ModelGroup
from litemaas.domain.pricing.entities import Price
from litemaas.portal.fields import MILLION, Money, per_million

Capability = Literal[
    "vision", "function_calling", "reasoning", "json_schema", "streaming", "audio_input", "prompt_caching"
]
"""What a model can do beyond answering text with text."""

_FLAGS: Mapping[str, Capability] = {
    "supports_vision": "vision",
    "supports_function_calling": "function_calling",
    "supports_reasoning": "reasoning",
    "supports_response_schema": "json_schema",
    "supports_native_streaming": "streaming",
    "supports_audio_input": "audio_input",
    "supports_prompt_caching": "prompt_caching",
}
"""LiteLLM's names of capabilities in `model_info`, and ours."""

_UNPRICED = "none"
_UNITS = {
    "input_per_million": "input_token",
    "output_per_million": "output_token",
    "cached_input_per_million": "cached_input_token",
    "request": "request",
    "image": "image",
    "output_image": "output_image",
    "second": "second",
    "characters_per_million": "character",
    "search": "search",
}
"""Prices as they are sent and shown, and the domain's fields."""
_OF_TOKENS = ("input_per_million", "output_per_million", "cached_input_per_million")


class PricesView(BaseModel):
    """Prices in US dollars; `source` is `given`, `none`, or the price list that they came from.

    Attributes:
        image: Per image of a prompt.
        output_image: Per image made; null: as one of a prompt.
        second: Per second of audio heard.
        characters_per_million: Of text that is spoken.
        search: Per search unit of a reranker.
    """

    input_per_million: Money | None
    output_per_million: Money | None
    cached_input_per_million: Money | None
    request: Money | None
    image: Money | None
    output_image: Money | None
    second: Money | None
    characters_per_million: Money | None
    search: Money | None
    source: str


def prices_view(prices: Iterable[Price | None]) -> PricesView:
    """The prices of a model: of several deployments the dearest, which a caller must reckon with."""
    known = [price for price in prices if price is not None]
    if not known:
        return PricesView(**dict.fromkeys(_UNITS), source=_UNPRICED)
    dearest = max(known, key=lambda price: (price.output_token + price.input_token, price.request))
    amounts = {shown: _shown(shown, getattr(dearest, field)) for shown, field in _UNITS.items()}
    return PricesView(**amounts, source=dearest.source or _UNPRICED)


def capabilities_of(group: ModelGroup, deployments: Iterable[Mapping[str, Any]]) -> list[Capability]:
    """What the model can: what an admin said, and what the `model_info` of all its deployments says."""
    infos = list(deployments)
    said = set(group.metadata.get("capabilities", ()))
    told = {name for flag, name in _FLAGS.items() if infos and all(info.get(flag) is True for info in infos)}
    return [name for name in _FLAGS.values() if name in said | told]


def unit_prices(prices: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    """Prices as they are sent, per million tokens, as the domain has them, per token."""
    return {_UNITS[name]: _scaled(name, amount) for name, amount in prices.items()}


def _scaled(name: str, amount: Decimal | None) -> Decimal | None:
    return amount / MILLION if amount is not None and name.endswith("per_million") else amount


def _shown(name: str, amount: Decimal | None) -> Decimal | None:
    """Tokens that cost nothing are shown at that; what few models have is left out where it costs nothing."""
    if name not in _OF_TOKENS and not amount:
        return None
    return per_million(amount) if name.endswith("per_million") else amount

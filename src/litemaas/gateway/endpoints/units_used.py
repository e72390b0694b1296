"""Usage in the whole answers of rerankers and image models, whose servers tell it in several shapes."""

from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec.structs import replace

from litemaas.domain.admission import Asked
from litemaas.gateway.endpoints.estimates import estimate_input
from litemaas.providers.units import Units
from litemaas.providers.usage import Usage, read_usage

_UNREADABLE = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
_Count = Annotated[float, Meta(ge=0, lt=2**31)] | None  # Cohere writes its counts as floats


class _BilledUnits(Struct, gc=False):
    search_units: _Count = None
    input_tokens: _Count = None


class _Meta(Struct, gc=False):
    billed_units: _BilledUnits | None = None
    tokens: _BilledUnits | None = None


class _TotalUsage(Struct, gc=False):
    total_tokens: _Count = None


class _RerankAnswer(Struct, gc=False):
    meta: _Meta | None = None
    usage: _TotalUsage | None = None


class _ImagesAnswer(Struct, gc=False):
    data: list[Raw] = []


_rerank = msgspec.json.Decoder(_RerankAnswer).decode
_images = msgspec.json.Decoder(_ImagesAnswer).decode


def images_used(asked: Asked, body: bytes) -> Usage:
    """Images that came, and tokens where the model tells them; without an image list, what was asked."""
    try:
        images = len(_images(body).data)
    except _UNREADABLE:
        return replace(_estimated(asked), units=asked.units)
    return replace(read_usage(body) or _estimated(asked), units=Units(images=images))


def rerank_used(asked: Asked, body: bytes) -> Usage:
    """Tokens and search units: Cohere tells both, Jina and vLLM tokens; what is not told is what was asked."""
    try:
        told = _rerank(body)
    except _UNREADABLE:
        return replace(_estimated(asked), units=asked.units)
    billed = (told.meta and told.meta.billed_units) or _BilledUnits()
    counted = (told.meta and told.meta.tokens) or _BilledUnits()
    tokens = told.usage.total_tokens if told.usage else None
    for other in (counted.input_tokens, billed.input_tokens):
        tokens = other if tokens is None else tokens
    units = asked.units if billed.search_units is None else Units(searches=int(billed.search_units))
    if tokens is None:
        return Usage(0, units=units) if billed.search_units is not None else replace(_estimated(asked), units=units)
    return Usage(int(tokens), units=units)


def _estimated(asked: Asked) -> Usage:
    return Usage(estimate_input(asked), estimated=True)

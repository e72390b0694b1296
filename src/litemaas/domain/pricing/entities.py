"""Prices of a deployment, in US dollars per unit."""

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

ZERO = Decimal(0)


class Price(Struct, frozen=True):
    """What a deployment charges from a moment on.

    Attributes:
        cached_input_token: None: cached input costs what other input costs.
        cache_write_token: None: as other input.
        reasoning_token: None: as other output.
        image: Per image of a prompt.
        output_image: Per image made; None: what an image of a prompt costs.
        second: Per second of audio heard.
        character: Per character of text that is spoken.
        search: Per search unit of a reranker.
        source: `given` by an admin, or the price list that it came from.
    """

    deployment_id: str
    effective_from: datetime
    input_token: Decimal = ZERO
    output_token: Decimal = ZERO
    cached_input_token: Decimal | None = None
    cache_write_token: Decimal | None = None
    reasoning_token: Decimal | None = None
    request: Decimal = ZERO
    image: Decimal = ZERO
    output_image: Decimal | None = None
    second: Decimal = ZERO
    character: Decimal = ZERO
    search: Decimal = ZERO
    source: str = "given"

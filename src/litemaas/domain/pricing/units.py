"""What images, audio and searches cost: all that is paid for besides tokens."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from litemaas.domain.pricing.entities import ZERO, Price
from litemaas.providers.units import Units


class UnitPrices(NamedTuple):
    """US dollars per unit of each kind of `Units`."""

    image: Decimal
    second: Decimal
    character: Decimal
    search: Decimal


def unit_prices(price: Price) -> UnitPrices:
    """Of one deployment."""
    image = price.image if price.output_image is None else price.output_image
    return UnitPrices(image, price.second, price.character, price.search)


def highest_unit_prices(prices: Sequence[Price]) -> UnitPrices:
    """Of several deployments the highest of each: what a hold must reckon with."""
    each = [unit_prices(price) for price in prices]
    return UnitPrices(*(max(amounts) for amounts in zip(*each, strict=True))) if each else UnitPrices(*(ZERO,) * 4)


def cost_of_units(units: Units, prices: UnitPrices) -> Decimal:
    """What `units` cost, in dollars, not rounded."""
    return (
        units.images * prices.image
        + units.seconds * prices.second
        + units.characters * prices.character
        + units.searches * prices.search
    )

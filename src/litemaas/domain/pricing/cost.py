"""The only code that turns usage into cost.

Amounts are exact `Decimal` dollars; one rounding, up, to 10⁻¹² dollars, where a cost is made (`ledger.cost` keeps 12
places).
"""

from decimal import ROUND_UP, Context, Decimal

from litemaas.domain.pricing.entities import Price
from litemaas.domain.pricing.units import cost_of_units, unit_prices
from litemaas.providers.usage import Usage

_PLACES = Decimal("1e-12")
_rounded = Context(prec=40, rounding=ROUND_UP).quantize


def cost_of(usage: Usage, price: Price, images: int = 0) -> Decimal:
    """What `usage` and the `images` of the prompt cost at `price`, in dollars, rounded up at the twelfth place."""
    if usage.cached_input or usage.cache_write or usage.reasoning:
        total = _detailed_cost(usage, price)
    else:
        total = usage.input * price.input_token + usage.output * price.output_token
    if images:
        total += images * price.image
    if usage.units is not None:
        total += cost_of_units(usage.units, unit_prices(price))
    return _rounded(total + price.request, _PLACES)


def _detailed_cost(usage: Usage, price: Price) -> Decimal:
    plain_input = usage.input - usage.cached_input - usage.cache_write
    plain_output = usage.output - usage.reasoning
    cached = price.input_token if price.cached_input_token is None else price.cached_input_token
    written = price.input_token if price.cache_write_token is None else price.cache_write_token
    reasoning = price.output_token if price.reasoning_token is None else price.reasoning_token
    return (
        plain_input * price.input_token
        + usage.cached_input * cached
        + usage.cache_write * written
        + plain_output * price.output_token
        + usage.reasoning * reasoning
    )


def highest_token_prices(price: Price) -> tuple[Decimal, Decimal]:
    """The most that one input and one output token can cost: what a hold must reckon with."""
    inputs = (price.input_token, price.cached_input_token, price.cache_write_token)
    outputs = (price.output_token, price.reasoning_token)
    return max(p for p in inputs if p is not None), max(p for p in outputs if p is not None)

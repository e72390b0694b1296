"""Looks one model up in the price list of the library `genai-prices`, as a program of its own.

The list takes 30 MB of memory and a price is wanted once in a model's life, so that a short-lived process asks it and
the gateway stays small.

    python -m litemaas.domain.pricing.price_list <provider> <model>

prints one JSON object: the prices in US dollars per unit by field of `Price`, or `null` where the list has none.
"""

import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from genai_prices.data_snapshot import get_snapshot

_PER_MILLION = {
    "input_token": "input_mtok",
    "output_token": "output_mtok",
    "cached_input_token": "cache_read_mtok",
    "cache_write_token": "cache_write_mtok",
}
_MILLION = Decimal(1_000_000)


def look_up(provider: str, model: str) -> dict[str, str] | None:
    """Prices in force now, as decimal text, and their `source`; of a tiered price the one without long context."""
    try:
        _, found = get_snapshot().find_provider_model(model, None, provider, None)
    except LookupError:
        return None
    listed = found.get_prices(datetime.now(UTC))
    prices = {
        name: format(_base(amount) / _MILLION, "f")
        for name, unit in _PER_MILLION.items()
        if (amount := getattr(listed, unit, None)) is not None
    }
    return {**prices, "source": f"genai-prices {version('genai-prices')}"} if prices else None


def _base(amount: Any) -> Decimal:
    return Decimal(getattr(amount, "base", amount))


if __name__ == "__main__":
    json.dump(look_up(sys.argv[1], sys.argv[2]), sys.stdout)

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from litemaas.domain.pricing.defaults import default_price
from litemaas.domain.pricing.price_list import look_up


def test_a_known_model_has_exact_prices_and_a_source():
    prices = look_up("openai", "gpt-4o-mini")
    assert Decimal(prices["input_token"]) == Decimal("0.00000015")
    assert Decimal(prices["output_token"]) == Decimal("0.0000006")
    assert Decimal(prices["cached_input_token"]) < Decimal(prices["input_token"])
    assert prices["source"].startswith("genai-prices ")


@pytest.mark.parametrize(("provider", "model"), [("openai", "our-own-model"), ("hosted_vllm", "granite"), ("", "")])
def test_an_unknown_model_has_none(provider, model):
    assert look_up(provider, model) is None


async def test_a_process_of_its_own_answers_the_same():
    moment = datetime.now(UTC)
    price = await default_price("d", "openai", "gpt-4o-mini", moment)
    assert (price.deployment_id, price.effective_from) == ("d", moment)
    assert price.input_token == Decimal("0.00000015")
    assert await default_price("d", "openai", "our-own-model", moment) is None

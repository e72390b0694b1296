from decimal import Decimal

from factories import price
from litemaas.domain.pricing.cost import cost_of
from litemaas.domain.pricing.units import highest_unit_prices, unit_prices
from litemaas.providers.units import Units
from litemaas.providers.usage import Usage


def test_units_cost_beside_tokens():
    given = price(
        input_token=Decimal("0.001"),
        output_image=Decimal("0.04"),
        second=Decimal("0.0001"),
        character=Decimal("0.00002"),
        search=Decimal("0.002"),
    )
    used = Usage(10, units=Units(images=2, seconds=61, characters=100, searches=3))
    assert cost_of(used, given) == Decimal("0.01") + Decimal("0.08") + Decimal("0.0061") + Decimal("0.002") + Decimal(
        "0.006"
    )


def test_an_image_made_costs_what_an_image_of_a_prompt_costs_unless_it_has_a_price_of_its_own():
    assert unit_prices(price(image=Decimal(2))).image == 2
    assert unit_prices(price(image=Decimal(2), output_image=Decimal(5))).image == 5
    assert unit_prices(price(image=Decimal(2), output_image=Decimal(0))).image == 0


def test_a_hold_reckons_with_the_highest_price_of_each_unit():
    found = highest_unit_prices([price(image=Decimal(2), second=Decimal(1)), price(output_image=Decimal(3))])
    assert (found.image, found.second, found.search) == (3, 1, 0)
    assert highest_unit_prices([]).image == 0

from decimal import ROUND_UP, Context, Decimal

from hypothesis import given
from hypothesis import strategies as st

from factories import price
from litemaas.domain.pricing.cost import cost_of, highest_token_prices
from litemaas.domain.pricing.entities import Price
from litemaas.providers.usage import Usage

PLACE = Decimal("1e-12")
EXACT = Context(prec=200)

tokens = st.integers(0, 2**31)
dollars = st.decimals(0, 1000, places=15)
maybe_dollars = st.none() | dollars


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    total_input, output = draw(tokens), draw(tokens)
    cached = draw(st.integers(0, total_input))
    written = draw(st.integers(0, total_input - cached))
    return Usage(total_input, output, cached, written, draw(st.integers(0, output)))


prices = st.builds(
    price,
    input_token=dollars,
    output_token=dollars,
    cached_input_token=maybe_dollars,
    cache_write_token=maybe_dollars,
    reasoning_token=maybe_dollars,
    request=dollars,
)


def exact_cost(usage: Usage, given: Price) -> Decimal:
    """The sum of what each kind of token costs, with as many places as it takes."""

    def either(special: Decimal | None, plain: Decimal) -> Decimal:
        return plain if special is None else special

    parts = [
        (usage.input - usage.cached_input - usage.cache_write, given.input_token),
        (usage.cached_input, either(given.cached_input_token, given.input_token)),
        (usage.cache_write, either(given.cache_write_token, given.input_token)),
        (usage.output - usage.reasoning, given.output_token),
        (usage.reasoning, either(given.reasoning_token, given.output_token)),
        (1, given.request),
    ]
    total = Decimal(0)
    for count, unit in parts:
        total = EXACT.add(total, EXACT.multiply(Decimal(count), unit))
    return total


@given(usages(), prices)
def test_a_cost_is_the_exact_sum_rounded_up_at_the_twelfth_place(usage, given_price):
    expected = exact_cost(usage, given_price).quantize(PLACE, context=Context(prec=200, rounding=ROUND_UP))

    assert cost_of(usage, given_price) == expected


@given(usages(), prices)
def test_a_cost_is_never_negative_and_never_less_than_the_exact_sum(usage, given_price):
    cost = cost_of(usage, given_price)

    assert cost >= 0
    assert 0 <= EXACT.subtract(cost, exact_cost(usage, given_price)) < PLACE


@given(usages(), prices, st.integers(2, 9))
def test_a_cost_grows_in_proportion_to_the_usage(usage, given_price, factor):
    per_call = price(**{name: getattr(given_price, name) for name in Price.__struct_fields__ if name != "request"})
    many = Usage(*(factor * getattr(usage, name) for name in Usage.__struct_fields__[:5]))

    assert 0 <= factor * cost_of(usage, per_call) - cost_of(many, per_call) <= factor * PLACE


@given(usages(), prices)
def test_no_usage_costs_more_than_the_highest_token_prices_say(usage, given_price):
    most_input, most_output = highest_token_prices(given_price)

    bound = usage.input * most_input + usage.output * most_output + given_price.request

    assert cost_of(usage, given_price) <= bound + PLACE


def test_tokens_without_a_price_of_their_own_cost_what_the_others_cost():
    plain = price(input_token="0.001", output_token="0.002")

    assert cost_of(Usage(10, 10, 4, 3, 5), plain) == cost_of(Usage(10, 10), plain) == Decimal("0.03")


def test_cached_and_reasoning_tokens_cost_their_own_price():
    given_price = price(input_token="1", cached_input_token="0.1", output_token="2", reasoning_token="3")

    assert cost_of(Usage(10, 10, cached_input=4, reasoning=5), given_price) == 6 + Decimal("0.4") + 10 + 15


def test_images_of_the_prompt_cost_their_price():
    assert cost_of(Usage(10, 0), price(input_token="0.1", image="0.5"), images=3) == Decimal("2.5")

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.domain.routing.choosing import (
    Candidate,
    least_busy,
    lowest_cost,
    lowest_latency,
    simple_shuffle,
)
from litemaas.domain.routing.deployments import DeploymentState


def candidates(*weights: float) -> list[Candidate]:
    return [Candidate(position, weight, Decimal(1), DeploymentState()) for position, weight in enumerate(weights)]


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=6))
def test_a_deployment_without_weight_is_chosen_only_where_none_has_any(weights):
    chosen = simple_shuffle(candidates(*weights))

    assert chosen.weight > 0 or not any(weights)


def test_calls_are_spread_in_proportion_to_the_weights():
    both = candidates(3, 1)
    counts = Counter(simple_shuffle(both).position for _ in range(8000))

    assert counts[0] / 8000 == pytest.approx(0.75, abs=0.04)  # eight standard deviations


def test_deployments_that_all_weigh_nothing_are_chosen_alike():
    both = candidates(0, 0)

    assert {simple_shuffle(both).position for _ in range(200)} == {0, 1}


def test_the_least_busy_is_the_one_with_fewest_calls_for_its_weight():
    small, large = candidates(1, 4)
    small.state.in_flight, large.state.in_flight = 2, 4

    assert least_busy([small, large]) is large


def test_the_fastest_is_chosen_once_all_are_known():
    slow, fast = candidates(1, 1)
    slow.state.succeeded(2.0)
    assert lowest_latency([slow, fast]) is fast  # not known yet: it is tried

    fast.state.succeeded(0.5)
    assert lowest_latency([slow, fast]) is fast

    for _ in range(20):
        fast.state.succeeded(9.0)
    assert lowest_latency([slow, fast]) is slow


def test_the_cheapest_is_chosen_and_among_equals_the_least_busy():
    dear, cheap, cheap_too = candidates(1, 1, 1)
    dear = dear._replace(price=Decimal(2))
    cheap.state.in_flight = 1

    assert lowest_cost([dear, cheap, cheap_too]) is cheap_too

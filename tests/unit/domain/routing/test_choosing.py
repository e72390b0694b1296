from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.domain.routing.choosing import simple_shuffle


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=6))
def test_a_deployment_without_weight_is_chosen_only_where_none_has_any(weights):
    chosen = simple_shuffle(range(len(weights)), weights)

    assert weights[chosen] > 0 or not any(weights)


def test_calls_are_spread_in_proportion_to_the_weights():
    counts = Counter(simple_shuffle("ab", [3, 1]) for _ in range(8000))

    assert counts["a"] / 8000 == pytest.approx(0.75, abs=0.04)  # eight standard deviations


def test_deployments_that_all_weigh_nothing_are_chosen_alike():
    assert {simple_shuffle("ab", [0, 0]) for _ in range(200)} == {"a", "b"}

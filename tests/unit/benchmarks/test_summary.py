from operator import attrgetter

import pytest
from benchmarks.summary import Spread, paired_ratio, spread, summarise

CPU = attrgetter("cpu_us_per_call")


def test_a_spread_is_the_median_with_its_range():
    assert spread([3.0, 1.0, 10.0]) == Spread(3.0, 1.0, 10.0, 3)
    assert spread([]) is None


def test_failed_rounds_are_left_out(make):
    samples = [make.sample(number=1), make.sample(number=2, cpu_us=900.0, load=make.load(broken=1))]
    assert summarise(samples, "nginx", "calls-32", CPU).count == 1


def test_other_cells_and_contenders_are_left_out(make):
    samples = [make.sample(), make.sample("other"), make.sample(cell="calls-128")]
    assert summarise(samples, "nginx", "calls-32", CPU).count == 1


def test_ratios_are_taken_round_by_round(make):
    """The ratio of the medians would be 40 / 20 = 2; in each round it was otherwise."""
    nginx, ours = [10.0, 20.0, 40.0], [40.0, 30.0, 60.0]
    samples = [make.sample("nginx", number=n, cpu_us=cpu) for n, cpu in enumerate(nginx)]
    samples += [make.sample("litemaas", number=n, cpu_us=cpu) for n, cpu in enumerate(ours)]
    ratio = paired_ratio(samples, "litemaas", "nginx", "calls-32", CPU)
    assert (ratio.median, ratio.low, ratio.high) == pytest.approx((1.5, 1.5, 4.0))


def test_a_round_that_only_one_side_finished_has_no_ratio(make):
    samples = [make.sample("nginx", number=1), make.sample("litemaas", number=2)]
    assert paired_ratio(samples, "litemaas", "nginx", "calls-32", CPU) is None

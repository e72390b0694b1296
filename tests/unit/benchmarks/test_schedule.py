from collections import Counter

from benchmarks.schedule import schedule
from benchmarks.workload import CELLS

NAMES = ["direct", "litemaas", "nginx"]


def test_each_round_measures_every_cell_of_every_contender_once():
    steps = Counter(schedule(CELLS, NAMES, 3, seed=1))
    assert set(steps) == {(number, cell, name) for number in (1, 2, 3) for cell in CELLS for name in NAMES}
    assert set(steps.values()) == {1}


def test_the_contenders_of_a_cell_follow_one_another():
    steps = list(schedule(CELLS, NAMES, 2, seed=1))
    neighbours = [steps[start : start + len(NAMES)] for start in range(0, len(steps), len(NAMES))]
    assert all(len({(number, cell) for number, cell, _ in group}) == 1 for group in neighbours)


def test_the_order_is_shuffled_and_repeatable():
    orders = {tuple(schedule(CELLS, NAMES, 1, seed)) for seed in range(20)}
    assert len(orders) > 10
    assert list(schedule(CELLS, NAMES, 2, 5)) == list(schedule(CELLS, NAMES, 2, 5))

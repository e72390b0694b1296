from collections import Counter

from benchmarks.schedule import schedule
from benchmarks.workload import CALLS_32, CELLS

NAMES = ["direct", "litemaas", "nginx"]
ALL = dict.fromkeys(NAMES, CELLS)


def test_each_round_measures_every_cell_of_every_contender_once():
    steps = Counter(schedule(CELLS, ALL, 3, seed=1))
    assert set(steps) == {(number, cell, name) for number in (1, 2, 3) for cell in CELLS for name in NAMES}
    assert set(steps.values()) == {1}


def test_the_contenders_of_a_cell_follow_one_another():
    steps = list(schedule(CELLS, ALL, 2, seed=1))
    neighbours = [steps[start : start + len(NAMES)] for start in range(0, len(steps), len(NAMES))]
    assert all(len({(number, cell) for number, cell, _ in group}) == 1 for group in neighbours)


def test_the_order_is_shuffled_and_repeatable():
    orders = {tuple(schedule(CELLS, ALL, 1, seed)) for seed in range(20)}
    assert len(orders) > 10
    assert list(schedule(CELLS, ALL, 2, 5)) == list(schedule(CELLS, ALL, 2, 5))


def test_a_contender_is_given_only_its_own_cells():
    steps = list(schedule(CELLS, ALL | {"slow": (CALLS_32,)}, 2, seed=1))
    assert [(number, cell) for number, cell, name in steps if name == "slow"] == [(1, CALLS_32), (2, CALLS_32)]

"""The order of measurements: rounds interleaved and shuffled, so that a slow minute hits everybody alike."""

import random
from collections.abc import Iterator, Sequence

from benchmarks.workload import Cell


def schedule(
    cells: Sequence[Cell], contenders: Sequence[str], rounds: int, seed: int
) -> Iterator[tuple[int, Cell, str]]:
    """Yield (round, cell, contender) for a whole run.

    Within a round each cell is measured for all contenders one after the other, as a ratio is taken between them.
    """
    order = random.Random(seed)
    for number in range(1, rounds + 1):
        for cell in order.sample(cells, len(cells)):
            for contender in order.sample(contenders, len(contenders)):
                yield number, cell, contender

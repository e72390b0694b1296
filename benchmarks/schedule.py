"""The order of measurements: rounds interleaved and shuffled, so that a slow minute hits everybody alike."""

import random
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.workload import Cell


def schedule(
    cells: Sequence[Cell], contenders: Mapping[str, Sequence[Cell]], rounds: int, seed: int
) -> Iterator[tuple[int, Cell, str]]:
    """Yield (round, cell, contender) for a whole run; each contender is given only cells of its own.

    Within a round each cell is measured for all contenders one after the other, as a ratio is taken between them.
    """
    order = random.Random(seed)
    for number in range(1, rounds + 1):
        for cell in order.sample(cells, len(cells)):
            for name in order.sample(list(contenders), len(contenders)):
                if cell in contenders[name]:
                    yield number, cell, name

"""From samples to figures: medians with their range, and ratios that are taken round by round.

A ratio of two medians compares minutes that may have been unlike; a ratio within one round compares neighbours, and the
median of those is quoted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from benchmarks.results import Sample

Figure = Callable[[Sample], float | None]


@dataclass(frozen=True)
class Spread:
    """The median of some values, the least and the greatest, and how many they were."""

    median: float
    low: float
    high: float
    count: int


def spread(values: Iterable[float]) -> Spread | None:
    """Summarise values; None if there are none."""
    known = sorted(values)
    return Spread(median(known), known[0], known[-1], len(known)) if known else None


def figures(samples: Iterable[Sample], contender: str, cell: str, figure: Figure) -> dict[int, float]:
    """Return a contender's figure in one cell by round, without the rounds that failed."""
    return {
        sample.round: value
        for sample in samples
        if (sample.contender, sample.cell) == (contender, cell) and not sample.failure
        if (value := figure(sample)) is not None
    }


def summarise(samples: Iterable[Sample], contender: str, cell: str, figure: Figure) -> Spread | None:
    """Summarise a contender's figure in one cell over the rounds."""
    return spread(figures(samples, contender, cell, figure).values())


def paired_ratio(samples: list[Sample], contender: str, baseline: str, cell: str, figure: Figure) -> Spread | None:
    """Summarise contender / baseline over the rounds in which both counted."""
    upper, lower = (figures(samples, name, cell, figure) for name in (contender, baseline))
    return spread(upper[number] / lower[number] for number in upper.keys() & lower.keys() if lower[number])

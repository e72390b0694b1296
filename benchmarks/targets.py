"""The numbers that LiteMaaS set itself, beside what a run measured.

Only what this benchmark is for is listed. A target whose contender took no part says so; it is never assumed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.contenders import BASELINE
from benchmarks.results import Facts, Run, Sample
from benchmarks.summary import Spread, paired_ratio
from benchmarks.workload import CALLS_32, STREAMS_32, Cell

OURS, OURS_SERVE = "litemaas", "litemaas_serve"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Target:
    """A number to reach.

    Attributes:
        at_most: the bound is an upper one; otherwise a lower one.
        measure: reads the value from a run; None if the run did not measure it.
    """

    what: str
    bound: float
    unit: str
    at_most: bool
    measure: Callable[[Run], float | None]


@dataclass(frozen=True)
class Judgement:
    """A target and how a run stands to it."""

    target: Target
    measured: float | None

    @property
    def verdict(self) -> str:
        """Say it in words."""
        if self.measured is None:
            return "not measured in this run"
        bound = self.target.bound
        reached = self.measured <= bound if self.target.at_most else self.measured >= bound
        return "reached" if reached else "not reached"


def _cpu_per_call(sample: Sample) -> float | None:
    return sample.cpu_us_per_call


def _ratio(contender: str, baseline: str, cell: Cell) -> Callable[[Run], float | None]:
    def read(run: Run) -> float | None:
        found: Spread | None = paired_ratio(run.samples, contender, baseline, cell.name, _cpu_per_call)
        return found.median if found else None

    return read


def _fact(contender: str, read: Callable[[Facts], float]) -> Callable[[Run], float | None]:
    return lambda run: next((read(facts) for facts in run.facts if facts.name == contender), None)


def _idle(facts: Facts) -> float:
    return facts.idle.resident / MEGABYTE


def _loaded(facts: Facts) -> float:
    return facts.loaded.resident / MEGABYTE


def _last_start(facts: Facts) -> float:
    return facts.start_seconds[-1]


TARGETS = (
    Target("CPU per call / nginx, first aim", 2.5, "times", True, _ratio(OURS, BASELINE, CALLS_32)),
    Target("CPU per call / nginx, second aim", 2.0, "times", True, _ratio(OURS, BASELINE, CALLS_32)),
    Target("CPU per streamed event / nginx", 1.5, "times", True, _ratio(OURS, BASELINE, STREAMS_32)),
    Target("CPU per call: LiteLLM / ours", 100, "times", False, _ratio("litellm", OURS, CALLS_32)),
    Target("CPU per call: Portkey / ours", 25, "times", False, _ratio("portkey", OURS, CALLS_32)),
    Target("memory of `serve --role gateway`, idle", 70, "MB", True, _fact(OURS_SERVE, _idle)),
    Target("memory of `serve --role gateway`, after load", 90, "MB", True, _fact(OURS_SERVE, _loaded)),
    Target("memory of `up`, idle", 130, "MB", True, _fact(OURS, _idle)),
    Target("memory of `up`, after load", 130, "MB", True, _fact(OURS, _loaded)),
    Target("start to ready, database up", 1.5, "s", True, _fact(OURS_SERVE, _last_start)),
)


def judge(run: Run) -> list[Judgement]:
    """Set every target beside the run's figure."""
    return [Judgement(target, target.measure(run)) for target in TARGETS]

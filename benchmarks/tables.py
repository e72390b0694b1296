"""A run as tables of text, for the terminal and for the page alike."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.contenders import BASELINE
from benchmarks.results import Facts, Run, Sample
from benchmarks.summary import Spread, paired_ratio, spread, summarise
from benchmarks.targets import MEGABYTE, OURS, Judgement, judge
from benchmarks.workload import CELLS, Cell

ABSENT = "-"
QUIET = 0.1
"""Share of the two CPUs up to which others may disturb a cell."""


@dataclass(frozen=True)
class Table:
    """Rows of text under a title; the first column is words, the others are figures."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def number(value: float) -> str:
    """Write a figure with three digits, the decimals at most two."""
    decimals = 2 - math.floor(math.log10(value)) if value else 2
    return f"{value:,.{min(2, max(0, decimals))}f}"


def with_range(found: Spread | None) -> str:
    """Write a median, and its range where there was more than one round."""
    if found is None:
        return ABSENT
    if found.count == 1:
        return number(found.median)
    return f"{number(found.median)} [{number(found.low)} - {number(found.high)}]"


def _figures_of(run: Run, cell: Cell, name: str) -> tuple[str, ...]:
    def show(figure: Callable[[Sample], float | None]) -> str:
        return with_range(summarise(run.samples, name, cell.name, figure))

    own = [sample for sample in run.samples if (sample.contender, sample.cell) == (name, cell.name)]
    failed = [sample for sample in own if sample.failure]

    def beside(baseline: str) -> str:
        if name == baseline:
            return ABSENT
        return with_range(paired_ratio(run.samples, name, baseline, cell.name, lambda sample: sample.cpu_us_per_call))

    return (
        name,
        show(lambda sample: sample.cpu_us_per_event if cell.stream else sample.cpu_us_per_call),
        beside(BASELINE),
        beside(OURS),
        show(lambda sample: sample.calls_per_second),
        show(lambda sample: sample.load.p50_us / 1000),
        show(lambda sample: sample.load.p99_us / 1000),
        f"FAILED {len(failed)} of {len(own)}" if failed else f"{len(own)} good",
    )


def cell_tables(run: Run) -> list[Table]:
    """Return a table for each kind of load, in the order in which they are defined."""
    measured = {sample.cell for sample in run.samples}
    return [
        Table(
            cell.title,
            (
                "contender",
                "CPU µs/event" if cell.stream else "CPU µs/call",
                f"/ {BASELINE}",
                f"/ {OURS}",
                "streams/s" if cell.stream else "calls/s",
                "p50 ms",
                "p99 ms",
                "rounds",
            ),
            [
                _figures_of(run, cell, facts.name)
                for facts in run.facts
                if any((sample.contender, sample.cell) == (facts.name, cell.name) for sample in run.samples)
            ],
        )
        for cell in CELLS
        if cell.name in measured
    ]


def contender_table(run: Run) -> Table:
    """Return versions, starts, memory and what the database used beside the gateway."""

    def row(facts: Facts) -> tuple[str, ...]:
        database = spread(
            sample.database_cpu_us_per_call
            for sample in run.samples
            if sample.contender == facts.name and not sample.failure and sample.database_cpu_seconds
        )
        return (
            facts.name,
            facts.version,
            " / ".join(f"{seconds:.2f}" for seconds in facts.start_seconds),
            _megabytes(facts.idle.resident, facts.loaded.resident),
            _megabytes(facts.idle.proportional, facts.loaded.proportional),
            with_range(database),
        )

    columns = ("contender", "version", "start s, first / again", "RSS MB, idle / after", "PSS MB, idle / after")
    return Table("contenders", (*columns, "database CPU µs/call"), [row(facts) for facts in run.facts])


def _megabytes(idle: int, loaded: int) -> str:
    return f"{number(idle / MEGABYTE)} / {number(loaded / MEGABYTE)}" if loaded else ABSENT


def target_table(run: Run) -> Table:
    """Return the targets beside the figures, judged in words."""

    def row(judgement: Judgement) -> tuple[str, ...]:
        target, measured = judgement.target, judgement.measured
        bound = f"{'≤' if target.at_most else '≥'} {target.bound:g} {target.unit}"
        return (
            target.what,
            bound,
            ABSENT if measured is None else f"{number(measured)} {target.unit}",
            judgement.verdict,
        )

    return Table("targets", ("what", "target", "measured", "verdict"), [row(judgement) for judgement in judge(run)])


def remarks(run: Run) -> list[str]:
    """Return, as sentences, what a reader must know before believing the figures."""
    lines = [
        f"{sample.contender}, {sample.cell}, round {sample.round} does not count: {sample.failure}."
        for sample in run.samples
        if sample.failure
    ]
    lines += [f"{name} takes no part: {why}." for name, why in run.absent.items()]
    lines += [f"{facts.name} did its work wrongly: {facts.fault}." for facts in run.facts if facts.fault]
    lines += [f"{facts.name}: {facts.check}." for facts in run.facts if facts.check]
    lines += [_reuse(run, facts.name) for facts in run.facts]
    others = spread(sample.interference for sample in run.samples)
    if others:
        verdict = "a quiet machine" if others.high <= QUIET else "not a quiet machine, so do not quote these figures"
        lines.append(
            f"Other programs and the host took {others.median:.0%} of the two CPUs, in the worst cell "
            f"{others.high:.0%}: {verdict}."
        )
    return lines


def _reuse(run: Run, name: str) -> str:
    served = [sample.upstream for sample in run.samples if sample.contender == name]
    opened, calls = sum(counters.connections for counters in served), sum(counters.requests for counters in served)
    return f"{name} opened {opened:,} new upstream connections for {calls:,} calls."

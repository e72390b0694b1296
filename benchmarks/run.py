"""One run of the benchmark, from starting the contenders to the last check of their work."""

import os
import shlex
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import contenders, machine, proc
from benchmarks.awake import kept_awake
from benchmarks.contender import CheckError, Contender, Running
from benchmarks.measure import Bench, drain, measure, probe
from benchmarks.results import Facts, Run, Sample
from benchmarks.schedule import schedule
from benchmarks.upstream import UpstreamStub
from benchmarks.workload import CALLS_32, STREAMS_32, Cell

MEASURED_STARTS = 2
WARM_UPS = (CALLS_32, STREAMS_32)
WARM_UP_SECONDS = 1
WARM_UP_ROUND = 0

Report = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What to run.

    Attributes:
        arguments: the command-line arguments that repeat this run.
    """

    contenders: Sequence[str]
    cells: Sequence[Cell]
    rounds: int
    seconds: int
    seed: int
    arguments: Sequence[str]

    @property
    def steps(self) -> int:
        """How often progress is reported."""
        return len(self.contenders) * (MEASURED_STARTS + len(WARM_UPS) + len(self.cells) * self.rounds + 1)


@dataclass(frozen=True)
class Entry:
    """A contender that takes part, and what was measured of it before the load."""

    contender: Contender
    running: Running
    start_seconds: list[float]
    idle: proc.Memory


def execute(plan: Plan, report: Report) -> Run:
    """Run the benchmark; `report` is told each step before it is taken.

    Raises:
        MissingToolError: a program that it needs is not installed.
        TooFewCpusError: there is only one CPU.
        StartError: a contender did not become ready.
        CheckError: a contender answered wrongly before any load.
        LoadError: a load could not be sent.
    """
    date = datetime.now(UTC).date().isoformat()
    gateway_cpu, load_cpu = machine.choose_cpus()
    described = machine.describe()
    chosen = [contenders.create(name) for name in plan.contenders]
    versions = {contender.name: contender.version() for contender in chosen}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="litemaas-bench-")))
        proc.pin([os.getpid()], load_cpu)  # what is started from here inherits it
        stack.enter_context(kept_awake())
        bench = Bench(stack.enter_context(UpstreamStub()), gateway_cpu, load_cpu, folder)
        entries = {}
        for contender in chosen:
            stack.callback(contender.stop)
            entries[contender.name] = _enter(bench, contender, report)
        samples = list(_measure_all(bench, entries, plan, report))
        facts = [_conclude(bench, entry, versions[name], samples, report) for name, entry in entries.items()]
    return Run(
        command=shlex.join(["python", "-m", "benchmarks", *plan.arguments]),
        date=date,
        machine=described,
        rounds=plan.rounds,
        seconds=plan.seconds,
        seed=plan.seed,
        facts=facts,
        samples=[sample for sample in samples if sample.round != WARM_UP_ROUND],
    )


def _enter(bench: Bench, contender: Contender, report: Report) -> Entry:
    folder = bench.folder / contender.name
    folder.mkdir()
    starts = []
    for number in range(MEASURED_STARTS):
        report(f"{contender.name}: start {number + 1}")
        contender.stop()
        running = contender.start(bench.upstream, folder, bench.gateway_cpu)
        starts.append(running.start_seconds)
    probe(running)
    drain(running)
    return Entry(contender, running, starts, proc.memory(running.gateway()))


def _measure_all(bench: Bench, entries: dict[str, Entry], plan: Plan, report: Report) -> Iterator[Sample]:
    for name, entry in entries.items():
        for cell in WARM_UPS:
            report(f"{name}: warm-up, {cell.title}")
            yield measure(bench, name, entry.running, cell=cell, number=WARM_UP_ROUND, seconds=WARM_UP_SECONDS)
    for number, cell, name in schedule(plan.cells, list(entries), plan.rounds, plan.seed):
        report(f"round {number} of {plan.rounds}: {name}, {cell.title}")
        yield measure(bench, name, entries[name].running, cell=cell, number=number, seconds=plan.seconds)


def _conclude(bench: Bench, entry: Entry, version: str, samples: list[Sample], report: Report) -> Facts:
    name = entry.contender.name
    report(f"{name}: checking its work")
    loaded = proc.memory(entry.running.gateway())
    completed = sum(sample.load.completed for sample in samples if sample.contender == name)
    check = fault = ""
    try:
        check = entry.contender.check(entry.running, bench.folder, completed)
    except CheckError as error:
        fault = str(error)
    return Facts(name, version, entry.start_seconds, entry.idle, loaded, check, fault)

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
from benchmarks.contender import CheckError, Contender, Running, UnavailableError
from benchmarks.launch import StartError
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
        """How often progress is reported if everybody takes part."""
        taken = {name: contenders.create(name).cells for name in self.contenders}
        cells = sum(1 for _ in schedule(self.cells, taken, self.rounds, self.seed))
        return len(self.contenders) * (1 + MEASURED_STARTS + len(WARM_UPS) + 1) + cells


@dataclass(frozen=True)
class Entry:
    """A contender that takes part, and what was measured of it before the load."""

    contender: Contender
    version: str
    running: Running
    start_seconds: list[float]
    idle: proc.Memory


def execute(plan: Plan, report: Report) -> Run:
    """Run the benchmark; `report` is told each step before it is taken.

    Raises:
        MissingToolError: a program that it needs is not installed.
        TooFewCpusError: there is only one CPU.
        StartError: a contender that is no peer did not become ready.
        CheckError: it answered wrongly before any load.
        LoadError: a load could not be sent.
    """
    date = datetime.now(UTC).date().isoformat()
    gateway_cpu, load_cpu = machine.choose_cpus()
    described = machine.describe()
    absent: dict[str, str] = {}
    versions = _prepare(plan.contenders, absent, report)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="litemaas-bench-")))
        proc.pin([os.getpid()], load_cpu)  # what is started from here inherits it
        stack.enter_context(kept_awake())
        bench = Bench(stack.enter_context(UpstreamStub()), gateway_cpu, load_cpu, folder)
        entries = {}
        for contender, version in versions.items():
            stack.callback(contender.stop)
            try:
                entries[contender.name] = _enter(bench, contender, version, report)
            except (StartError, CheckError) as error:
                if not contender.is_peer:
                    raise
                first, *others = str(error).splitlines()
                absent[contender.name] = " … ".join([first, *others[-1:]])
                contender.stop()
        samples = list(_measure_all(bench, entries, plan, report))
        facts = [_conclude(bench, entry, samples, report) for entry in entries.values()]
    return Run(
        command=shlex.join(["python", "-m", "benchmarks", *plan.arguments]),
        date=date,
        machine=described,
        rounds=plan.rounds,
        seconds=plan.seconds,
        seed=plan.seed,
        absent=absent,
        facts=facts,
        samples=[sample for sample in samples if sample.round != WARM_UP_ROUND],
    )


def _prepare(names: Sequence[str], absent: dict[str, str], report: Report) -> dict[Contender, str]:
    """Return those who can take part with their versions, and note why others cannot."""
    versions = {}
    for name in names:
        report(f"{name}: preparing")
        contender = contenders.create(name)
        try:
            versions[contender] = contender.prepare()
        except UnavailableError as error:
            absent[name] = str(error)
    return versions


def _enter(bench: Bench, contender: Contender, version: str, report: Report) -> Entry:
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
    return Entry(contender, version, running, starts, proc.memory(running.gateway()))


def _measure_all(bench: Bench, entries: dict[str, Entry], plan: Plan, report: Report) -> Iterator[Sample]:
    for name, entry in entries.items():
        for cell in WARM_UPS:
            report(f"{name}: warm-up, {cell.title}")
            yield measure(bench, name, entry.running, cell=cell, number=WARM_UP_ROUND, seconds=WARM_UP_SECONDS)
    taken = {name: entry.contender.cells for name, entry in entries.items()}
    for number, cell, name in schedule(plan.cells, taken, plan.rounds, plan.seed):
        report(f"round {number} of {plan.rounds}: {name}, {cell.title}")
        yield measure(bench, name, entries[name].running, cell=cell, number=number, seconds=plan.seconds)


def _conclude(bench: Bench, entry: Entry, samples: list[Sample], report: Report) -> Facts:
    contender, name = entry.contender, entry.contender.name
    report(f"{name}: checking its work")
    loaded = proc.memory(entry.running.gateway())
    completed = sum(sample.load.completed for sample in samples if sample.contender == name)
    check = fault = ""
    try:
        check = contender.check(entry.running, bench.folder, completed)
    except CheckError as error:
        fault = str(error)
    return Facts(
        name=name,
        version=entry.version,
        is_peer=contender.is_peer,
        start_seconds=entry.start_seconds,
        idle=entry.idle,
        loaded=loaded,
        check=check,
        fault=fault,
    )

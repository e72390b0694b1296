"""What a run yields; `--json` writes exactly this."""

from dataclasses import dataclass

from benchmarks.load import LoadResult
from benchmarks.proc import Memory
from benchmarks.upstream import STREAM_EVENTS, Counters

FEWEST_COMPLETIONS = 20


@dataclass(frozen=True)
class Sample:
    """One cell of one contender in one round.

    Attributes:
        gateway_cpu_seconds: CPU time of the gateway's processes from before the load until it was idle again; None if
            there is no gateway.
        database_cpu_seconds: the same for its database.
        upstream: what the upstream served in that time.
        interference: share of both CPUs, 0 to 1, taken by anything that does not belong to the benchmark.
        failure: why the cell does not count; empty if it does.
    """

    contender: str
    cell: str
    round: int
    load: LoadResult
    gateway_cpu_seconds: float | None
    database_cpu_seconds: float
    upstream: Counters
    interference: float
    failure: str

    @property
    def calls_per_second(self) -> float:
        """Calls completed in a second, streams counted whole."""
        return self.load.completed / self.load.seconds

    @property
    def calls_served(self) -> float:
        """Calls that the gateway worked for, those under way when the load ended included.

        The callers hang up then; a wholly answered call counts one, an event of a stream its share.
        """
        return self.upstream.events / STREAM_EVENTS if self.upstream.events else self.upstream.answered

    @property
    def cpu_us_per_call(self) -> float | None:
        """Microseconds of the gateway's CPU for one call."""
        return None if self.gateway_cpu_seconds is None else self.gateway_cpu_seconds / self.calls_served * 1e6

    @property
    def cpu_us_per_event(self) -> float | None:
        """Microseconds of the gateway's CPU for one event of a stream, the call's other work shared out among them."""
        return (
            None if self.cpu_us_per_call is None or not self.upstream.events else self.cpu_us_per_call / STREAM_EVENTS
        )

    @property
    def database_cpu_us_per_call(self) -> float:
        """Microseconds of the database's CPU for one call."""
        return self.database_cpu_seconds / self.calls_served * 1e6


def find_failure(load: LoadResult, upstream: Counters, connections: int) -> str:
    """Tell why a measurement must not count, or return an empty string.

    Besides errors it is refused when the callers and the upstream disagree on the number of calls: then the gateway
    answered by itself, or asked twice.
    """
    if load.errors:
        return (
            f"{load.refused} refused, {load.broken} broken, {load.unanswered} unanswered of {load.completed} completed"
        )
    if load.completed < FEWEST_COMPLETIONS:
        return f"only {load.completed} completed: too few to count"
    if not load.completed <= upstream.answered <= load.completed + connections:
        return f"callers got {load.completed} answers but the upstream gave {upstream.answered}"
    return ""


@dataclass(frozen=True)
class Facts:
    """What is measured once for a contender.

    Attributes:
        is_peer: another gateway, whose failures are told but are not ours.
        start_seconds: each start until ready, in order; the first one makes its files and tables.
        idle: memory when it had been ready for a moment and answered one call.
        loaded: memory after the last cell.
        check: what was verified of its work.
        fault: what was wrong with its work; empty if nothing.
    """

    name: str
    version: str
    is_peer: bool
    start_seconds: list[float]
    idle: Memory
    loaded: Memory
    check: str
    fault: str


@dataclass(frozen=True)
class Machine:
    """Where it ran; no name of the host."""

    cpu: str
    cores: int
    memory_gb: float
    kernel: str
    python: str
    compiler: str
    wrk: str


@dataclass(frozen=True)
class Run:
    """One run of the benchmark.

    Attributes:
        command: the command that repeats it.
        date: day it began, UTC, ISO 8601.
        absent: why peers took no part, by name.
    """

    command: str
    date: str
    machine: Machine
    rounds: int
    seconds: int
    seed: int
    absent: dict[str, str]
    facts: list[Facts]
    samples: list[Sample]

    def failed(self) -> bool:
        """Tell whether any cell or any check failed that is not a peer's."""
        peers = {facts.name for facts in self.facts if facts.is_peer}
        return any(sample.failure for sample in self.samples if sample.contender not in peers) or any(
            facts.fault for facts in self.facts if not facts.is_peer
        )

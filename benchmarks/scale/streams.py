"""Two thousand streams at once through one process, beside the same without a gateway and through nginx.

An event comes on each stream every tenth of a second, as from a model that writes ten pieces a second. The upstream
needs as long for its first event, so `direct` shows what is not the gateway's.
"""

import resource
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from benchmarks import contenders, proc
from benchmarks.contender import Contender, Running
from benchmarks.measure import drain
from benchmarks.scale.filling import fill_models
from benchmarks.scale.findings import Finding
from benchmarks.scale.stream_load import StreamCounts, keep_streams
from benchmarks.scale.system import System
from benchmarks.targets import MEGABYTE
from benchmarks.upstream import STREAM_EVENTS, UpstreamStub
from benchmarks.workload import STREAMS_32, raw_request

EVENT_SECONDS = 0.1
STREAM_SECONDS = EVENT_SECONDS * STREAM_EVENTS
SECONDS = 15.0
CONNECTIONS_A_STREAM = 2
SPARE_FILES = 500


@dataclass(frozen=True)
class Observation:
    """What one contender did.

    Attributes:
        cpu_us_per_event: None where there is no gateway.
        memory: bytes in RAM after it.
    """

    counts: StreamCounts
    cpu_us_per_event: float | None
    memory: int

    @property
    def first_p99_ms(self) -> float:
        """Milliseconds to the first event, exceeded by one in a hundred."""
        return sorted(self.counts.first_ms)[int(len(self.counts.first_ms) * 0.99)]


def measure(cpu: int, *, streams: int = 2000) -> list[Finding]:
    """Measure this many streams at once."""
    _allow_files(CONNECTIONS_A_STREAM * streams + SPARE_FILES)
    with (
        UpstreamStub(EVENT_SECONDS) as upstream,
        System(cpu) as system,
        tempfile.TemporaryDirectory(prefix="litemaas-scale-") as folder,
    ):

        async def fill(connection: asyncpg.Connection) -> None:
            await fill_models(connection, 1, 1, f"{upstream.paced_url}/v1")

        direct = _observe_contender(contenders.create("direct"), upstream, Path(folder), cpu, streams)
        nginx = _observe_contender(contenders.create("nginx"), upstream, Path(folder), cpu, streams)
        system.fill(fill)
        replica = system.start_replica()
        ours = _observe(system.running(replica, "model-0", system.issue_key()), upstream, streams)
    assert ours.cpu_us_per_event is not None
    assert nginx.cpu_us_per_event is not None
    added = max(0.0, ours.first_p99_ms - direct.first_p99_ms)
    return [
        Finding(f"{streams:,} streams at once: streams cut or refused", _lost(ours), "streams", 0),
        Finding("streams that came whole", ours.counts.whole, "streams"),
        Finding("CPU per event / nginx", ours.cpu_us_per_event / nginx.cpu_us_per_event, "times", 1.5),
        Finding("CPU per event", ours.cpu_us_per_event, "µs"),
        Finding("memory of the replica, after them", ours.memory / MEGABYTE, "MB", 150),
        Finding("time to the first event, p99, direct", direct.first_p99_ms, "ms"),
        Finding("time to the first event, p99, nginx", nginx.first_p99_ms, "ms"),
        Finding("time to the first event, p99, LiteMaaS", ours.first_p99_ms, "ms"),
        Finding("of which LiteMaaS added", added, "ms", 100),
    ]


def _observe_contender(
    contender: Contender, upstream: UpstreamStub, folder: Path, cpu: int, streams: int
) -> Observation:
    contender.prepare()
    own = folder / contender.name
    own.mkdir()
    folder.chmod(0o711)  # nginx's worker may be somebody else
    try:
        return _observe(contender.start(upstream, own, cpu), upstream, streams)
    finally:
        contender.stop()


def _observe(running: Running, upstream: UpstreamStub, streams: int) -> Observation:
    drain(running)
    port = urlsplit(running.streams.url).port
    assert port is not None
    events, used = upstream.counters().events, proc.cpu_seconds(running.gateway())
    counts = keep_streams(port, raw_request(STREAMS_32, running.streams), streams, STREAM_SECONDS, SECONDS)
    memory = proc.memory(running.gateway()).resident
    drain(running)
    served = upstream.counters().events - events
    spent = proc.cpu_seconds(running.gateway()) - used
    return Observation(counts, spent / served * 1e6 if running.gateway() else None, memory)


def _lost(observed: Observation) -> int:
    return observed.counts.cut + observed.counts.refused


def _allow_files(needed: int) -> None:
    """Let this process, and what it starts, open as many files as the run needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(needed, hard), hard))

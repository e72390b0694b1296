"""A thousand models with several deployments each: what a call costs then, and how large lists and metrics are.

Metrics have labels for models, deployments and statuses, never for keys, users or teams, so their number is bounded by
what an administrator made.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import httpx

from benchmarks import proc
from benchmarks.contender import Running
from benchmarks.measure import Bench, drain
from benchmarks.measure import measure as measure_cell
from benchmarks.results import Sample
from benchmarks.scale.filling import fill_models
from benchmarks.scale.findings import Finding
from benchmarks.scale.system import Replica, System
from benchmarks.summary import paired_ratio
from benchmarks.targets import MEGABYTE
from benchmarks.upstream import UpstreamStub
from benchmarks.workload import CALLS_32

DEPLOYMENTS = 4
ROUNDS = 7
SECONDS = 2
READINGS = 10
CALLERS = 16
REST_SECONDS = 10.0
FEW, MANY = "one model", "many models"


def measure(upstream: UpstreamStub, cpu: int, load_cpu: int, *, models: int = 1000) -> list[Finding]:
    """Measure a replica with this many models beside one that has a single model."""
    with (
        System(cpu) as few,
        System(cpu) as many,
        tempfile.TemporaryDirectory(prefix="litemaas-scale-") as folder,
    ):
        for system, count in ((few, 1), (many, models)):
            _fill(system, count, upstream)
        replica, alone = many.start_replica(), few.start_replica()
        key = many.issue_key()
        running = {
            FEW: few.running(alone, "model-0", few.issue_key()),
            MANY: many.running(replica, f"model-{models // 2}", key),
        }
        bench = Bench(upstream, cpu, load_cpu, Path(folder))
        samples = _compare(bench, running)
        asyncio.run(_call_each(replica, key, models))
        drain(running[MANY])
        before = proc.cpu_seconds([replica.pid])
        time.sleep(REST_SECONDS)
        rest = (proc.cpu_seconds([replica.pid]) - before) / REST_SECONDS
        listing = _read(f"{replica.url}/v1/models", key)
        metrics = _read(replica.metrics_url, key)
        memory = proc.memory([replica.pid]).resident
    ratio = paired_ratio(samples, MANY, FEW, CALLS_32.name, lambda sample: sample.cpu_us_per_call)
    assert ratio is not None, "no cell counted"
    series = sum(not line.startswith(b"#") for line in metrics[0].splitlines())
    return [
        Finding(f"{models:,} models of {DEPLOYMENTS} deployments: CPU per call / with one", ratio.median, "times", 1.1),
        Finding("start of a replica to ready", replica.start_seconds, "s"),
        Finding("memory of a replica, all models called", memory / MEGABYTE, "MB"),
        Finding("CPU of a replica at rest", rest * 100, "% of a core"),
        Finding("/v1/models", len(listing[0]) / 1000, "KB"),
        Finding("/v1/models, median time", listing[1], "ms", 100),
        Finding("/metrics, all models called", len(metrics[0]) / 1000, "KB"),
        Finding("/metrics, series for each model", series / models, "series", 60),
        Finding("/metrics, median time", metrics[1], "ms", 1000),
    ]


def _fill(system: System, models: int, upstream: UpstreamStub) -> None:
    async def fill(connection: asyncpg.Connection) -> None:
        await fill_models(connection, models, DEPLOYMENTS, f"{upstream.url}/v1")

    system.fill(fill)


def _compare(bench: Bench, running: dict[str, Running]) -> list[Sample]:
    """Give both the same load in turn; the first round, in which connections are opened, is left out."""
    samples: list[Sample] = []
    for number in range(ROUNDS + 1):
        order: Sequence[str] = (FEW, MANY) if number % 2 else (MANY, FEW)
        samples += [
            measure_cell(bench, name, running[name], cell=CALLS_32, number=number, seconds=SECONDS) for name in order
        ]
    return [sample for sample in samples if sample.round]


async def _call_each(replica: Replica, key: str, models: int) -> None:
    """Call every model once."""
    waiting = iter(range(models))
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:

        async def call() -> None:
            for model in waiting:
                body = {"model": f"model-{model}", "messages": [{"role": "user", "content": "?"}]}
                (await client.post(f"{replica.url}/v1/chat/completions", json=body)).raise_for_status()

        await asyncio.gather(*(call() for _ in range(CALLERS)))


def _read(url: str, key: str) -> tuple[bytes, float]:
    """Read an address several times; returns what it says and the median of the milliseconds."""
    times = []
    with httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        client.get(url).raise_for_status()  # what is imported on demand is
        for _ in range(READINGS):
            started = time.perf_counter()
            answer = client.get(url).raise_for_status()
            times.append((time.perf_counter() - started) * 1000)
    return answer.content, statistics.median(times)

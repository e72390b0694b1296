"""Measuring one contender under one kind of load."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

from benchmarks import load, proc
from benchmarks.contender import CheckError, Running
from benchmarks.results import Sample, find_failure
from benchmarks.upstream import COMPLETION_TOKENS, PROMPT_TOKENS, STREAM_TEXT, UpstreamStub
from benchmarks.workload import CALLS_32, STREAMS_32, Cell, Endpoint, body

IDLE_WINDOW = 0.2
IDLE_SHARE = 0.1
DRAIN_LIMIT = 60.0


@dataclass(frozen=True)
class Bench:
    """What all measurements of a run share: the upstream, the two CPUs, a private folder for requests."""

    upstream: UpstreamStub
    gateway_cpu: int
    load_cpu: int
    folder: Path


def drain(running: Running) -> None:
    """Return when the gateway rests: what it still does after a load belongs to that load.

    While its database works, the gateway only waits.
    """
    deadline = time.monotonic() + DRAIN_LIMIT
    used = proc.cpu_seconds(running.gateway() | running.database())
    while time.monotonic() < deadline:
        time.sleep(IDLE_WINDOW)
        before, used = used, proc.cpu_seconds(running.gateway() | running.database())
        if used - before <= IDLE_SHARE * IDLE_WINDOW:
            return


def probe(running: Running) -> None:
    """Make one call and one stream and verify what came back, so that no fast nonsense is measured.

    Raises:
        CheckError: the answer is not the upstream's.
    """
    usage = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": COMPLETION_TOKENS}
    answer = _ask(running.calls, body(CALLS_32, running.calls.model))
    if not usage.items() <= msgspec.json.decode(answer)["usage"].items():
        raise CheckError("the answer to a call does not state the upstream's usage")
    answer = _ask(running.streams, body(STREAMS_32, running.streams.model))
    events = [line.removeprefix(b"data: ") for line in answer.splitlines() if line.startswith(b"data: ")]
    if events[-1:] != [b"[DONE]"]:
        raise CheckError("a stream did not end with [DONE]")
    decoded = [msgspec.json.decode(event) for event in events[:-1]]
    said = "".join(choice["delta"].get("content") or "" for event in decoded for choice in event.get("choices", ()))
    if said != STREAM_TEXT:
        raise CheckError(f"a stream of {len(STREAM_TEXT)} characters arrived with {len(said)}")
    if not usage.items() <= (decoded[-1].get("usage") or {}).items():
        raise CheckError("the last event of a stream does not state the upstream's usage")


def _ask(endpoint: Endpoint, content: bytes) -> bytes:
    headers = {"Authorization": f"Bearer {endpoint.key}", "Content-Type": "application/json", **endpoint.headers}
    answer = httpx.post(f"{endpoint.url}/v1/chat/completions", content=content, headers=headers, timeout=30)
    if not answer.is_success:
        raise CheckError(f"a call was answered with status {answer.status_code}")
    return answer.content


def measure(bench: Bench, contender: str, running: Running, *, cell: Cell, number: int, seconds: int) -> Sample:
    """Load a contender for some seconds and read what it cost.

    Raises:
        LoadError: the load could not be sent at all.
        MissingToolError: a load generator is not installed.
    """
    gateway, database = running.gateway(), running.database()
    proc.pin(gateway, bench.gateway_cpu)
    proc.pin(database, bench.load_cpu)
    drain(running)
    upstream_before = bench.upstream.counters()
    gateway_before, database_before = proc.cpu_seconds(gateway), proc.cpu_seconds(running.database())
    others_before, started = _others_cpu_seconds(bench, running), time.monotonic()
    result = load.send(cell, running.endpoint(cell), seconds, bench.folder)
    drain(running)
    elapsed = time.monotonic() - started
    others = _others_cpu_seconds(bench, running) - others_before
    upstream = bench.upstream.counters() - upstream_before
    return Sample(
        contender=contender,
        cell=cell.name,
        round=number,
        load=result,
        gateway_cpu_seconds=proc.cpu_seconds(running.gateway()) - gateway_before if gateway else None,
        database_cpu_seconds=proc.cpu_seconds(running.database()) - database_before,
        upstream=upstream,
        interference=max(0.0, others / (2 * elapsed)),
        failure=find_failure(result, upstream, cell.connections),
    )


def _others_cpu_seconds(bench: Bench, running: Running) -> float:
    """Return the time of both CPUs that went to anything but this benchmark and what it started."""
    busy = proc.busy_seconds((bench.gateway_cpu, bench.load_cpu))
    ours = proc.tree(os.getpid(), proc.processes()) | running.database()
    return busy - proc.cpu_seconds(ours)

"""A hundred thousand keys: how long a replica takes to learn them, what knowing them needs, how fast one is blocked."""

import asyncio
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import asyncpg
import httpx
import uvloop

from benchmarks import proc
from benchmarks.scale.filling import Size, fill_budgets, fill_keys, fill_models
from benchmarks.scale.findings import Finding
from benchmarks.scale.system import Replica, System
from benchmarks.targets import MEGABYTE
from benchmarks.upstream import UpstreamStub
from litemaas.domain.snapshot import Snapshot
from litemaas.storage.postgres import open_pool
from litemaas.storage.vault import Vault

REPLICAS = 3
REVOCATIONS = 20
LOADS = 3
GIVE_UP_SECONDS = 10.0
PAUSE_SECONDS = 0.005
MODEL = "model-0"


def measure(upstream: UpstreamStub, cpu: int, *, keys: int = 100_000) -> list[Finding]:
    """Measure replicas that know this many keys, each with a budget."""
    size = Size(0, users=keys // 5, keys=keys, teams=max(1, keys // 100))
    with System(cpu) as system:

        async def fill(connection: asyncpg.Connection) -> None:
            await fill_keys(connection, size)
            await fill_budgets(connection)
            await fill_models(connection, 1, 1, f"{upstream.url}/v1")

        system.fill(fill)
        with _moved_to(cpu):  # the database stays on the other one
            loads = [uvloop.run(load_snapshot(system, keys)) for _ in range(LOADS)]
        replicas = [system.start_replica() for _ in range(REPLICAS)]
        serving = replicas[-1].pid  # the first one also manages
        idle = proc.memory([serving]).resident
        revocations = [asyncio.run(revoke(system, replicas)) for _ in range(REVOCATIONS)]
        changed = proc.memory([serving]).resident
    return [
        Finding(f"{keys:,} keys: load of the snapshot, median of {LOADS}", statistics.median(loads), "s", 2),
        Finding("start of a replica to ready", max(replica.start_seconds for replica in replicas), "s"),
        Finding("memory of a replica, just started", idle / MEGABYTE, "MB", 150),
        Finding("memory of a replica, after changes", changed / MEGABYTE, "MB", 150),
        Finding(f"block of a key on {REPLICAS} replicas, median", statistics.median(revocations), "ms", 250),
        Finding(f"block of a key on {REPLICAS} replicas, slowest of {REVOCATIONS}", max(revocations), "ms", 250),
    ]


@contextmanager
def _moved_to(cpu: int) -> Iterator[None]:
    """Let this process work on another CPU for a while."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {cpu})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


async def load_snapshot(system: System, keys: int) -> float:
    """Return the seconds in which a snapshot learns everything, as a replica does when it starts."""
    pool = await open_pool(system.database_url, 2)
    try:
        snapshot = Snapshot(pool, Vault(system.salt_key))
        started = time.perf_counter()
        await snapshot.catch_up()
        seconds = time.perf_counter() - started
        assert len(snapshot.keys) >= keys, "not all keys were loaded"
    finally:
        await pool.close()
    return seconds


async def revoke(system: System, replicas: Sequence[Replica]) -> float:
    """Block a key that works everywhere; returns milliseconds from asking for it to the last replica's refusal."""
    key = await asyncio.to_thread(system.issue_key)
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=30) as client:
        await asyncio.gather(*(_until(client, replica, httpx.codes.OK) for replica in replicas))
        started = time.perf_counter()
        refused = asyncio.gather(*(_until(client, replica, httpx.codes.UNAUTHORIZED) for replica in replicas))
        await asyncio.to_thread(system.manage, "POST", "/key/block", json={"key": key})
        return (max(await refused) - started) * 1000


async def _until(client: httpx.AsyncClient, replica: Replica, status: int) -> float:
    """Call a replica until it answers with this status; returns when it did."""
    call = {"model": MODEL, "messages": [{"role": "user", "content": "?"}]}
    deadline = time.perf_counter() + GIVE_UP_SECONDS
    while (await client.post(f"{replica.url}/v1/chat/completions", json=call)).status_code != status:
        if time.perf_counter() > deadline:
            raise TimeoutError(f"no answer with status {status} within {GIVE_UP_SECONDS:.0f} s")
        await asyncio.sleep(PAUSE_SECONDS)  # callers without a pause would keep the database from its CPU
    return time.perf_counter()

"""`python -m benchmarks.scale.ledger`: usage pages, rebuild and export on ten million calls.

Writes a year of calls into a database of its own, makes the rollups by the same rebuild that `litemaas ledger rebuild`
calls, and asks a running replica over HTTP what the usage pages ask it, while new calls keep coming in as from a busy
gateway. What it prints was measured in this run.
"""

import asyncio
import os
import platform
import resource
import statistics
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import asyncpg
import click
import httpx
import msgspec

from benchmarks import machine
from benchmarks.launch import stop_on_sigterm
from benchmarks.scale.filling import Size, fill
from benchmarks.scale.findings import Finding
from benchmarks.scale.system import System
from benchmarks.scale.usage_questions import SPANS, Question, questions
from litemaas.domain.spend.entities import LedgerRecord, SpendFilter
from litemaas.domain.spend.exporting import export_calls
from litemaas.domain.spend.ledger import write_lines
from litemaas.domain.spend.rebuilding import rebuild
from litemaas.storage.postgres import Pool, open_pool

_READERS = 2
_RECORDS_AT_ONCE = 200
_WRITES_PER_SECOND = 2
_MEGABYTE = 1024 * 1024
_TARGET_MS = 100
_KEY_ID = "SELECT id::text FROM keys WHERE alias = 'key 7'"


async def keep_writing(pool: Pool, size: Size) -> None:
    """Ship batches of calls of many people, as a busy gateway's journal does, until cancelled."""
    while True:
        now = time.time()
        records = [_record(size, now, number) for number in range(_RECORDS_AT_ONCE)]
        async with pool.acquire() as connection, connection.transaction():
            await write_lines(connection, b"".join(msgspec.json.encode(record) + b"\n" for record in records))
        await asyncio.sleep(1 / _WRITES_PER_SECOND)


def _record(size: Size, now: float, number: int) -> LedgerRecord:
    user = (number * 37 + int(now)) % size.users
    return LedgerRecord(
        id=str(uuid4()),
        started_at=now,
        endpoint="/chat/completions",
        model=f"model-{number % size.models}",
        deployment_id="deployment",
        provider="openai",
        status=200,
        cost=Decimal("0.001"),
        duration_ms=900,
        key_id=UUID(int=user + 1),
        user_id=f"user-{user}",
        team_id=f"team-{user % size.teams}",
        input_tokens=900,
        output_tokens=400,
    )


async def ask(client: httpx.AsyncClient, question: Question, times: int) -> list[float]:
    """Milliseconds of `times` answers, asked by several readers at once, the first of each left out."""

    async def read() -> list[float]:
        seconds = []
        for _ in range(times // _READERS + 1):
            began = time.perf_counter()
            answer = await client.get(question.path, params=question.query)
            seconds.append(time.perf_counter() - began)
            answer.raise_for_status()
        return [1000 * one for one in seconds[1:]]

    answers = await asyncio.gather(*(read() for _ in range(_READERS)))
    return sorted(one for some in answers for one in some)


async def rebuild_all(pool: Pool, size: Size) -> float:
    """Make all rollups; returns seconds."""
    began = time.perf_counter()
    async for _ in rebuild(pool, size.first_day, datetime.now(UTC).date()):
        pass
    return time.perf_counter() - began


async def export_all(pool: Pool) -> tuple[int, float, float]:
    """Export everything as CSV; returns lines, seconds and the megabytes by which this process's peak memory grew."""
    lines, began, before = 0, time.perf_counter(), _peak()
    async for piece in export_calls(pool, SpendFilter(), "csv"):
        lines += piece.count(b"\n")
    return lines, time.perf_counter() - began, _peak() - before


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEGABYTE


async def prepare(url: str, size: Size) -> None:
    """Write the calls and their rollups."""
    connection = await asyncpg.connect(url)
    began = time.perf_counter()
    await fill(connection, size, lambda count: print(f"\r{count:,} calls", end="", file=sys.stderr, flush=True))
    print(f"\r{size.calls:,} calls of {size.days} days written in {time.perf_counter() - began:.0f} s")
    pool = await open_pool(url, 2)
    print(f"rollups rebuilt in {await rebuild_all(pool, size):.0f} s")
    await connection.execute("VACUUM ANALYZE", timeout=None)
    for table in ("daily_spend", "weekly_spend", "daily_totals", "owner_totals"):
        count = await connection.fetchval(f"SELECT count(*) FROM {table}")
        octets = await connection.fetchval("SELECT pg_total_relation_size($1::regclass)", table)
        print(f"{table}: {count:,} rows, {octets / _MEGABYTE:.0f} MB")
    await pool.close()
    await connection.close()


async def measure(system: System, replica_url: str, size: Size, times: int, *, export: bool) -> list[Finding]:
    """Ask everything while calls come in, and print it; returns what was found for each span."""
    pool = await open_pool(system.database_url, 4)
    key_id = await pool.fetchval(_KEY_ID)
    writing = asyncio.create_task(keep_writing(pool, size))
    print(f"\n{f'milliseconds, {_READERS} readers, calls coming in':<60}{'p50':>8}{'p95':>8}{'max':>8}")
    high: dict[str, list[float]] = defaultdict(list)
    async with (
        httpx.AsyncClient(base_url=replica_url, timeout=60) as page,
        httpx.AsyncClient(base_url=replica_url, timeout=60) as program,
    ):
        await _log_in(page, system)
        program.headers["Authorization"] = f"Bearer {system.master_key}"
        for question in questions(key_id):
            figures = await ask(program if question.by_key else page, question, times)
            high[question.span].append(figures[int(len(figures) * 0.95)])
            name = f"{question.span}, {question.about}"
            print(f"{name:<60}{statistics.median(figures):>8.1f}{high[question.span][-1]:>8.1f}{figures[-1]:>8.1f}")
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    if export:
        lines, seconds, grown = await export_all(pool)
        print(f"\n{lines - 1:,} calls exported as CSV in {seconds:.0f} s; peak memory grew by {grown:.0f} MB")
    await pool.close()
    found = []
    for span in SPANS:
        found.append(
            Finding(f"{size.calls:,} calls, {span}: median question, p95", statistics.median(high[span]), "ms")
        )
        found.append(Finding(f"slowest of {len(high[span])} questions, p95", max(high[span]), "ms", _TARGET_MS))
    return found


async def _log_in(client: httpx.AsyncClient, system: System) -> None:
    session = (await client.get("/api/session")).json()
    headers = {"X-CSRF-Token": session["csrf_token"]}
    (await client.post("/api/auth/password", json=system.admin, headers=headers)).raise_for_status()


def measure_ledger(calls: int, times: int, *, export: bool) -> list[Finding]:
    """Measure a ledger of so many calls over a year."""
    cpu, _ = machine.choose_cpus()
    size = Size(calls, days=max(SPANS.values()))
    with System(cpu) as system:
        asyncio.run(prepare(system.database_url, size))
        replica = system.start_replica()
        return asyncio.run(measure(system, replica.url, size, times, export=export))


@click.command()
@click.option("--calls", default=10_000_000, show_default=True, help="How many calls the ledger has.")
@click.option("--times", default=30, show_default=True, help="How often each question is asked.")
@click.option("--export/--no-export", default=True, help="Also export all calls.")
def main(*, calls: int, times: int, export: bool) -> None:
    """Measure usage pages, rebuild and export on a ledger of many calls."""
    stop_on_sigterm()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}")
    measure_ledger(calls, times, export=export)


if __name__ == "__main__":
    main()

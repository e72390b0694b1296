"""`python -m benchmarks.scale.ledger`: usage pages, rebuild and export on ten million calls.

Starts a PostgreSQL of its own, writes the calls, makes the rollups by the same rebuild that `litemaas ledger rebuild`
calls, and asks the questions of the usage pages through `UsageReports`, while new calls keep coming in as from a busy
gateway. What it prints was measured in this run.
"""

import asyncio
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import click
import msgspec

from benchmarks.launch import stop_on_sigterm
from benchmarks.scale.filling import Size, fill
from benchmarks.scale.findings import Finding
from litemaas.domain.spend.entities import LedgerRecord, SpendFilter
from litemaas.domain.spend.exporting import export_calls
from litemaas.domain.spend.ledger import write_lines
from litemaas.domain.spend.rebuilding import rebuild
from litemaas.domain.spend.usage import UsageFilter, UsageReports
from litemaas.migrations import migrate
from litemaas.storage.embedded_postgres import EmbeddedPostgres
from litemaas.storage.postgres import Pool, open_pool

_READERS = 2
_RECORDS_AT_ONCE = 200
_WRITES_PER_SECOND = 2
_MEGABYTE = 1024 * 1024

Question = Callable[[UsageReports], Awaitable[object]]


def questions(size: Size) -> dict[str, Question]:
    """What an administrator's and a user's usage pages ask, by what it is called in the table."""
    today = datetime.now(UTC).date()
    month = UsageFilter(since=today - timedelta(days=29), until=today)
    everything = UsageFilter(since=size.first_day, until=today)
    one = UsageFilter(since=month.since, until=today, users=["user-7"])
    team = UsageFilter(since=month.since, until=today, teams=["team-7"])
    model = UsageFilter(since=month.since, until=today, models=["model-7"])
    provider = UsageFilter(since=month.since, until=today, providers=["openai"])
    return {
        "totals, 30 days": lambda reports: reports.totals(month),
        "trend, 30 days": lambda reports: reports.trend(month),
        "trend by model, 30 days": lambda reports: reports.trend(month, "model"),
        "trend by user, 30 days": lambda reports: reports.trend(month, "user"),
        "by model, 30 days": lambda reports: reports.breakdown(month, "model", limit=20),
        "by user, 30 days": lambda reports: reports.breakdown(month, "user", limit=20),
        "by key, 30 days": lambda reports: reports.breakdown(month, "key", limit=20),
        "by team, 30 days": lambda reports: reports.breakdown(month, "team", limit=20),
        f"by user, {size.days} days": lambda reports: reports.breakdown(everything, "user", limit=20),
        "by user of one team, 30 days": lambda reports: reports.breakdown(team, "user", limit=20),
        "by key of one model, 30 days": lambda reports: reports.breakdown(model, "key", limit=20),
        "by key of one provider, 30 days": lambda reports: reports.breakdown(provider, "key", limit=20),
        "one user: totals, 30 days": lambda reports: reports.totals(one),
        "one user: by model, 30 days": lambda reports: reports.breakdown(one, "model", limit=20),
    }


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


async def measure(reports: UsageReports, question: Question, times: int) -> list[float]:
    """Milliseconds of `times` answers, asked by several readers at once, the first of each left out."""

    async def read() -> list[float]:
        seconds = []
        for _ in range(times // _READERS + 1):
            began = time.perf_counter()
            await question(reports)
            seconds.append(time.perf_counter() - began)
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


async def run(url: str, size: Size, times: int, *, export: bool) -> float:
    """Fill, rebuild, measure, print; returns the p95 of the slowest question in milliseconds."""
    connection = await asyncpg.connect(url)
    began = time.perf_counter()
    await fill(connection, size, lambda count: print(f"\r{count:,} calls", end="", file=sys.stderr, flush=True))
    print(f"\r{size.calls:,} calls written in {time.perf_counter() - began:.0f} s")
    pool = await open_pool(url, 8)
    print(f"rollups rebuilt in {await rebuild_all(pool, size):.0f} s")
    await connection.execute("VACUUM ANALYZE", timeout=None)
    for table in ("daily_spend", "weekly_spend", "daily_totals", "owner_totals"):
        count = await connection.fetchval(f"SELECT count(*) FROM {table}")
        octets = await connection.fetchval("SELECT pg_total_relation_size($1::regclass)", table)
        print(f"{table}: {count:,} rows, {octets / _MEGABYTE:.0f} MB")
    writing = asyncio.create_task(keep_writing(pool, size))
    print(f"\n{'milliseconds, ' + str(_READERS) + ' readers, calls coming in':<46}{'p50':>8}{'p95':>8}{'max':>8}")
    slowest = 0.0
    for name, question in questions(size).items():
        figures = await measure(UsageReports(pool), question, times)
        middle, high = statistics.median(figures), figures[int(len(figures) * 0.95)]
        slowest = max(slowest, high)
        print(f"{name:<46}{middle:>8.1f}{high:>8.1f}{figures[-1]:>8.1f}")
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    if export:
        lines, seconds, grown = await export_all(pool)
        print(f"\n{lines - 1:,} calls exported as CSV in {seconds:.0f} s; peak memory grew by {grown:.0f} MB")
    await pool.close()
    await connection.close()
    return slowest


def measure_ledger(calls: int, times: int, *, export: bool) -> list[Finding]:
    """Measure a ledger of so many calls on a PostgreSQL of its own."""
    with tempfile.TemporaryDirectory(prefix="litemaas-scale-") as folder:
        Path(folder).chmod(0o711)  # as root, PostgreSQL runs as somebody else
        postgres = EmbeddedPostgres(Path(folder) / "data", durable=False)
        url = postgres.start()
        try:
            migrate(url)
            slowest = asyncio.run(run(url, Size(calls), times, export=export))
        finally:
            postgres.stop()
    return [Finding(f"{calls:,} calls in the ledger: slowest usage page, p95", slowest, "ms", 100)]


@click.command()
@click.option("--calls", default=10_000_000, show_default=True, help="How many calls the ledger has.")
@click.option("--times", default=60, show_default=True, help="How often each question is asked.")
@click.option("--export/--no-export", default=True, help="Also export all calls.")
def main(*, calls: int, times: int, export: bool) -> None:
    """Measure usage pages, rebuild and export on a ledger of many calls."""
    stop_on_sigterm()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}")
    measure_ledger(calls, times, export=export)


if __name__ == "__main__":
    main()

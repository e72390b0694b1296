import asyncio
import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import asyncpg
import pytest

from litemaas.domain.administration.ledger import LedgerService
from litemaas.domain.audit.entities import Actor
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.spend.entities import SpendFilter
from litemaas.domain.spend.errors import LedgerDroppedError
from litemaas.domain.spend.partitions import list_partitions
from litemaas.domain.spend.usage import UsageFilter, UsageReports
from litemaas.domain.spend.windows import spent_since
from litemaas.storage.postgres import Pool
from support.ledger import book
from support.replicas import until

OPERATOR = Actor("operator")
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = NOON.date()


@pytest.fixture
def ledger(pool: Pool) -> LedgerService:
    return LedgerService(pool, 2)


async def whole(pieces) -> str:
    return b"".join([piece async for piece in pieces]).decode()


async def rollups(pool: Pool) -> list[list[asyncpg.Record]]:
    totals = "SELECT * FROM daily_totals WHERE requests > 0 ORDER BY 1, 2, 3, 4"
    owners = "SELECT * FROM owner_totals WHERE requests > 0 ORDER BY 1, 2, 3, 4"
    everything = "SELECT * FROM daily_spend ORDER BY 1, 2, 3, 4, 5, 6, 7"
    weeks = "SELECT * FROM weekly_spend WHERE requests > 0 ORDER BY 1, 2, 3, 4, 5, 6, 7"
    return [await pool.fetch(query) for query in (everything, totals, owners, weeks)]


async def test_a_rebuild_restores_every_rollup_and_tells_what_was_wrong(pool: Pool, ledger: LedgerService):
    for user in ("ada", "bob"):
        await book(pool, NOON, "0.5", user_id=user, key_id=uuid4(), team_id="red")
    await book(pool, NOON, "0.25", status=502)
    right = await rollups(pool)
    await pool.execute("UPDATE daily_spend SET cost = 7, requests = 99 WHERE user_id = 'ada'")
    await pool.execute("UPDATE owner_totals SET cost = 3")
    await pool.execute("UPDATE weekly_spend SET requests = 0")
    await pool.execute("DELETE FROM daily_totals")

    (rebuilt,) = await ledger.rebuild(OPERATOR, DAY, DAY)

    assert await rollups(pool) == right
    assert (rebuilt.requests_before, rebuilt.requests, rebuilt.changed) == (101, 3, True)
    assert rebuilt.cost == Decimal("1.25")
    assert await pool.fetchval("SELECT subject_id FROM audit_log WHERE action = 'rebuild'") == f"{DAY}..{DAY}"
    assert not (await ledger.rebuild(OPERATOR, DAY, DAY))[0].changed


async def test_what_an_import_brought_survives_a_rebuild(pool: Pool, ledger: LedgerService):
    await book(pool, NOON, "0.5")
    await pool.execute(
        "INSERT INTO daily_spend (day, key_id, user_id, team_id, model, provider, endpoint, requests, cost)"
        " VALUES ($1, '', 'ada', '', 'old', 'openai', 'imported', 10, 2)",
        DAY,
    )
    await ledger.rebuild(OPERATOR, DAY, DAY)
    totals = await UsageReports(pool).totals(UsageFilter(since=DAY, until=DAY))
    assert (totals.requests, totals.cost) == (11, Decimal("2.5"))


async def test_calls_that_are_booked_during_a_rebuild_count_once(pool: Pool, ledger: LedgerService):
    async def book_many() -> None:
        for _ in range(30):
            await book(pool, NOON, "0.01", user_id="ada")

    async def rebuild_often() -> None:
        for _ in range(10):
            await ledger.rebuild(OPERATOR, DAY, DAY)

    await book(pool, NOON, "0.01", user_id="ada")
    await asyncio.gather(book_many(), book_many(), rebuild_often())
    for table in ("daily_spend", "daily_totals", "weekly_spend", "owner_totals WHERE kind = 'user' AND days = 7"):
        assert await pool.fetchval(f"SELECT sum(requests) FROM {table}") == 61


async def test_a_month_is_dropped_when_its_time_is_over_and_its_usage_stays(pool: Pool, ledger: LedgerService):
    await book(pool, datetime(2026, 1, 31, 23, tzinfo=UTC), "0.5", user_id="ada")
    await book(pool, datetime(2026, 2, 1, tzinfo=UTC), "0.25", user_id="ada")

    assert await ledger.drop_expired(datetime(2026, 4, 1, tzinfo=UTC)) == ["ledger_2026_01"]

    assert await pool.fetchval("SELECT count(*) FROM ledger") == 1
    slices, _ = await UsageReports(pool).breakdown(
        UsageFilter(since=date(2026, 1, 1), until=date(2026, 2, 28)), "user", limit=10
    )
    assert [(one.id, one.totals.cost) for one in slices] == [("ada", Decimal("0.75"))]
    assert await pool.fetchval("SELECT actor FROM audit_log WHERE action = 'drop'") == "retention"
    with pytest.raises(LedgerDroppedError):
        await ledger.rebuild(OPERATOR, date(2026, 1, 31), date(2026, 1, 31))


async def test_a_month_that_the_rollups_lack_is_never_dropped(pool: Pool, ledger: LedgerService, caplog):
    moment = datetime(2026, 1, 31, 23, tzinfo=UTC)
    await book(pool, moment, "0.5", user_id="ada")
    await pool.execute("DELETE FROM daily_spend")
    assert await ledger.drop_expired(NOON + timedelta(days=60)) == []
    assert await pool.fetchval("SELECT count(*) FROM ledger") == 1
    assert "2026-01-31" in caplog.text
    await ledger.rebuild(OPERATOR, moment.date(), moment.date())
    assert await ledger.drop_expired(NOON + timedelta(days=60)) == ["ledger_2026_01"]


async def test_this_month_and_the_next_have_their_partition_ahead(pool: Pool, ledger: LedgerService):
    await pool.execute(
        "DO $$ DECLARE name text; BEGIN FOR name IN SELECT inhrelid::regclass FROM pg_inherits"
        " WHERE inhparent = 'ledger'::regclass LOOP EXECUTE 'DROP TABLE ' || name; END LOOP; END $$"
    )
    keeping = asyncio.create_task(ledger.keep_forever())
    await until(lambda: pool.fetchval("SELECT count(*) = 2 FROM pg_inherits WHERE inhparent = 'ledger'::regclass"))
    keeping.cancel()
    async with pool.acquire() as connection:
        months = [partition.month for partition in await list_partitions(connection)]
    assert datetime.now(UTC).date().replace(day=1) in months


async def test_more_days_than_a_month_are_not_rebuilt_at_once(ledger: LedgerService):
    with pytest.raises(InvalidInputError):
        await ledger.rebuild(OPERATOR, DAY, DAY + timedelta(days=31))
    with pytest.raises(InvalidInputError):
        await ledger.rebuild(OPERATOR, DAY, DAY - timedelta(days=1))


async def test_calls_are_exported_as_csv_and_as_json_lines(pool: Pool, ledger: LedgerService):
    odd = 'say "hi", \\ you\x7f\n'
    first = await book(pool, NOON, "0.000000000001", user_id="=cmd()", labels={"centre": odd}, model="größe")
    await book(pool, NOON + timedelta(days=1), "0.25", user_id="bob", end_user=odd)

    rows = list(csv.DictReader(io.StringIO(await whole(ledger.export(SpendFilter(), "csv")), newline="")))
    assert (rows[0]["id"], rows[0]["user_id"], Decimal(rows[0]["cost"])) == (first, "'=cmd()", Decimal("1e-12"))
    assert json.loads(rows[0]["labels"]) == {"centre": odd}
    assert rows[1]["end_user"] == odd

    lines = [json.loads(line) for line in (await whole(ledger.export(SpendFilter(), "jsonl"))).splitlines()]
    assert [line["user_id"] for line in lines] == ["=cmd()", "bob"]
    assert (lines[0]["model"], lines[1]["end_user"]) == ("größe", odd)
    only = await whole(ledger.export(SpendFilter(user_id="bob", first_day=DAY), "jsonl"))
    assert json.loads(only)["user_id"] == "bob"


async def test_a_long_export_waits_for_its_reader_and_can_be_given_up(pool: Pool, ledger: LedgerService):
    await book(pool, NOON, "0.5")
    columns = ", ".join(
        row["attname"]
        for row in await pool.fetch(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'ledger'::regclass AND attnum > 1"
        )
    )
    await pool.execute(
        f"INSERT INTO ledger (id, {columns})"
        f" SELECT gen_random_uuid(), {columns} FROM ledger, generate_series(1, 200000)"
    )
    pieces = ledger.export(SpendFilter(), "jsonl")
    longest = len(await anext(pieces))
    await until(lambda: pool.fetchval("SELECT true FROM pg_stat_activity WHERE wait_event = 'ClientWrite'"))
    lines = 0
    async for piece in pieces:
        longest, lines = max(longest, len(piece)), lines + piece.count(b"\n")
    assert lines > 199_000
    assert longest < 512 * 1024

    given_up = ledger.export(SpendFilter(), "csv")
    await anext(given_up)
    await given_up.aclose()
    await until(lambda: pool.fetchval("SELECT count(*) = 0 FROM pg_stat_activity WHERE query LIKE 'COPY%'"))


async def test_what_was_spent_since_a_moment_whose_calls_are_dropped_counts_the_whole_day(
    pool: Pool, ledger: LedgerService
):
    for hour in (8, 16):
        await book(pool, datetime(2026, 1, 15, hour, tzinfo=UTC), "1", user_id="ada")
    await book(pool, datetime(2026, 1, 16, tzinfo=UTC), "1", user_id="ada")
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    async with pool.acquire() as connection:
        assert await spent_since(connection, noon, user_id="ada") == 2
        assert await ledger.drop_expired(NOON + timedelta(days=60)) == ["ledger_2026_01"]
        assert await spent_since(connection, noon, user_id="ada") == 3

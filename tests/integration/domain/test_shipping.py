import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from factories import add_account, journal_line
from litemaas.domain.budgets.errors import BudgetUnavailableError
from litemaas.storage.journal import Journal
from litemaas.storage.postgres import Pool
from support.postgres import PostgresServer
from support.replicas import Replica, until
from support.sql import connected

KEY = str(uuid4())


async def append(journal: Journal, *lines: bytes) -> None:
    for line in lines:
        journal.append(line.rstrip(b"\n"), lambda _: None)
    await asyncio.sleep(0)


async def counts(pool: Pool) -> tuple[int, Decimal]:
    return tuple(await pool.fetchrow("SELECT count(*), COALESCE(sum(cost), 0) FROM ledger"))


async def assert_rollups_equal_the_ledger(pool: Pool) -> None:
    rolled = await pool.fetch(
        "SELECT day, key_id, user_id, team_id, model, provider, endpoint, requests, failed_requests, input_tokens,"
        " output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, cost, duration_ms"
        " FROM daily_spend ORDER BY 1, 2, 3, 4, 5, 6, 7"
    )
    summed = await pool.fetch(
        "SELECT (started_at AT TIME ZONE 'UTC')::date, COALESCE(key_id::text, ''), COALESCE(user_id, ''),"
        " COALESCE(team_id, ''), model, provider, endpoint, count(*), count(*) FILTER (WHERE status >= 400),"
        " sum(input_tokens), sum(output_tokens), sum(cached_input_tokens), sum(cache_write_tokens),"
        " sum(reasoning_tokens), sum(cost), sum(duration_ms) FROM ledger GROUP BY 1, 2, 3, 4, 5, 6, 7"
        " ORDER BY 1, 2, 3, 4, 5, 6, 7"
    )
    assert [tuple(row) for row in rolled] == [tuple(row) for row in summed]


async def test_every_field_of_a_record_reaches_the_ledger(pool, replica):
    record = json.loads(journal_line()) | {
        "key_id": KEY,
        "user_id": "ada",
        "team_id": "red",
        "end_user": "visitor",
        "request_id": "theirs",
        "error_code": "upstream_error",
        "cached_input_tokens": 1,
        "cache_write_tokens": 2,
        "reasoning_tokens": 3,
        "estimated": True,
        "cached": True,
        "streamed": True,
        "attempts": 2,
        "first_byte_ms": 9,
        "labels": {"cost_centre": "42"},
        "units": [4, 5, 6, 7],
    }
    await append(replica.journal, json.dumps(record).encode())

    assert await replica.shipper.drain()

    row = dict(await pool.fetchrow("SELECT * FROM ledger"))
    row["units"] = [row.pop(name) for name in ("images", "seconds", "characters", "searches")]
    assert row.pop("started_at").timestamp() == pytest.approx(record.pop("started_at"), abs=1e-5)
    assert {**row, "id": str(row["id"]), "key_id": KEY, "cost": str(row["cost"].normalize())} == record


async def test_a_batch_shipped_twice_counts_once(pool, replica, another):
    await add_account(pool, f"key:{KEY}", "100")
    lines = [journal_line(key_id=KEY, cost="0.5") for _ in range(20)]
    await append(replica.journal, *lines, *lines[:3])
    await append(another.journal, *lines, journal_line(key_id=KEY, cost="2"))

    for each in (replica, another, replica):
        assert await each.shipper.drain()

    assert await counts(pool) == (21, 12)
    assert await pool.fetchrow("SELECT requests, cost FROM daily_spend") == (21, 12)
    assert await pool.fetchrow("SELECT spent, total_spent FROM balances") == (12, 12)


async def test_a_call_is_charged_to_all_that_it_counts_against_and_to_nobody_else(pool, replica):
    accounts = ["global", f"key:{KEY}", f"key:{KEY}/model:small", "user:ada", "team:red"]
    others = [f"key:{uuid4()}", f"key:{KEY}/model:large", "user:bob", "team:blue"]
    for account in accounts + others:
        await add_account(pool, account)
    await append(replica.journal, journal_line(key_id=KEY, user_id="ada", team_id="red", cost="0.25"))

    assert await replica.shipper.drain()

    rows = await pool.fetch("SELECT account_id, spent FROM balances")
    assert {row["account_id"]: row["spent"] for row in rows} == dict.fromkeys(
        accounts, Decimal("0.25")
    ) | dict.fromkeys(others, Decimal(0))


async def test_two_shippers_at_once_neither_deadlock_nor_lose_anything(pool, replica, another):
    keys = [str(uuid4()) for _ in range(6)]
    for key in keys:
        await add_account(pool, f"key:{key}", "100")
    await add_account(pool, "global", "1000")

    async def work(each: Replica, order: list[str]) -> None:
        for _ in range(15):
            await append(each.journal, *(journal_line(key_id=key, user_id="ada", cost="0.01") for key in order))
            assert await each.shipper.drain()

    await asyncio.gather(work(replica, keys), work(another, keys[::-1]))

    assert await counts(pool) == (180, Decimal("1.8"))
    assert await pool.fetchval("SELECT spent FROM balances WHERE account_id = 'global'") == Decimal("1.8")
    await assert_rollups_equal_the_ledger(pool)


async def test_rollups_equal_the_ledger(pool, replica):
    midnight = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
    for number in range(60):
        await append(
            replica.journal,
            journal_line(
                started_at=midnight + (number - 30) * 0.5,
                key_id=[None, KEY][number % 2],
                user_id=[None, "ada", "bob"][number % 3],
                model=["small", "large"][number % 2],
                status=[200, 502][number % 5 == 0],
                cost=f"0.{number:012d}",
                reasoning_tokens=number,
            ),
        )
        if number % 7 == 0:
            assert await replica.shipper.drain()
    assert await replica.shipper.drain()

    assert (await counts(pool))[0] == 60
    assert await pool.fetchval("SELECT count(DISTINCT day) FROM daily_spend") == 2
    await assert_rollups_equal_the_ledger(pool)


async def test_what_no_partition_takes_stays_in_the_journal_until_one_does(pool, replica, caplog):
    month = datetime.now(UTC).strftime("ledger_%Y_%m")
    await pool.execute(f"ALTER TABLE ledger DETACH PARTITION {month}")
    await append(replica.journal, journal_line(cost="1"), journal_line(cost="2"))

    assert not await replica.shipper.drain()
    assert "no partition of relation" in caplog.text
    assert replica.shipper.lost == 0
    assert await counts(pool) == (0, 0)

    await pool.execute(f"DROP TABLE {month}")
    assert await replica.shipper.drain()
    assert await counts(pool) == (2, 3)


async def test_a_month_without_a_partition_gets_one(pool, replica):
    moments = [datetime(2019, 2, 28, 23, 59, 59, tzinfo=UTC), datetime(2031, 12, 31, tzinfo=UTC), datetime.now(UTC)]
    await append(replica.journal, *(journal_line(started_at=moment.timestamp()) for moment in moments))

    assert await replica.shipper.drain()

    assert await counts(pool) == (3, 3)
    tables = await pool.fetch("SELECT DISTINCT tableoid::regclass::text AS name FROM ledger")
    assert {"ledger_2019_02", "ledger_2031_12"} <= {row["name"] for row in tables}


POISON = {
    "no JSON": b"not json",
    "no uuid": b'{"id": "no uuid"}',
    "no object": b"[]",
    "null": b"null",
    "no UTF-8": b"\xff\xfe",
    "a NUL in the id": b'{"id": "\\u0000"}',
    "nothing": b"",
    "no amount": journal_line(cost="lots"),
    "an empty amount": journal_line(cost=""),
    "a status too large": journal_line(status=99_999),
    "a NUL in the model": journal_line(model="a\0b"),
    "a time too late": journal_line(started_at=1e300),
    "no endpoint": journal_line(endpoint=None),
}


READABLE = {"a status too large", "a NUL in the model"}


@pytest.mark.parametrize("kind", POISON)
async def test_what_the_database_will_never_take_is_put_aside_and_the_rest_goes_on(pool, replica, journals, kind):
    """The rest includes a call of a month that has no partition yet."""
    poison, long_ago = POISON[kind], datetime(2019, 2, 1, tzinfo=UTC).timestamp()
    await append(replica.journal, journal_line(), poison, journal_line(started_at=long_ago), journal_line())

    assert await replica.shipper.drain()

    assert await counts(pool) == ((4, 4) if kind in READABLE else (3, 3))
    assert replica.shipper.lost == (0 if kind in READABLE or not poison else 1)
    assert replica.journal.unsafe_bytes == 0
    put_aside = journals / "rejected.jsonl"
    assert not poison or put_aside.read_bytes() == poison.rstrip(b"\n") + b"\n"
    await assert_rollups_equal_the_ledger(pool)


async def test_money_held_for_a_record_that_is_refused_is_booked_and_not_left_leased(pool, replica):
    await add_account(pool, "team:red", "100")
    await replica.settle(await replica.hold("10", "team:red"), "4", team_id="red", model="a\0b")

    assert await replica.shipper.drain()
    await replica.give_back()

    assert await pool.fetchrow("SELECT model, error_code, cost FROM ledger") == ("ab", "record_damaged", 4)
    assert await pool.fetchrow("SELECT spent, leased FROM balances") == (4, 0)


@pytest.fixture
def server(postgres_server: PostgresServer, database_url: str) -> "Server":
    return Server(postgres_server.url, urlsplit(database_url).path[1:])


@dataclass
class Server:
    """Takes a database away from its users and gives it back."""

    url: str
    database: str

    @asynccontextmanager
    async def closed(self) -> AsyncIterator[None]:
        async with connected(self.url) as connection:
            await connection.execute(f"ALTER DATABASE {self.database} ALLOW_CONNECTIONS false")
            await self._disconnect(connection)
            yield
            await connection.execute(f"ALTER DATABASE {self.database} ALLOW_CONNECTIONS true")

    @asynccontextmanager
    async def read_only(self) -> AsyncIterator[None]:
        async with connected(self.url) as connection:
            await connection.execute(f"ALTER DATABASE {self.database} SET default_transaction_read_only = on")
            await self._disconnect(connection)
            yield
            await connection.execute(f"ALTER DATABASE {self.database} RESET default_transaction_read_only")
            await self._disconnect(connection)

    async def _disconnect(self, connection: asyncpg.Connection) -> None:
        await connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", self.database
        )


@pytest.mark.parametrize("away", [Server.closed, Server.read_only])
async def test_without_a_database_nothing_is_lost_and_shipping_resumes(pool, replica, server, away):
    await add_account(pool, "team:red", "100")
    shipping = asyncio.create_task(replica.shipper.run())
    holds = await replica.hold("10", "team:red")
    async with away(server):
        await replica.settle(holds, "4", team_id="red")
        assert not await replica.shipper.drain()
        assert replica.shipper.database_away
        with pytest.raises(BudgetUnavailableError):
            await replica.hold("90", "team:red")
        await append(replica.journal, *(journal_line(team_id="red", cost="0.5") for _ in range(20)))
        await asyncio.sleep(0.2)  # `run` tries, and fails, in its own time
        assert not shipping.done()

    await until(lambda: asyncio.sleep(0, not replica.journal.unsafe_bytes))
    shipping.cancel()
    assert await replica.shipper.drain()
    assert not replica.shipper.database_away
    assert await counts(pool) == (21, 14)
    assert await pool.fetchval("SELECT spent FROM balances") == 14
    assert await replica.hold("86", "team:red")


async def test_a_lost_answer_to_a_commit_charges_once_and_locks_no_money(pool, replica):
    """PostgreSQL committed, the connection broke before it could say so: the batch is shipped again."""
    await add_account(pool, "team:red", "100")
    await replica.settle(await replica.hold("10", "team:red"), "4", team_id="red")
    await pool.execute(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;"
        "CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON balances DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION slow()"
    )
    draining = asyncio.create_task(replica.shipper.drain())
    await until(lambda: pool.fetchval("SELECT true FROM pg_stat_activity WHERE wait_event = 'PgSleep'"))
    for connection in [holder._con for holder in pool._holders if holder._con and holder._in_use]:
        connection.terminate()
    assert not await draining
    await until(lambda: pool.fetchval("SELECT true FROM ledger"))  # the server is on its own now
    await pool.execute("DROP TRIGGER slow ON balances")

    assert await replica.shipper.drain()
    await replica.give_back()

    assert await counts(pool) == (1, 4)
    assert await pool.fetchrow("SELECT spent, leased FROM balances") == (4, 0)
    assert await replica.hold("96", "team:red")


async def test_the_journal_of_a_process_that_is_gone_is_shipped_and_its_money_freed(pool, replica, another):
    await add_account(pool, "team:red", "100")
    await replica.settle(await replica.hold("10", "team:red"), "4", team_id="red")
    await replica.hold("50", "team:red")
    replica.crash()
    adopting = asyncio.create_task(another.shipper.adopt_orphans(replica.journals))
    await until(lambda: pool.fetchval("SELECT count(*) = 0 FROM leases"))
    adopting.cancel()

    assert await counts(pool) == (1, 4)
    assert await pool.fetchrow("SELECT spent, leased FROM balances") == (4, 0)
    assert await another.hold("96", "team:red")


async def test_a_folder_that_is_no_journal_is_left_alone_and_holds_up_nobody(pool, replica, journals):
    stranger = Journal(journals / "aaa")
    await append(stranger, b"what is this")
    stranger.close()
    gone = Replica(pool, journals)
    await append(gone.journal, journal_line())
    gone.crash()
    adopting = asyncio.create_task(replica.shipper.adopt_orphans(journals))
    await until(lambda: pool.fetchval("SELECT count(*) FROM ledger"))
    adopting.cancel()

    assert (journals / "aaa" / "00000001.jsonl").read_bytes() == b"what is this\n"

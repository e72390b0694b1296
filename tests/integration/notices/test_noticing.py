import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from litemaas.domain.budgets.periods import window_start
from litemaas.domain.notices.entities import Event, Kind, Occurrence
from litemaas.domain.notices.outbox import LIFE, announce, pause_after
from litemaas.domain.noticing.own_troubles import OwnTroubles
from litemaas.domain.noticing.sending import deliver_due
from litemaas.domain.noticing.watching import NoticeWatch, notice_all
from litemaas.domain.snapshot import Snapshot
from litemaas.storage.journal import Journal
from litemaas.storage.postgres import Pool
from litemaas.storage.vault import Vault
from support.notices import Notifier
from support.upstream import Call, http

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MONTH = datetime(2026, 11, 1, tzinfo=UTC)


async def add_account(pool: Pool, account: str, spent: str, window: datetime = MONTH, **limits: object) -> None:
    columns = {"id": account, "budget_duration": "1mo"} | limits
    places = ", ".join(f"${number + 1}" for number in range(len(columns)))
    await pool.execute(f"INSERT INTO accounts ({', '.join(columns)}) VALUES ({places})", *columns.values())
    await pool.execute(
        "INSERT INTO balances (account_id, window_start, spent) VALUES ($1, $2, $3)", account, window, Decimal(spent)
    )


async def add_key(pool: Pool, alias: str, created: datetime, expires: datetime, **columns: object) -> str:
    columns |= {"id": uuid4(), "key_hash": uuid4().hex * 2, "key_hint": "abcd", "alias": alias, "models": []}
    columns |= {"created_at": created, "expires_at": expires}
    places = ", ".join(f"${number + 1}" for number in range(len(columns)))
    await pool.execute(f"INSERT INTO keys ({', '.join(columns)}) VALUES ({places})", *columns.values())
    return str(columns["id"])


async def messages(pool: Pool) -> list[tuple[str, str]]:
    return [tuple(row) for row in await pool.fetch("SELECT event, message FROM notices ORDER BY event, message")]


async def test_soft_and_spent_budgets_of_the_current_window_are_noticed(pool: Pool):
    await pool.execute("INSERT INTO teams (id, alias, models) VALUES ('red', 'Red team', '{}')")
    await add_account(pool, "team:red", "81", max_budget=Decimal(100), soft_budget=Decimal(80))
    await add_account(pool, "user:ada", "99.5", max_budget=Decimal(100), soft_budget=Decimal(80))
    await add_account(pool, "user:bob", "79", max_budget=Decimal(100), soft_budget=Decimal(80))
    await add_account(pool, "user:eve", "100", window=datetime(2026, 10, 1, tzinfo=UTC), max_budget=Decimal(100))

    await notice_all(pool, NOW)

    assert await messages(pool) == [
        ("budget_exhausted", "User:ada has spent its budget of $100: $99.5 since 2026-11-01"),
        ("budget_soft_reached", "The team Red team has reached its soft budget of $80: $81 since 2026-11-01"),
    ]


async def test_each_event_is_noticed_once_over_all_replicas_and_again_in_the_next_window(pool: Pool):
    await add_account(pool, "user:ada", "100", max_budget=Decimal(100))
    await asyncio.gather(*(notice_all(pool, NOW) for _ in range(5)))
    assert await pool.fetchval("SELECT count(*) FROM notices") == 1
    await pool.execute("UPDATE balances SET window_start = $1", datetime(2026, 12, 1, tzinfo=UTC))
    await notice_all(pool, NOW + timedelta(days=20))
    await pool.execute("UPDATE accounts SET max_budget = 101")
    await notice_all(pool, NOW + timedelta(days=20))
    await pool.execute("UPDATE balances SET spent = 101")
    await notice_all(pool, NOW + timedelta(days=20))
    assert await pool.fetchval("SELECT count(*) FROM notices") == 3


async def test_keys_are_said_to_expire_in_good_time_and_to_have_expired(pool: Pool):
    year_ago = NOW - timedelta(days=365)
    await add_key(pool, "soon", year_ago, NOW + timedelta(days=6))
    await add_key(pool, "later", year_ago, NOW + timedelta(days=8))
    await add_key(pool, "young", NOW - timedelta(hours=1), NOW + timedelta(hours=23))
    await add_key(pool, "old", NOW - timedelta(hours=20), NOW + timedelta(hours=4))
    await add_key(pool, "over", year_ago, NOW - timedelta(hours=1))
    await add_key(pool, "long over", year_ago, NOW - timedelta(days=2))
    await add_key(pool, "blocked", year_ago, NOW + timedelta(days=1), blocked=True)
    await add_key(pool, "deleted", year_ago, NOW + timedelta(days=1), deleted_at=NOW)

    await notice_all(pool, NOW)

    assert await messages(pool) == [
        ("key_expired", "The key over has expired at 2026-11-22 11:00 UTC"),
        ("key_expiring", "The key old expires at 2026-11-22 16:00 UTC"),
        ("key_expiring", "The key soon expires at 2026-11-28 12:00 UTC"),
    ]


def happened(occasion: str = "1") -> Occurrence:
    return Occurrence(
        event=Event.DEPLOYMENT_UNHEALTHY, subject="deployment:d", occasion=occasion, message="It does not answer"
    )


async def test_a_notice_goes_through_the_channels_that_want_its_event_once_each(notifier: Notifier, pool, receiver):
    await notifier.add("all", Kind.WEBHOOK, f"{receiver.url}/all")
    await notifier.add("these", Kind.SLACK, f"{receiver.url}/these", events=["deployment_unhealthy"])
    await notifier.add("others", Kind.SLACK, f"{receiver.url}/others", events=["key_expired"])
    for _ in range(2):
        await announce(pool, happened())
    await asyncio.gather(*(deliver_due(pool, notifier.sender) for _ in range(4)))
    assert sorted(call.path for call in receiver.calls) == ["/v1/all", "/v1/these"]
    assert await notifier.deliveries() == {"deployment_unhealthy": [("sent", 1), ("sent", 1)]}


async def test_a_failed_notice_is_tried_again_later_and_given_up_after_a_day(notifier: Notifier, pool, receiver):
    async def refuse(call: Call) -> None:
        await call.send(http(b"not now", "503 Service Unavailable"))

    working, receiver.script = receiver.script, refuse
    await notifier.add("ops", Kind.WEBHOOK, receiver.url)
    await announce(pool, happened())
    assert [await deliver_due(pool, notifier.sender) for _ in range(2)] == [1, 0]
    ((_, (delivery,)),) = await notifier.channels.notices(10)
    assert (delivery.state, delivery.last_error) == ("waiting", "127.0.0.1 answers with status 503: not now")

    receiver.script = working
    await pool.execute("UPDATE notice_deliveries SET next_attempt_at = now()")
    await deliver_due(pool, notifier.sender)
    assert await notifier.deliveries() == {"deployment_unhealthy": [("sent", 2)]}

    receiver.script = refuse
    await announce(pool, happened("2"), at=datetime.now(UTC) - LIFE)
    await deliver_due(pool, notifier.sender)
    states = {state for state, _ in (await notifier.deliveries())["deployment_unhealthy"]}
    assert states == {"sent", "dead"}


async def test_a_claimed_notice_is_taken_over_when_its_sender_is_gone(notifier: Notifier, pool, receiver):
    await notifier.add("ops", Kind.WEBHOOK, receiver.url)
    await announce(pool, happened())
    await pool.execute("UPDATE notice_deliveries SET attempts = 1, next_attempt_at = now() + interval '2 minutes'")
    assert await deliver_due(pool, notifier.sender) == 0
    await pool.execute("UPDATE notice_deliveries SET next_attempt_at = now() - interval '1 second'")
    assert await deliver_due(pool, notifier.sender) == 1
    assert len(receiver.calls) == 1


def test_pauses_double_and_end_at_an_hour():
    assert [pause_after(one) for one in (1, 2, 3)] == [timedelta(seconds=seconds) for seconds in (15, 30, 60)]
    assert pause_after(9) == pause_after(10**6) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("suffering", "event"),
    [
        ({"database_silent": 31.0}, "database_away"),
        ({"journal_bytes": 801}, "journal_near_bound"),
    ],
)
async def test_own_troubles_are_told_without_a_database_once_and_written_down_when_it_is_back(
    notifier: Notifier, pool, receiver, suffering, event
):
    await notifier.add("ops", Kind.WEBHOOK, receiver.url)
    channels = await notifier.channels.all()
    calm = {"database_silent": 1.0, "journal_bytes": 10, "journal_bound": 1000}
    own = OwnTroubles(pool, notifier.sender, "pod-1")
    for values in (calm, calm | suffering, calm | suffering):
        own.see(**values)
        await own.tell(channels)
    assert [call.json["event"] for call in receiver.calls] == [event]
    assert receiver.calls[0].json["subject"] == "replica:pod-1"

    await notifier.add("later", Kind.WEBHOOK, f"{receiver.url}/later")
    own.see(**calm)
    await own.write_down()
    assert await notifier.deliveries() == {event: [("waiting", 0), ("sent", 1)]}
    await deliver_due(pool, notifier.sender)
    assert receiver.calls[-1].path == "/v1/later"
    assert len(receiver.calls) == 2


@pytest.fixture
async def watch(notifier: Notifier, pool: Pool, tmp_path: Path) -> AsyncIterator[NoticeWatch]:
    snapshot, journal = Snapshot(pool, Vault("salt of these tests")), Journal(tmp_path / "journal" / str(uuid4()))
    await snapshot.catch_up()
    yield NoticeWatch(pool, notifier.sender, snapshot, journal, host="pod-1", journal_bound=1000)
    journal.close()


async def test_one_round_finds_and_sends(watch: NoticeWatch, notifier: Notifier, pool, receiver):
    await notifier.add("ops", Kind.WEBHOOK, receiver.url)
    await add_account(pool, "user:ada", "100", window=window_start("1mo", datetime.now(UTC)), max_budget=Decimal(100))
    for _ in range(2):
        await watch.look()
    assert [call.json["event"] for call in receiver.calls] == ["budget_exhausted"]
    assert receiver.calls[0].json["details"]["account"] == "user:ada"


async def test_a_replica_that_loses_its_database_still_tells(watch: NoticeWatch, notifier: Notifier, pool, receiver):
    await notifier.add("ops", Kind.WEBHOOK, receiver.url)
    await watch.look()
    pool.terminate()
    watch._snapshot.confirmed_at -= 60
    for _ in range(2):
        await watch.look()
    assert [call.json["event"] for call in receiver.calls] == ["database_away"]

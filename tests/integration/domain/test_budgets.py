import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from factories import add_account
from litemaas.domain.budgets.errors import BudgetUnavailableError, InsufficientBudgetError
from litemaas.domain.budgets.keeping import give_back, give_way, keep_leases, recall, renew
from litemaas.domain.budgets.service import WANTED_CHANNEL
from litemaas.domain.errors import RefusedError
from litemaas.storage.notifications import listen
from litemaas.storage.postgres import Pool
from support.replicas import Replica, until

ACCOUNT = "team:red"
SOMEBODY_WAITS = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())
"""


@pytest.fixture(autouse=True)
async def account(pool: Pool) -> None:
    await add_account(pool, ACCOUNT, "50")


async def balance(pool: Pool, account: str = ACCOUNT) -> tuple[Decimal, Decimal]:
    return tuple(await pool.fetchrow("SELECT spent, leased FROM balances WHERE account_id = $1", account))


async def spend(replica: Replica, cost: str = "1", held: str | None = None) -> None:
    holds = await replica.hold(held or cost, ACCOUNT)
    await replica.settle(holds, cost, team_id="red")


async def call(replica: Replica, until: float) -> bool:
    """A call that costs a dollar, tried again while it is refused; tells whether it passed."""
    while True:
        try:
            holds = await replica.hold("1", ACCOUNT)
        except InsufficientBudgetError:
            if time.monotonic() >= until:
                return False
            await asyncio.sleep(0.3)
            continue
        await asyncio.sleep(0)
        await replica.settle(holds, "1", team_id="red")
        return True


async def assert_nothing_leaked(pool: Pool, spent: str) -> None:
    assert await balance(pool) == (Decimal(spent), 0)
    assert await pool.fetchval("SELECT COALESCE(sum(amount), 0) FROM leases") == 0
    assert await pool.fetchval("SELECT sum(cost) FROM ledger") == Decimal(spent)


async def test_two_hundred_calls_at_once_spend_a_budget_for_fifty_and_no_more(pool, replica):
    results = await asyncio.gather(*(call(replica, time.monotonic() + 2) for _ in range(200)))
    await replica.leave()

    assert 45 <= sum(results) <= 50
    await assert_nothing_leaked(pool, str(sum(results)))


async def test_two_replicas_share_a_budget_without_overspending_it(database_url, pool, replica, another):
    replicas = [replica, another]
    async with giving_way(database_url, *replicas):
        results = await asyncio.gather(*(call(replicas[n % 2], time.monotonic() + 3) for n in range(200)))
    for each in replicas:
        await each.leave()

    assert 45 <= sum(results) <= 50
    await assert_nothing_leaked(pool, str(sum(results)))


@asynccontextmanager
async def giving_way(url: str, *replicas: Replica) -> AsyncIterator[None]:
    """Let replicas give way to one another, as running processes do."""

    async def answer(replica: Replica, wanted: asyncio.Queue[str], listening: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(listen(url, {WANTED_CHANNEL: wanted.put_nowait}, listening.set))
            while True:
                await give_way(replica.budgets, await wanted.get())

    listening = [asyncio.Event() for _ in replicas]
    tasks = [
        asyncio.create_task(answer(replica, asyncio.Queue(), event))
        for replica, event in zip(replicas, listening, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in listening))
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_call_waits_for_money_in_flight_and_passes_when_it_comes_back(replica):
    first = await replica.hold("40", ACCOUNT)
    second = asyncio.create_task(replica.hold("30", ACCOUNT))
    await asyncio.sleep(0.05)
    assert not second.done()

    await replica.settle(first, "10", team_id="red")

    assert (await second)[0].amount == 30


async def test_a_call_whose_money_stays_in_flight_is_refused_after_its_patience(replica):
    await replica.hold("40", ACCOUNT)

    with pytest.raises(InsufficientBudgetError, match="calls in flight") as refusal:
        await replica.hold("30", ACCOUNT, patience=0.2)

    assert refusal.value.remaining is None


async def test_a_call_above_what_is_left_is_refused_at_once_and_told_what_is_left(replica):
    await spend(replica, "20")

    with pytest.raises(InsufficientBudgetError, match=r"\$30(\.0*)? is left") as refusal:
        await asyncio.wait_for(replica.hold("31", ACCOUNT, patience=60), 5)

    assert refusal.value.remaining == 30


async def test_a_call_without_patience_still_gets_money_that_is_there(replica):
    assert await replica.hold("50", ACCOUNT, patience=0)


async def test_calls_get_money_in_the_order_in_which_they_came(replica):
    blocking, order = await replica.hold("50", ACCOUNT), []

    async def wait_in_line(number: int, amount: str) -> None:
        holds = await replica.hold(amount, ACCOUNT, patience=10)
        order.append(number)
        await replica.settle(holds, "0.01")

    waiting = []
    for number, amount in enumerate(["45", "1", "30", "2"]):
        waiting.append(asyncio.create_task(wait_in_line(number, amount)))
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    assert replica.budgets.try_hold([replica.budgets.lease_of(ACCOUNT)], Decimal(0)) is None  # nobody overtakes

    await replica.settle(blocking, "1")
    await asyncio.gather(*waiting)

    assert order == [0, 1, 2, 3]


async def test_a_caller_that_leaves_while_waiting_holds_nothing(pool, replica):
    blocking = await replica.hold("50", ACCOUNT)
    waiting = [asyncio.create_task(replica.hold("20", ACCOUNT, patience=10)) for _ in range(5)]
    await asyncio.sleep(0.05)

    blocking[0].release()
    for task in waiting:  # in the very turn in which the money comes
        task.cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)

    assert {type(result) for result in results} == {asyncio.CancelledError}
    assert replica.budgets.lease_of(ACCOUNT).held == 0
    assert await replica.hold("50", ACCOUNT)


async def test_a_hold_on_several_accounts_is_all_or_nothing(pool, replica):
    await add_account(pool, "global", "5")

    with pytest.raises(InsufficientBudgetError, match="all keys together"):
        await replica.hold("6", ACCOUNT, "global")

    assert replica.budgets.lease_of(ACCOUNT).held == 0
    assert await replica.hold("50", ACCOUNT)


async def test_a_call_above_its_hold_is_charged_in_full_and_the_rest_of_the_budget_pays(pool, replica, another):
    await spend(replica, cost="8", held="1")
    assert await replica.shipper.drain()

    assert (await balance(pool))[0] == 8
    with pytest.raises(InsufficientBudgetError):
        await another.hold("42.5", ACCOUNT, patience=0.2)
    await replica.give_back()
    assert await another.hold("42", ACCOUNT)


async def test_a_budget_that_is_spent_refuses_every_replica(replica, another):
    await spend(replica, "50")
    assert await replica.shipper.drain()

    for each in (replica, another):
        with pytest.raises(InsufficientBudgetError):
            await each.hold("0.01", ACCOUNT)


async def test_small_calls_are_decided_without_asking_the_database(replica):
    await replica.hold("1", ACCOUNT)
    lease = replica.budgets.lease_of(ACCOUNT)

    assert lease.free > 0
    assert replica.budgets.try_hold([lease], lease.free) is not None


async def test_a_lease_that_was_not_renewed_is_not_used(replica):
    await replica.hold("1", ACCOUNT)
    lease = replica.budgets.lease_of(ACCOUNT)
    replica.monotonic.ahead += replica.lease_seconds

    assert replica.budgets.try_hold([lease], Decimal("0.01")) is None


async def test_renewing_lets_a_lease_live_on(replica):
    await replica.hold("1", ACCOUNT)
    lease = replica.budgets.lease_of(ACCOUNT)
    replica.monotonic.ahead += replica.lease_seconds / 2
    await renew(replica.budgets)
    replica.monotonic.ahead += replica.lease_seconds * 0.9

    assert replica.budgets.try_hold([lease], Decimal("0.01")) is not None


async def test_a_renewal_that_took_long_is_followed_by_another_at_once(pool, replica):
    await replica.hold("1", ACCOUNT)
    lease = replica.budgets.lease_of(ACCOUNT)
    keeping = asyncio.ensure_future(keep_leases(replica.budgets))
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM leases FOR UPDATE")
        replica.monotonic.ahead += replica.lease_seconds / 2
        await until(lambda: pool.fetchval(SOMEBODY_WAITS))
        replica.monotonic.ahead += replica.lease_seconds / 3

    async def lives_long() -> bool:
        return lease.expires_at - replica.monotonic() > replica.lease_seconds * 0.9

    await until(lives_long, seconds=10)
    keeping.cancel()


async def test_renewing_notices_that_the_money_was_given_to_others(pool, replica, another):
    await replica.hold("1", ACCOUNT)
    await pool.execute("UPDATE leases SET expires_at = now() - interval '1 second'")
    await another.hold("49.5", ACCOUNT)
    await renew(replica.budgets)

    assert replica.budgets.try_hold([replica.budgets.lease_of(ACCOUNT)], Decimal("0.01")) is None
    with pytest.raises(InsufficientBudgetError):
        await replica.hold("1", ACCOUNT, patience=0.1)


async def test_without_the_database_a_lease_is_spent_and_then_nothing_more_is_decided(pool, replica):
    await replica.hold("1", ACCOUNT)
    left = replica.budgets.lease_of(ACCOUNT).free
    pool.terminate()

    assert await replica.hold(left / 2, ACCOUNT)
    with pytest.raises(BudgetUnavailableError, match="does not answer"):
        await replica.hold(left, ACCOUNT)


async def test_an_account_that_was_removed_gives_no_money(pool, replica):
    await pool.execute("DELETE FROM accounts")

    with pytest.raises(BudgetUnavailableError, match="removed"):
        await replica.hold("1", ACCOUNT)


async def test_a_lowered_limit_holds_from_the_next_call_on(pool, replica):
    await spend(replica, "10")
    await pool.execute("UPDATE accounts SET max_budget = 12")
    recall(replica.budgets, [ACCOUNT])

    with pytest.raises(InsufficientBudgetError):
        await replica.hold("3", ACCOUNT)
    assert await replica.hold("2", ACCOUNT)


async def test_money_freed_under_a_lowered_limit_is_not_held_again(pool, replica):
    in_flight = await replica.hold("20", ACCOUNT)
    await pool.execute("UPDATE accounts SET max_budget = 5")
    recall(replica.budgets, [ACCOUNT])
    with pytest.raises(InsufficientBudgetError):
        await replica.hold("1", ACCOUNT, patience=0.1)  # the lease is asked for, and lives, under the new limit

    await replica.settle(in_flight, "4", team_id="red")

    with pytest.raises(InsufficientBudgetError):
        await replica.hold("2", ACCOUNT, patience=0.1)
    assert await replica.hold("1", ACCOUNT)


async def test_a_call_that_settles_while_the_database_is_asked_loses_nothing(pool, replica, another):
    """Asking waits for a row of an ended lease, just when the limit was lowered and a call ends."""
    await another.hold("1", ACCOUNT)
    await pool.execute("UPDATE leases SET expires_at = now() - interval '1 s'")
    in_flight = await replica.hold("20", ACCOUNT)
    lease = replica.budgets.lease_of(ACCOUNT)
    await pool.execute("UPDATE accounts SET max_budget = 5")
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM leases WHERE holder = $1 FOR UPDATE", another.holder)
        asking = asyncio.create_task(replica.hold("40", ACCOUNT))
        await until(lambda: pool.fetchval("SELECT true FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
        in_flight[0].release()
    with pytest.raises(InsufficientBudgetError):
        await asking

    assert lease.held == 0
    assert (
        lease.amount == lease.free == await pool.fetchval("SELECT amount FROM leases WHERE holder = $1", replica.holder)
    )


async def test_what_was_spent_without_a_limit_counts_when_one_is_set(pool, replica):
    """Calls without a limit hold nothing, and so must not free what others hold."""
    await spend(replica, "1")
    await pool.execute("UPDATE accounts SET max_budget = NULL")
    recall(replica.budgets, [ACCOUNT])
    await replica.settle([], "80", team_id="red")
    assert await replica.shipper.drain()
    await pool.execute("UPDATE accounts SET max_budget = 100")

    with pytest.raises(InsufficientBudgetError):
        await replica.hold("20", ACCOUNT)
    holds = await replica.hold("19", ACCOUNT)
    await replica.settle(holds, "19", team_id="red")
    await replica.leave()
    await assert_nothing_leaked(pool, "100")


async def test_money_that_is_not_used_is_given_back(pool, replica, another):
    await spend(replica, "1")
    await replica.give_back()

    assert await another.hold("49", ACCOUNT)
    assert await balance(pool) == (0, 50)  # a dollar is settled and not in the ledger yet


async def test_money_in_flight_is_never_given_back(pool, replica, another):
    await replica.hold("20", ACCOUNT)
    await replica.give_back()

    with pytest.raises(InsufficientBudgetError):
        await another.hold("31", ACCOUNT, patience=0.1)
    assert await another.hold("30", ACCOUNT)


async def test_money_given_back_while_the_answer_is_lost_is_not_spent_twice(pool, replica, another):
    """The commit happened, the process does not know: it must reckon with it."""
    await spend(replica, "1")
    lease = replica.budgets.lease_of(ACCOUNT)
    assert lease.free > 0
    await pool.execute(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;"
        "CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON leases DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION slow()"
    )

    giving = asyncio.create_task(give_back(replica.budgets, [lease]))
    await until(lambda: pool.fetchval("SELECT true FROM pg_stat_activity WHERE wait_event = 'PgSleep'"))
    giving.cancel()  # COMMIT is under way
    with pytest.raises(asyncio.CancelledError):
        await giving

    assert lease.free <= 0


async def test_a_replica_that_needs_money_gets_what_another_does_not_use(database_url, replica, another):
    await replica.hold("1", ACCOUNT)

    async with giving_way(database_url, replica):
        assert await another.hold("48", ACCOUNT, patience=10)


async def test_refusals_of_money_are_refusals(replica):
    with pytest.raises(RefusedError):
        await replica.hold("51", ACCOUNT)

"""Windows of budgets that come, and that administrators move."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from factories import add_account
from litemaas.domain.administration.limits import change_limits
from litemaas.domain.budgets.entities import Limits
from litemaas.storage.postgres import Pool
from support.replicas import Replica

ACCOUNT = "team:red"


@pytest.fixture(autouse=True)
async def account(pool: Pool) -> None:
    await add_account(pool, ACCOUNT, "50")


async def balance(pool: Pool) -> tuple[Decimal, Decimal]:
    """What the account has spent in its window, and what is leased of it."""
    return tuple(await pool.fetchrow("SELECT spent, leased FROM balances WHERE account_id = $1", ACCOUNT))


async def test_a_new_window_brings_new_money_and_forgets_nothing_of_the_old_one(pool, journals):
    await pool.execute("UPDATE accounts SET budget_duration = '1h'")
    hour = [1_800_000_000.0]
    replica = Replica(pool, journals, wall_clock=lambda: hour[0])
    in_flight = await replica.hold("30", ACCOUNT)
    begun_at = hour[0]
    hour[0] += 3600
    assert await replica.hold("50", ACCOUNT)

    await replica.settle(in_flight, "20", team_id="red", started_at=begun_at)
    assert await replica.shipper.drain()

    assert (await balance(pool))[0] == 0
    assert await pool.fetchval("SELECT total_spent FROM balances") == 20


async def test_what_was_spent_before_a_window_that_was_moved_frees_its_lease(pool, journals):
    noon = [1_800_014_400.0]
    replica = Replica(pool, journals, wall_clock=lambda: noon[0])
    begun_at = noon[0]
    holds = await replica.hold("2.4", ACCOUNT)
    await replica.settle(holds, "40", team_id="red", started_at=begun_at)  # above its lease
    noon[0] += 7200
    async with pool.acquire() as connection, connection.transaction():
        hourly = Limits(max_budget=Decimal(50), budget_duration="1h")
        await change_limits(connection, ACCOUNT, hourly, datetime.fromtimestamp(noon[0], UTC))

    assert await replica.shipper.drain()
    await replica.give_back()

    assert await balance(pool) == (0, 0)
    assert await replica.hold("50", ACCOUNT)

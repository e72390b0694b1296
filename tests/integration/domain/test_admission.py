"""Admission with money, on a real database."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import UUID

import pytest

from factories import add_account, add_key, add_model, add_team, admission_service, digest
from litemaas.domain.access.errors import ModelNotAllowedError
from litemaas.domain.admission import Admission, AdmissionService, Asked
from litemaas.domain.budgets.errors import InsufficientBudgetError
from litemaas.domain.keys.errors import BlockedKeyError
from litemaas.domain.snapshot import Snapshot
from litemaas.settings import RequestSettings
from litemaas.storage.postgres import Pool
from litemaas.storage.vault import Vault
from support.replicas import Replica

OUTPUT_PRICE = Decimal("0.000015")  # 15 dollars per million


@pytest.fixture
async def key(pool: Pool) -> UUID:
    await add_model(pool, "small")
    await pool.execute(
        "INSERT INTO prices (deployment_id, input_token, output_token) VALUES ('small-deployment', 0, $1)", OUTPUT_PRICE
    )
    await add_team(pool, "red")
    return await add_key(pool, team_id="red")


@pytest.fixture
async def snapshot(pool: Pool, key: UUID) -> Snapshot:
    return Snapshot(pool, Vault("salt"))


@pytest.fixture
async def service(replica: Replica, snapshot: Snapshot) -> AsyncIterator[AdmissionService]:
    return admission_service(snapshot, replica.budgets, limits=RequestSettings(budget_wait_seconds=0.3))


async def admit(service: AdmissionService, **asked: object) -> Admission:
    request = Asked(**({"model": "small", "input_bytes": 10} | asked))
    rights = service.rights(digest("sk-test"))
    return service.admit(rights, request) or await service.admit_patiently(rights, request)


async def test_a_call_without_a_maximum_works_on_a_small_budget(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "1")
    await snapshot.catch_up()

    admission = await admit(service)

    assert admission.max_output is None
    assert admission.holds[0].amount == 4096 * OUTPUT_PRICE


async def test_where_the_money_ends_the_call_gets_it_as_its_bound(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "0.03")
    await snapshot.catch_up()

    admission = await admit(service)

    assert admission.max_output == 2000
    assert admission.holds[0].amount == Decimal("0.03")


async def test_the_bound_is_that_of_the_account_with_the_least_money(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "0.03")
    await add_account(pool, "team:red", "0.0015")
    await snapshot.catch_up()

    admission = await admit(service)

    assert admission.max_output == 100
    assert [hold.amount for hold in admission.holds] == [Decimal("0.0015")] * 2


async def test_a_bound_that_the_client_set_is_never_lowered(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "0.03")
    await snapshot.catch_up()

    with pytest.raises(InsufficientBudgetError):
        await admit(service, max_output=2001)
    assert (await admit(service, max_output=2000)).max_output is None


async def test_every_choice_is_held(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "1")
    await snapshot.catch_up()

    assert (await admit(service, max_output=100, choices=3)).holds[0].amount == 300 * OUTPUT_PRICE


async def test_money_too_short_for_one_token_is_a_refusal(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "0.000001")
    await snapshot.catch_up()

    with pytest.raises(InsufficientBudgetError):
        await admit(service)


async def test_a_call_is_held_on_every_account_that_has_a_limit(pool, key, snapshot, service):
    limited = [f"key:{key}", f"key:{key}/model:small", "team:red", "global"]
    for account in limited:
        await add_account(pool, account, "1")
    await add_account(pool, f"key:{key}/model:large", "0")
    await snapshot.catch_up()

    admission = await admit(service, max_output=1)
    service.settle(admission, Decimal("0.00001"), 1)

    assert [hold.lease.account_id for hold in admission.holds] == limited
    assert {hold.lease.unshipped for hold in admission.holds} == {Decimal("0.00001")}


async def change_while_waiting(pool: Pool, snapshot: Snapshot, service: AdmissionService, statement: str) -> Admission:
    """Let a call wait for money, change something by SQL, then let the money come."""
    first = await admit(service, max_output=1000)
    waiting = asyncio.create_task(admit(service, max_output=1500))
    await asyncio.sleep(0.05)
    await pool.execute(statement)
    await snapshot.catch_up()
    service.release(first)
    return await waiting


async def test_a_key_blocked_while_its_call_waits_for_money_is_refused(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "0.03")
    await snapshot.catch_up()

    with pytest.raises(BlockedKeyError):
        await change_while_waiting(pool, snapshot, service, "UPDATE keys SET blocked = true")

    assert service._budgets.lease_of(f"key:{key}").held == 0


async def test_a_grant_taken_away_while_a_call_waits_for_money_holds(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "0.03")
    await snapshot.catch_up()

    with pytest.raises(ModelNotAllowedError):
        await change_while_waiting(pool, snapshot, service, "UPDATE keys SET models = '{}'")

    assert service._budgets.lease_of(f"key:{key}").held == 0


async def test_a_call_whose_money_comes_in_time_passes(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "0.03")
    await snapshot.catch_up()

    assert await change_while_waiting(pool, snapshot, service, "SELECT 1")


async def test_a_call_refused_by_a_rate_limit_after_waiting_holds_no_money(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "0.03")
    await pool.execute("UPDATE keys SET rpm_limit = 1")
    await snapshot.catch_up()
    await admit(service, max_output=1)

    with pytest.raises(Exception, match="requests per minute"):
        await service.admit_patiently(service.rights(digest("sk-test")), Asked("small", 10, max_output=1))

    assert service._budgets.lease_of(f"key:{key}").held == OUTPUT_PRICE


async def test_a_lowered_budget_holds_for_the_next_call(pool, key, snapshot, service):
    await add_account(pool, f"key:{key}", "1")
    await snapshot.catch_up()
    await admit(service, max_output=1000)
    await pool.execute("UPDATE accounts SET max_budget = 0.02")
    await snapshot.catch_up()

    with pytest.raises(InsufficientBudgetError):
        await admit(service, max_output=1000)

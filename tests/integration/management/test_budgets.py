from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from litemaas.domain.budgets.entities import key_account
from litemaas.domain.budgets.errors import InsufficientBudgetError
from litemaas.domain.budgets.service import BudgetService
from support.ledger import book
from support.management import Api, Platform


async def spend(platform: Platform, key_id: UUID, moment: datetime, cost: str, model: str = "granite") -> None:
    await book(platform.pool, moment, cost, key_id=key_id, model=model)


async def key_id_of(platform: Platform, text: str) -> UUID:
    return (await platform.keys.get(text)).key.id


async def test_a_budget_limits_those_who_name_it_where_they_have_no_limit_of_their_own(api: Api, platform: Platform):
    await api.post("/budget/new", budget_id="student", max_budget=5, budget_duration="30d", rpm_limit=7)
    shared = await api.post("/key/generate", budget_id="student")
    own = await api.post("/key/generate", budget_id="student", max_budget=1)
    assert (shared["max_budget"], shared["budget_duration"], own["max_budget"]) == (5, "30d", 1)
    await api.post("/budget/update", budget_id="student", max_budget=6)
    account = key_account(await key_id_of(platform, shared["key"]))
    assert platform.snapshot.accounts[account].max_budget == 6
    assert (await api.get("/key/info", key=own["key"]))["info"]["max_budget"] == 1


async def test_a_budget_in_use_cannot_be_deleted(api: Api):
    await api.post("/budget/new", budget_id="student", max_budget=5)
    key = (await api.post("/key/generate", budget_id="student"))["key"]
    await api.post("/budget/delete", id="student", status=400)
    await api.post("/key/update", key=key, budget_id=None)
    assert (await api.post("/budget/delete", id="student"))["budget_id"] == "student"


async def test_budgets_are_read_and_their_ids_are_unique(api: Api):
    await api.post("/budget/new", budget_id="b", max_budget=5)
    await api.post("/budget/new", budget_id="a")
    await api.post("/budget/new", budget_id="a", status=400)
    assert [row["budget_id"] for row in await api.get("/budget/list")] == ["a", "b"]
    assert [row["max_budget"] for row in await api.post("/budget/info", budgets=["b", "c"])] == [5]
    fields = {row["field_name"]: row["field_value"] for row in await api.get("/budget/settings", budget_id="b")}
    assert fields["max_budget"] == 5
    await api.post("/budget/update", budget_id="c", status=404)
    await api.post("/key/generate", budget_id="c", status=404)


async def test_a_new_window_counts_what_the_ledger_says(api: Api, platform: Platform):
    key = (await api.post("/key/generate", max_budget=10))["key"]
    key_id = await key_id_of(platform, key)
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    await spend(platform, key_id, midnight - timedelta(days=400), "0.4")
    await spend(platform, key_id, midnight, "0.02")
    await spend(platform, key_id, now, "0.001")
    by_day = await api.post("/key/update", key=key, budget_duration="1d")
    assert by_day["spend"] == 0.021
    for_life = await api.post("/key/update", key=key, budget_duration=None)
    assert for_life["spend"] == 0.421
    this_minute = await api.post("/key/update", key=key, budget_duration="1m")
    assert this_minute["spend"] >= 0.001
    assert this_minute["budget_reset_at"] is not None


async def test_a_new_model_budget_counts_what_was_spent_before(api: Api, platform: Platform):
    key = (await api.post("/key/generate"))["key"]
    key_id = await key_id_of(platform, key)
    await spend(platform, key_id, datetime.now(UTC), "0.3", "granite")
    await spend(platform, key_id, datetime.now(UTC), "0.5", "other")
    row = await api.post(
        "/key/update", key=key, model_max_budget={"granite": {"max_budget": 1, "budget_duration": "1d"}}
    )
    assert row["model_max_budget"]["granite"]["spend"] == 0.3


async def test_a_shared_budget_with_a_new_window_is_counted_anew_for_everybody(api: Api, platform: Platform):
    await api.post("/budget/new", budget_id="student", max_budget=5)
    key = (await api.post("/key/generate", budget_id="student"))["key"]
    moment = datetime.now(UTC)
    await spend(platform, await key_id_of(platform, key), moment - timedelta(days=40), "1")
    await spend(platform, await key_id_of(platform, key), moment, "2")
    await api.post("/budget/update", budget_id="student", budget_duration="1d")
    assert (await api.get("/key/info", key=key))["info"]["spend"] == 2


async def test_a_new_window_still_covers_what_calls_in_flight_hold(api: Api, platform: Platform):
    key = (await api.post("/key/generate", max_budget=1))["key"]
    account = key_account(await key_id_of(platform, key))
    (hold,) = await platform.budgets.hold([platform.budgets.lease_of(account)], Decimal("0.5"), 1.0)
    await api.post("/key/update", key=key, budget_duration="1d")
    other_replica = BudgetService(platform.pool, uuid4(), 60.0)
    with pytest.raises(InsufficientBudgetError):
        await other_replica.hold([other_replica.lease_of(account)], Decimal("0.6"), 0.1)
    await other_replica.hold([other_replica.lease_of(account)], Decimal("0.5"), 0.1)
    hold.release()

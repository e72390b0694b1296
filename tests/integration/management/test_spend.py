from datetime import UTC, datetime, timedelta

import pytest

from support.ledger import book
from support.management import Api, Platform

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
YESTERDAY = TODAY - timedelta(days=1)
DATES = {"start_date": f"{YESTERDAY:%Y-%m-%d}", "end_date": f"{TODAY:%Y-%m-%d}"}


@pytest.fixture
async def keys(api: Api, platform: Platform) -> dict[str, dict]:
    """Two keys: `app` of ada in the team lab, and `other`; what they spent in two days."""
    await api.post("/team/new", team_id="lab", team_alias="Lab")
    app = await api.post("/key/generate", key_alias="app", user_id="ada", team_id="lab")
    other = await api.post("/key/generate", key_alias="other", user_id="bob")
    of_app = {"key_id": (await platform.keys.get(app["key"])).key.id, "user_id": "ada", "team_id": "lab"}
    of_other = {"key_id": (await platform.keys.get(other["key"])).key.id, "user_id": "bob"}
    await book(platform.pool, YESTERDAY, "0.000000000001", **of_app)
    await book(platform.pool, TODAY, "0.25", **of_app)
    await book(platform.pool, TODAY, "0", status=502, error_code="upstream_failed", **of_app)
    await book(platform.pool, TODAY, "0.5", model="large", **of_other)
    return {"app": app, "other": other}


async def test_daily_activity_is_broken_down_and_exact(api: Api, keys):
    answer = await api.get("/user/daily/activity", **DATES)
    assert [day["date"] for day in answer["results"]] == [DATES["end_date"], DATES["start_date"]]
    today, yesterday = answer["results"]
    assert yesterday["metrics"]["spend"] == 1e-12
    assert (today["metrics"]["api_requests"], today["metrics"]["failed_requests"]) == (3, 1)
    assert today["breakdown"]["models"]["large"]["metrics"]["spend"] == 0.5
    of_app = today["breakdown"]["api_keys"][keys["app"]["token"]]
    shown = f"sk-...{keys['app']['key'][-4:]}"
    assert of_app["metadata"] == {"key_alias": "app", "key_name": shown, "team_id": "lab"}
    assert today["breakdown"]["entities"]["ada"]["metrics"]["total_tokens"] == 30
    by_key = today["breakdown"]["models"]["granite"]["api_key_breakdown"]
    assert by_key[keys["app"]["token"]]["metrics"]["successful_requests"] == 1
    metadata = answer["metadata"]
    assert (metadata["total_spend"], metadata["total_api_requests"]) == (0.750000000001, 4)
    assert (metadata["total_pages"], metadata["has_more"]) == (1, False)


async def test_daily_activity_is_paged_by_daily_rows(api: Api, keys):
    first = await api.get("/user/daily/activity", page_size=2, **DATES)
    assert first["metadata"]["has_more"] is True
    last = await api.get("/user/daily/activity", page_size=2, page=2, **DATES)
    assert last["metadata"]["has_more"] is False
    assert first["metadata"]["total_api_requests"] + last["metadata"]["total_api_requests"] == 4


@pytest.mark.parametrize(("who", "spend"), [("app", 0.250000000001), ("other", 0.5)])
async def test_activity_of_one_key_is_named_by_text_or_hash(api: Api, keys, who, spend):
    for name in (keys[who]["key"], keys[who]["token"]):
        answer = await api.get("/user/daily/activity", api_key=name, **DATES)
        assert answer["metadata"]["total_spend"] == spend
    nobody = await api.get("/user/daily/activity", api_key="sk-nobody-nobody-nobody", **DATES)
    assert nobody["results"] == []


async def test_the_spend_of_a_deleted_key_is_still_told(api: Api, keys):
    await api.post("/key/delete", keys=[keys["other"]["key"]])
    answer = await api.get("/user/daily/activity", user_id="bob", **DATES)
    assert answer["results"][0]["breakdown"]["api_keys"][keys["other"]["token"]]["metadata"]["key_alias"] == "other"


async def test_team_activity_is_by_team(api: Api, keys):
    answer = await api.get("/team/daily/activity", team_ids="lab,nowhere", **DATES)
    assert list(answer["results"][0]["breakdown"]["entities"]) == ["lab"]
    assert answer["metadata"]["total_spend"] == 0.250000000001


async def test_logs_between_dates_are_sums_by_day(api: Api, keys):
    yesterday, today = await api.get("/spend/logs", **DATES)
    assert yesterday["models"] == {"granite": 1e-12}
    assert today["users"] == {"ada": 0.25, "bob": 0.5}
    (_, of_ada) = await api.get("/spend/logs", user_id="ada", **DATES)
    assert of_ada["ada"] == 0.25


async def test_logs_without_dates_are_single_calls_without_their_text(api: Api, keys):
    calls = await api.get("/spend/logs", api_key=keys["app"]["token"])
    assert [call["spend"] for call in calls][-1] == 1e-12
    assert {call["status"] for call in calls} == {"success", "failure"}
    assert all(call["messages"] == {} and call["response"] == {} for call in calls)
    (one,) = await api.get("/spend/logs", request_id=calls[-1]["request_id"])
    assert one["metadata"]["user_api_key_alias"] == "app"


async def test_calls_are_listed_page_by_page(api: Api, keys):
    page = await api.get("/spend/logs/v2", page_size=3, page=2, sort_by="spend", sort_order="asc", **DATES)
    assert [call["spend"] for call in page["data"]] == [0.5]
    assert (page["total"], page["total_pages"]) == (4, 2)
    failed = await api.get("/spend/logs/v2", status_filter="failure")
    assert [call["http_status"] for call in failed["data"]] == [502]
    assert (await api.error("GET", "/spend/logs/v2", 400, params={"sort_by": "1; SELECT"}))["param"] == "sort_by"


async def test_spend_is_reported_by_team_and_by_key(api: Api, keys):
    days = await api.get("/global/spend/report", **DATES)
    teams = {
        team["team_name"]: team for day in days for team in day["teams"] if day["group_by_day"] == DATES["end_date"]
    }
    assert teams["Lab"]["total_spend"] == 0.25
    assert teams["Lab"]["metadata"][0]["model"] == "granite"
    by_key = await api.get("/global/spend/report", group_by="api_key", **DATES)
    assert {row["key_alias"]: row["total_cost"] for row in by_key} == {"app": 0.250000000001, "other": 0.5}
    assert (await api.get("/global/spend"))["spend"] == 0.750000000001


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/user/daily/activity", {}, "start_date"),
        ("/user/daily/activity", {**DATES, "page_size": 5000}, "page_size"),
        ("/global/spend/report", {**DATES, "start_date": "yesterday"}, "start_date"),
        ("/global/spend/report", {**DATES, "group_by": "customer"}, "group_by"),
        ("/spend/logs", {"request_id": "theirs"}, "request_id"),
    ],
)
async def test_a_query_that_cannot_be_answered_is_refused_by_name(api: Api, path, query, field):
    assert (await api.error("GET", path, 400, params=query))["param"] == field


async def test_spend_is_not_for_virtual_keys(api: Api, keys):
    await api.holding(keys["app"]["key"]).get("/spend/logs", status=403)

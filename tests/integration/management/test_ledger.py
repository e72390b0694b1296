import csv
import io
from datetime import UTC, datetime, timedelta

from litemaas.providers.units import Units
from support.ledger import book
from support.management import Api, Platform

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
DAY = f"{TODAY:%Y-%m-%d}"


async def test_the_status_shows_each_month_and_its_size(api: Api, platform: Platform):
    await book(platform.pool, TODAY, "0.5")
    status = await api.get("/ledger/status")
    assert status["months_kept"] == 0
    assert f"{TODAY:%Y-%m}-01" in {partition["month"] for partition in status["partitions"]}
    assert status["bytes"] == sum(partition["bytes"] for partition in status["partitions"]) > 0


async def test_calls_are_exported_by_key_and_day(api: Api, platform: Platform):
    issued = await api.post("/key/generate", key_alias="app", user_id="ada")
    of_app = {"key_id": (await platform.keys.get(issued["key"])).key.id, "user_id": "ada"}
    await book(platform.pool, TODAY, "0.5", **of_app)
    await book(platform.pool, TODAY - timedelta(days=1), "0.5", **of_app)
    await book(platform.pool, TODAY, "0.25", user_id="bob")
    query = {"api_key": issued["token"], "start_date": DAY, "format": "csv"}
    headers = {"Authorization": f"Bearer {api.key}"}
    answer = await api.client.get("/ledger/export", params=query, headers=headers)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["key_alias"], row["cost"]) == ("app", "0.5")


async def test_what_a_call_used_besides_tokens_is_exported_and_listed(api: Api, platform: Platform):
    images = await book(platform.pool, TODAY, "0.08", endpoint="/images/generations", units=Units(images=2))
    chat = await book(platform.pool, TODAY, "0.5")
    headers = {"Authorization": f"Bearer {api.key}"}
    query = {"start_date": DAY, "format": "csv"}
    exported = await api.client.get("/ledger/export", params=query, headers=headers)
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(exported.text))}
    units = ("images", "seconds", "characters", "searches")
    assert [rows[images][unit] for unit in units] == ["2", "", "", ""]
    assert [rows[chat][unit] for unit in units] == [""] * 4
    page = await api.get("/spend/logs/v2", start_date=DAY, end_date=DAY)
    listed = {row["request_id"]: row["metadata"]["units"] for row in page["data"]}
    assert (listed[images], listed[chat]) == ({"images": 2}, {})


async def test_rollups_are_rebuilt_and_the_answer_tells_what_had_been_wrong(api: Api, platform: Platform):
    await book(platform.pool, TODAY, "0.5")
    await platform.pool.execute("UPDATE daily_spend SET cost = 9")
    answer = await api.post("/ledger/rebuild", first_day=DAY, last_day=DAY)
    assert answer["days"] == [
        {"day": DAY, "changed": True, "requests_before": 1, "requests": 1, "cost_before": 9, "cost": 0.5}
    ]
    entry = await platform.pool.fetchrow("SELECT actor, before, after FROM audit_log WHERE subject_kind = 'ledger'")
    assert entry["before"] == {DAY: {"requests": "1", "cost": "9"}}
    assert entry["after"] == {DAY: {"requests": "1", "cost": "0.500000000000"}}


async def test_a_span_that_cannot_be_rebuilt_is_refused(api: Api):
    error = await api.error("POST", "/ledger/rebuild", 400, json={"first_day": DAY, "last_day": "2020-01-01"})
    assert "before" in error["message"]
    await api.holding("sk-unknown").error("POST", "/ledger/rebuild", 401, json={"first_day": DAY, "last_day": DAY})

"""Labels: from keys and teams to every call's record, and what was spent by them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from litemaas.domain.spend.rebuilding import rebuild
from support.ledger import book
from support.management import Api, Platform

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
YESTERDAY = TODAY - timedelta(days=1)
DATES = {"start_date": f"{YESTERDAY:%Y-%m-%d}", "end_date": f"{TODAY:%Y-%m-%d}"}


@pytest.fixture
async def calls(platform: Platform) -> None:
    await book(platform.pool, YESTERDAY, "1", labels={"cost_centre": "4711", "project": "moon"})
    await book(platform.pool, TODAY, "2", labels={"cost_centre": "4711"})
    await book(platform.pool, TODAY, "4", labels={"cost_centre": "42"}, status=502)
    await book(platform.pool, TODAY, "8")


async def rollup(platform: Platform) -> list[tuple]:
    rows = await platform.pool.fetch("SELECT day, name, value, requests, cost FROM daily_label_spend ORDER BY 1, 2, 3")
    return [tuple(row) for row in rows]


async def test_spend_is_told_apart_by_a_label(api: Api, calls):
    answer = await api.get("/label/daily/activity", label="cost_centre", **DATES)
    today, yesterday = answer["results"]
    assert (today["metrics"]["spend"], today["metrics"]["failed_requests"]) == (14, 1)
    values = today["breakdown"]["entities"]
    assert {value: found["metrics"]["spend"] for value, found in values.items()} == {"4711": 2, "42": 4}
    assert list(yesterday["breakdown"]["entities"]) == ["4711"]
    assert answer["metadata"]["total_spend"] == 15
    assert await api.get("/label/list", **DATES) == {"labels": ["cost_centre", "project"]}


async def test_calls_are_found_by_their_labels(api: Api, calls):
    rows = await api.get("/spend/logs", label="cost_centre=4711", **DATES)
    assert [row["spend"] for row in rows] == [2, 1]
    page = await api.get("/spend/logs/v2", label=["cost_centre=4711", "project=moon"])
    assert [row["metadata"]["labels"]["project"] for row in page["data"]] == ["moon"]
    assert (await api.error("GET", "/spend/logs", 400, params={"label": "4711"}))["param"] == "label"


async def test_calls_are_exported_by_their_labels(api: Api, calls, platform: Platform):
    wanted = {"format": "jsonl", "label": "cost_centre=42"}
    answer = await api.client.get("/ledger/export", params=wanted, headers={"x-api-key": api.key})
    assert json.loads(answer.text)["labels"] == {"cost_centre": "42"}


async def test_rebuilding_a_day_rebuilds_its_labels(calls, platform: Platform):
    before = await rollup(platform)
    await platform.pool.execute("UPDATE daily_label_spend SET cost = cost + 1, requests = 9")
    async for _ in rebuild(platform.pool, YESTERDAY.date(), TODAY.date()):
        pass
    assert await rollup(platform) == before


@pytest.mark.parametrize("path", ["/key/generate", "/team/new"])
@pytest.mark.parametrize(
    "labels", [["a"], {"a": 1}, {"a": ""}, {"": "a"}, {"a": "b\n"}, {"a": "x" * 129}, {str(n): "x" for n in range(17)}]
)
async def test_labels_that_are_none_are_refused(api: Api, path, labels):
    assert (await api.error("POST", path, 400, json={"metadata": {"labels": labels}}))["param"] == "metadata"

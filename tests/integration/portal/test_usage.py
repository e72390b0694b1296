"""Usage pages: every number is the ledger's, to the last digit."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from litemaas.domain.spend.ledger import make_partitions, write_lines
from support.portal import Browser, Site

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
KEYS = {"ann": uuid4(), "ben": uuid4()}
WEEK = {"since": str((TODAY - timedelta(days=6)).date()), "until": str(TODAY.date())}


def _line(user: str, cost: str, days_ago: int = 0, **more: object) -> bytes:
    record = {
        "id": str(uuid4()),
        "started_at": (TODAY - timedelta(days=days_ago)).timestamp(),
        "endpoint": "/chat/completions",
        "model": "m",
        "deployment_id": "d",
        "provider": "openai",
        "status": 200,
        "cost": cost,
        "duration_ms": 10,
        "key_id": str(KEYS[user]),
        "user_id": user,
        "input_tokens": 3,
        "output_tokens": 2,
    }
    return json.dumps(record | more).encode()


LINES = [
    _line("ann", "0.000000000001"),
    _line("ann", "1.1", 1, model="=dear"),
    _line("ann", "0.2", 2, status=502, error_code="upstream_failed"),
    _line("ann", "5", 8),
    _line("ben", "0.7", 1, model="b"),
]


@pytest.fixture
async def people(site: Site) -> dict[str, Browser]:
    async with site.platform.pool.acquire() as connection:
        await make_partitions(connection, [TODAY - timedelta(days=number) for number in range(15)])
        await write_lines(connection, b"\n".join(LINES))
    admin = site.browser()
    await admin.log_in()
    return {"ann": await site.user(user_id="ann"), "ben": await site.user(user_id="ben"), "admin": admin}


async def _ledger_sum(site: Site, where: str) -> Decimal:
    async with site.platform.pool.acquire() as connection:
        return await connection.fetchval(f"SELECT sum(cost) FROM ledger WHERE {where}")


async def test_sums_are_exact_and_the_span_before_stands_beside_them(site: Site, people: dict[str, Browser]):
    summary = await people["ann"].get("/api/usage/summary", **WEEK)
    assert Decimal(summary["current"]["cost"]) == Decimal("1.300000000001")
    assert (summary["current"]["requests"], summary["current"]["failed_requests"]) == (3, 1)
    assert summary["previous"]["cost"] == "5"
    assert Decimal((await people["admin"].get("/api/admin/usage/summary", **WEEK))["current"]["cost"]) == (
        await _ledger_sum(site, f"started_at >= '{WEEK['since']}'")
    )


async def test_people_see_their_own_usage_and_no_filter_shows_them_more(people: dict[str, Browser]):
    ben = people["ben"]
    assert (await ben.get("/api/usage/summary", **WEEK))["current"]["cost"] == "0.7"
    for more in ({"users": "ann"}, {"keys": str(KEYS["ann"])}, {"group_by": "user"}):
        assert Decimal((await ben.get("/api/usage/summary", **WEEK, **more))["current"]["cost"]) in {0, Decimal("0.7")}
    rows = (await ben.get("/api/usage/breakdown", group_by="user", users="ann", **WEEK))["items"]
    assert [row["id"] for row in rows] == ["ben"]


async def test_a_trend_has_every_day_and_adds_up(people: dict[str, Browser]):
    (series,) = (await people["ann"].get("/api/usage/trend", **WEEK))["series"]
    assert len(series["points"]) == 7
    assert sum(Decimal(point["cost"]) for point in series["points"]) == Decimal("1.300000000001")
    by_model = (await people["ann"].get("/api/usage/trend", group_by="model", **WEEK))["series"]
    assert [one["id"] for one in by_model] == ["=dear", "m"]


async def test_a_breakdown_is_sorted_paged_and_filtered(people: dict[str, Browser]):
    page = await people["admin"].get("/api/admin/usage/breakdown", group_by="model", page_size=1, page=2, **WEEK)
    assert (page["total"], [row["id"] for row in page["items"]]) == (3, ["b"])
    ascending = await people["admin"].get("/api/admin/usage/breakdown", group_by="model", sort="cost", **WEEK)
    assert ascending["items"][0]["id"] == "m"
    only = await people["admin"].get("/api/admin/usage/breakdown", group_by="user", models=["b", "x"], **WEEK)
    assert [row["id"] for row in only["items"]] == ["ben"]


async def test_a_heatmap_has_a_cell_for_each_day(people: dict[str, Browser]):
    cells = (await people["ann"].get("/api/usage/heatmap", **WEEK))["cells"]
    assert [cell["requests"] for cell in cells[-3:]] == [1, 1, 1]


async def test_an_export_adds_up_and_is_harmless_in_a_spreadsheet(people: dict[str, Browser]):
    answer = await people["ann"].send("GET", "/api/usage/export", params=WEEK)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert "attachment" in answer.headers["content-disposition"]
    assert sum(Decimal(row["cost"]) for row in rows) == Decimal("1.300000000001")
    assert {row["id"] for row in rows} == {"'=dear", "m"}
    told = await people["ann"].get("/api/usage/export", format="json", **WEEK)
    assert sum(Decimal(row["cost"]) for row in told) == Decimal("1.300000000001")


@pytest.mark.parametrize("span", [("2026-02-01", "2026-01-01"), ("2020-01-01", "2026-01-01"), ("soon", "2026-01-01")])
async def test_a_span_that_is_none_is_refused(people: dict[str, Browser], span: tuple[str, str]):
    await people["ann"].get("/api/usage/summary", 400, since=span[0], until=span[1])


async def test_home_and_keys_show_what_was_called(site: Site, people: dict[str, Browser]):
    ann = people["ann"]
    key_id = UUID((await ann.post("/api/keys", alias="laptop"))["item"]["id"])
    async with site.platform.pool.acquire() as connection:
        lines = [_line("ann", "0.5", number, key_id=str(key_id)) for number in (0, 0, 6)]
        lines.append(_line("ann", "0", 0, key_id=str(key_id), status=504, error_code="upstream_timeout"))
        await write_lines(connection, b"\n".join(lines))
    key = await ann.get(f"/api/keys/{key_id}")
    assert (key["requests_today"], key["requests_7d"]) == (3, [1, 0, 0, 0, 0, 0, 3])
    assert key["last_used_at"] is not None
    (error,) = (await ann.get(f"/api/keys/{key_id}/errors"))["items"]
    assert (error["code"], error["message"]) == ("upstream_timeout", "The model's server took too long.")
    usage = await ann.get(f"/api/keys/{key_id}/usage", **WEEK)
    assert [(row["id"], row["cost"]) for row in usage["by_model"]] == [("m", "1.5")]
    home = await ann.get("/api/me/home")
    assert Decimal(home["spend_today"]) == Decimal("1.000000000001")
    assert (home["keys_active"], home["requests_today"]) == (1, 4)
    assert "upstream_timeout" in {one["code"] for one in home["last_errors"]}


async def test_the_totals_equal_the_rollups_whatever_happens_to_them(site: Site, people: dict[str, Browser]):
    sums = "sum(requests) AS requests, sum(failed_requests), sum(input_tokens), sum(output_tokens), sum(cost)"
    compare = f"SELECT day, model, provider, endpoint, {sums} FROM {{}} GROUP BY 1, 2, 3, 4"
    both = f"""
        (SELECT * FROM ({compare.format("daily_spend")}) AS rolled
         EXCEPT SELECT * FROM ({compare.format("daily_totals")}) AS totalled)
        UNION ALL (SELECT * FROM ({compare.format("daily_totals")}) AS totalled WHERE requests <> 0
         EXCEPT SELECT * FROM ({compare.format("daily_spend")}) AS rolled)
    """
    changes = [
        "SELECT 1",
        "UPDATE daily_spend SET cost = cost * 2, requests = requests + 1",
        "UPDATE daily_spend SET model = 'renamed' WHERE model = 'm'",
        "DELETE FROM daily_spend WHERE user_id = 'ann'",
    ]
    async with site.platform.pool.acquire() as connection:
        for change in changes:
            await connection.execute(change)
            assert await connection.fetch(both) == []
        await write_lines(connection, b"\n".join(LINES))
        assert await connection.fetch(both) == []
    assert (await people["admin"].get("/api/admin/usage/summary", **WEEK))["current"]["requests"] > 0


@pytest.mark.parametrize(
    "span", [{"until": "0001-01-02"}, {"since": "9999-12-31", "until": "9999-12-31"}, {"since": "0001-01-01"}]
)
@pytest.mark.parametrize("question", ["usage/summary", "usage/trend", "usage/heatmap", "admin/audit"])
async def test_days_that_nobody_can_reckon_with_are_refused_and_no_failure(site: Site, question, span):
    admin = site.browser()
    await admin.log_in()
    answer = await admin.send("GET", f"/api/{question}", params=span)
    assert answer.status_code in {200, 400}
    assert answer.status_code == 200 or answer.json()["error"]["type"] == "invalid_request_error"

"""Usage by label, as admins see it."""

from datetime import UTC, datetime, timedelta

from litemaas.domain.administration.key_orders import KeyOrder
from support.ledger import book
from support.portal import ROOT, Site

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


async def test_usage_is_told_apart_by_a_label_the_dearest_value_first(site: Site):
    await book(site.platform.pool, TODAY - timedelta(days=1), "1", labels={"cost_centre": "4711", "project": "moon"})
    await book(site.platform.pool, TODAY, "2", labels={"cost_centre": "42"})
    await book(site.platform.pool, TODAY, "4")
    await book(site.platform.pool, TODAY - timedelta(days=40), "8", labels={"cost_centre": "old"})
    admin = site.browser()
    await admin.log_in()
    assert await admin.get("/api/admin/usage/labels") == {"names": ["cost_centre", "project"]}
    usage = await admin.get("/api/admin/usage/labels/cost_centre")
    assert [(row["id"], row["cost"], row["requests"]) for row in usage["values"]] == [
        ("42", "2", 1),
        ("4711", "1", 1),
        ("", "4", 1),
    ]
    assert usage["total"]["cost"] == "7"
    by_day = {one["id"]: [point["cost"] for point in one["points"][-2:]] for one in usage["series"]}
    assert by_day == {"42": ["0", "2"], "4711": ["1", "0"], "": ["0", "4"]}
    span = {"since": f"{TODAY:%Y-%m-%d}", "until": f"{TODAY:%Y-%m-%d}"}
    assert len((await admin.get("/api/admin/usage/labels/cost_centre", **span))["values"]) == 2


async def test_usage_is_narrowed_to_values_of_a_label(site: Site):
    for value, cost in (("42", "2"), ("4711", "1"), ("7", "8")):
        await book(site.platform.pool, TODAY, cost, labels={"cost_centre": value})
    admin = site.browser()
    await admin.log_in()
    usage = await admin.get("/api/admin/usage/labels/cost_centre", values=["42", "4711"])
    assert usage["total"]["cost"] == "3"
    assert [row["id"] for row in usage["values"]] == ["42", "4711"]
    assert [one["id"] for one in usage["series"]] == ["42", "4711"]


async def test_a_label_that_no_call_has_leaves_everything_without_a_value(site: Site):
    await book(site.platform.pool, TODAY, "4")
    admin = site.browser()
    await admin.log_in()
    usage = await admin.get("/api/admin/usage/labels/a/b")
    assert [(row["id"], row["cost"]) for row in usage["values"]] == [("", "4")]


async def test_usage_by_label_is_exported_and_no_value_becomes_a_formula(site: Site):
    await book(site.platform.pool, TODAY, "2", labels={"cost/centre": "=1+1"})
    admin = site.browser()
    await admin.log_in()
    query = "name=cost%2Fcentre&format="
    told = (await admin.send("GET", f"/api/admin/usage/label-export?{query}json")).json()
    assert [(row["id"], row["cost"]) for row in told] == [("=1+1", "2")]
    answer = await admin.send("GET", f"/api/admin/usage/label-export?{query}csv")
    assert "'=1+1" in answer.text
    assert "attachment" in answer.headers["content-disposition"]


async def test_only_those_who_see_the_usage_of_everyone_see_it_by_label(site: Site):
    user = await site.user()
    await user.get("/api/admin/usage/labels", 403)
    await user.get("/api/admin/usage/labels/cost_centre", 403)


async def test_a_keys_labels_are_for_admins_to_set_and_other_metadata_stays(site: Site):
    admin, ana = site.browser(), await site.user(user_id="ana", models=["m"])
    await admin.log_in()
    labels = {"cost_centre": "4711"}
    issued = await admin.post("/api/admin/keys", alias="app", user_id="ana", models=["m"], labels=labels)
    path = f"/api/admin/keys/{issued['item']['id']}"
    assert issued["item"]["labels"] == labels
    order = KeyOrder(fields={"metadata": {"ours": 1, "labels": labels}})
    await site.platform.keys.update(ROOT, order, name=issued["key"])
    changed = await admin.call("PATCH", path, json={"labels": {"cost_centre": "42"}})
    assert changed["labels"] == {"cost_centre": "42"}
    assert (await admin.call("PATCH", path, json={"alias": "app-2"}))["labels"] == {"cost_centre": "42"}
    assert (await site.platform.keys.get(issued["key"])).key.metadata == {"ours": 1, "labels": {"cost_centre": "42"}}
    own = f"/api/keys/{issued['item']['id']}"
    assert (await ana.get(own))["labels"] == {"cost_centre": "42"}
    for body in ({"labels": {"cost_centre": "theirs"}}, {"metadata": {"labels": {"cost_centre": "theirs"}}}):
        await ana.call("PATCH", own, 400, json=body)
    await ana.post("/api/keys", 400, alias="other", models=["m"], labels=labels)

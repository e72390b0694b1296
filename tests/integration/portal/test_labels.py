"""Usage by label, as admins see it."""

from datetime import UTC, datetime, timedelta

from support.ledger import book
from support.portal import Site

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
    assert [(row["id"], float(row["cost"]), row["requests"]) for row in usage["values"]] == [
        ("42", 2, 1),
        ("4711", 1, 1),
    ]
    assert float(usage["total"]["cost"]) == 7
    span = {"since": f"{TODAY:%Y-%m-%d}", "until": f"{TODAY:%Y-%m-%d}"}
    assert len((await admin.get("/api/admin/usage/labels/cost_centre", **span))["values"]) == 1
    assert (await admin.get("/api/admin/usage/labels/a/b"))["values"] == []


async def test_only_those_who_see_the_usage_of_everyone_see_it_by_label(site: Site):
    user = await site.user()
    await user.get("/api/admin/usage/labels", 403)
    await user.get("/api/admin/usage/labels/cost_centre", 403)

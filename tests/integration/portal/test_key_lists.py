"""Lists of keys: sorted by what was called with them, and told apart by their state, however many there are."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from factories import journal_line
from litemaas.domain.spend.ledger import make_partitions, write_lines
from support.portal import Browser, Site

HOUR = 3600


async def _admin(site: Site) -> Browser:
    admin = site.browser()
    await admin.log_in()
    return admin


async def _issue(admin: Browser, alias: str, **terms: object) -> str:
    return (await admin.post("/api/admin/keys", alias=alias, **terms))["item"]["id"]


async def _call(site: Site, *calls: tuple[str, float]) -> None:
    """Records calls of keys, each so many seconds ago."""
    lines = [journal_line(key_id=key_id, started_at=time.time() - ago) for key_id, ago in calls]
    async with site.platform.pool.acquire() as connection, connection.transaction():
        await make_partitions(connection, [datetime.now(UTC) - timedelta(seconds=ago) for _, ago in calls])
        await write_lines(connection, b"".join(lines))


async def _aliases(admin: Browser, **wanted: object) -> list[str]:
    return [item["alias"] for item in (await admin.get("/api/admin/keys", **wanted))["items"]]


async def test_keys_are_sorted_by_their_last_use_and_those_never_used_come_last(site: Site):
    admin = await _admin(site)
    ids = {alias: await _issue(admin, alias) for alias in ("idle", "lately", "long ago")}
    await _call(site, (ids["lately"], 1), (ids["long ago"], 90 * HOUR), (ids["lately"], 50 * HOUR))
    assert await _aliases(admin, sort="-last_used_at") == ["lately", "long ago", "idle"]
    assert await _aliases(admin, sort="last_used_at") == ["long ago", "lately", "idle"]


async def test_a_call_that_is_recorded_late_does_not_turn_the_last_use_back(site: Site):
    admin = await _admin(site)
    key_id = await _issue(admin, "laptop")
    await _call(site, (key_id, 1))
    before = (await admin.get(f"/api/admin/keys/{key_id}"))["last_used_at"]
    await _call(site, (key_id, HOUR))
    assert (await admin.get(f"/api/admin/keys/{key_id}"))["last_used_at"] == before


async def test_keys_are_sorted_by_the_calls_of_today(site: Site):
    admin = await _admin(site)
    ids = {alias: await _issue(admin, alias) for alias in ("idle", "quiet", "busy")}
    await _call(site, (ids["quiet"], 0), (ids["busy"], 0), (ids["busy"], 0), (ids["idle"], 60 * HOUR))
    assert await _aliases(admin, sort="-requests_today") == ["busy", "quiet", "idle"]


async def test_keys_are_sorted_by_what_was_spent_in_their_running_period(site: Site):
    admin = await _admin(site)
    last_week, today = await _issue(admin, "last week", budget_duration="1d"), await _issue(admin, "today")
    async with site.platform.pool.acquire() as connection:
        for key_id, spent, began in (
            (last_week, 9, datetime.now(UTC) - timedelta(days=7)),
            (today, 1, datetime.now(UTC)),
        ):
            await connection.execute(
                "INSERT INTO balances (account_id, window_start, spent) VALUES ($1, $2, $3)"
                " ON CONFLICT (account_id) DO UPDATE SET window_start = $2, spent = $3",
                f"key:{key_id}",
                began,
                spent,
            )
    assert await _aliases(admin, sort="-spent") == ["today", "last week"]


@pytest.mark.parametrize("state", ["active", "expiring", "over_budget", "blocked", "revoked"])
async def test_keys_are_told_apart_by_their_state(site: Site, state: str):
    admin = await _admin(site)
    await _issue(admin, "active", duration="30d", max_budget="5")
    await _issue(admin, "expiring", duration="3d")
    await _issue(admin, "over_budget", max_budget="0")
    await admin.post(f"/api/admin/keys/{await _issue(admin, 'blocked')}/block")
    await admin.call("DELETE", f"/api/admin/keys/{await _issue(admin, 'revoked')}", 204)
    page = await admin.get("/api/admin/keys", state=state)
    assert ([item["alias"] for item in page["items"]], page["total"]) == ([state], 1)
    assert (await admin.get("/api/admin/keys"))["total"] == 4

"""How a model's calls are spread, as admins see and say it in the UI."""

import pytest

from support.portal import Browser, Site, add_model

DEFAULT = {
    "strategy": "simple-shuffle",
    "retries": 2,
    "fallbacks": [],
    "context_window_fallbacks": [],
    "allowed_fails": 3,
    "cooldown_seconds": 5.0,
}


@pytest.fixture
async def admin(site: Site) -> Browser:
    browser = site.browser()
    await browser.log_in()
    await add_model(browser, "large")
    return browser


async def _change(admin: Browser, said: dict | None, status: int = 200) -> dict:
    return await admin.call("PATCH", "/api/admin/models/m", status, json={"routing": said})


async def test_the_default_is_shown_by_itself_and_holds_for_a_new_model(admin: Browser):
    assert (await add_model(admin, "m"))["routing"] == await admin.get("/api/admin/routing") == DEFAULT


async def test_a_model_is_added_with_its_routing(admin: Browser):
    said = {"strategy": "least-busy", "fallbacks": ["large"]}
    assert (await add_model(admin, "m", routing=said))["routing"] == DEFAULT | said


async def test_what_is_not_said_stays_and_null_returns_to_the_default(admin: Browser):
    await add_model(admin, "m", routing={"retries": 0, "cooldown_seconds": 60})
    changed = await _change(admin, {"retries": None, "context_window_fallbacks": ["large"]})
    assert changed["routing"] == DEFAULT | {"context_window_fallbacks": ["large"], "cooldown_seconds": 60}
    await admin.call("PATCH", "/api/admin/models/m", json={"description": "Small"})
    assert (await admin.get("/api/admin/models/m"))["routing"] == changed["routing"]
    assert (await _change(admin, None))["routing"] == DEFAULT


async def test_what_could_not_be_followed_is_refused(admin: Browser):
    await add_model(admin, "m")
    for said in ({"strategy": "guess"}, {"fallbacks": ["nowhere"]}, {"fallbacks": ["m"]}, {"retries": -1}):
        await _change(admin, said, 400)
    assert (await admin.get("/api/admin/models/m"))["routing"] == DEFAULT


@pytest.mark.parametrize(("stored", "shown"), [("cost-based-routing", "lowest-cost"), ("guess", "simple-shuffle")])
async def test_a_strategy_of_another_name_is_shown_by_what_the_router_does(
    site: Site, admin: Browser, stored: str, shown: str
):
    await add_model(admin, "m")
    async with site.platform.pool.acquire() as connection:
        await connection.execute(
            "UPDATE model_groups SET routing = jsonb_set(routing, '{strategy}', to_jsonb($1::text))", stored
        )
    assert (await admin.get("/api/admin/models/m"))["routing"]["strategy"] == shown


async def test_the_audit_log_tells_what_it_was_and_what_it_is(admin: Browser):
    await add_model(admin, "m")
    await _change(admin, {"strategy": "lowest-cost"})
    entry = next(one for one in (await admin.get("/api/admin/audit"))["items"] if one["action"] == "update")
    told = [entry[side]["group"]["routing"]["strategy"] for side in ("before", "after")]
    assert told == ["simple-shuffle", "lowest-cost"]


async def test_a_user_is_told_nothing_of_routing(site: Site):
    await (await site.user()).get("/api/admin/routing", 403)

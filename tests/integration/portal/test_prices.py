"""Prices as admins set them: by every unit there is, from now on or ahead of time."""

from datetime import UTC, datetime, timedelta

import pytest

from support.portal import Browser, Site, add_model

PRICES = "/api/admin/models/m/prices"
LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)


@pytest.fixture
async def admin(site: Site) -> Browser:
    browser = site.browser()
    await browser.log_in()
    await add_model(browser, "m")
    return browser


async def _set(admin: Browser, status: int = 200, **prices: object) -> dict:
    return await admin.call("PUT", PRICES, status, json=prices)


async def test_what_is_not_paid_by_tokens_has_prices_too_and_people_see_them(site: Site, admin: Browser):
    units = {
        "image": "0.01",
        "output_image": "0.04",
        "second": "0.0001",
        "characters_per_million": "15",
        "search": "0.002",
    }
    assert units.items() <= (await _set(admin, **units))["prices"].items()
    shown = (await (await site.user()).get("/api/models/m"))["prices"]
    assert units.items() <= shown.items()
    async with site.platform.pool.acquire() as connection:
        character = await connection.fetchval("SELECT character FROM prices ORDER BY effective_from DESC LIMIT 1")
    assert character * 10**6 == 15


async def test_prices_that_are_not_named_stay_and_null_clears(admin: Browser):
    before = (await admin.get("/api/admin/models/m"))["prices"]
    changed = (await _set(admin, image="0.01", request="0.5"))["prices"]
    assert (changed["input_per_million"], changed["image"]) == (before["input_per_million"], "0.01")
    assert (await _set(admin, image=None))["prices"]["image"] is None
    assert (await admin.get("/api/admin/models/m"))["prices"]["request"] == "0.5"


async def test_a_price_of_later_is_shown_ahead_and_can_be_taken_back(admin: Browser):
    later = LATER.isoformat()
    coming = await _set(admin, input_per_million="9", effective_from=later)
    assert coming["prices"]["input_per_million"] == "1000"
    (change,) = coming["price_changes"]
    assert datetime.fromisoformat(change["effective_from"]) == LATER
    assert (change["prices"]["input_per_million"], change["prices"]["output_per_million"]) == (
        "9",
        coming["prices"]["output_per_million"],
    )
    await admin.call("DELETE", f"{PRICES}/{later.replace('+', '%2B')}")
    assert (await admin.get("/api/admin/models/m"))["price_changes"] == []
    actions = {entry["action"] for entry in (await admin.get("/api/admin/audit"))["items"]}
    assert {"set_price", "cancel_price"} <= actions


async def test_a_price_in_force_cannot_be_taken_back(admin: Browser):
    await admin.call("DELETE", f"{PRICES}/2020-01-01T00:00:00Z", 400)
    await admin.call("DELETE", f"{PRICES}/{LATER.isoformat().replace('+', '%2B')}", 400)


async def test_the_response_cache_is_switched_for_a_model_and_for_a_key(admin: Browser):
    changed = await admin.call("PATCH", "/api/admin/models/m", json={"cache_ttl": 600, "cache_shared": True})
    assert (changed["cache_ttl"], changed["cache_shared"]) == (600, True)
    changed = await admin.call("PATCH", "/api/admin/models/m", json={"cache_ttl": None})
    assert (changed["cache_ttl"], changed["cache_shared"]) == (None, True)
    key = (await admin.post("/api/admin/keys", alias="fresh", uses_cache=False))["item"]
    assert not key["uses_cache"]
    path = f"/api/admin/keys/{key['id']}"
    assert (await admin.call("PATCH", path, json={"uses_cache": True}))["uses_cache"]


async def test_the_catalogue_calls_providers_by_their_titles(site: Site, admin: Browser):
    model = await (await site.user()).get("/api/models/m")
    assert (model["provider"], model["provider_title"]) == ("openai", "OpenAI-Compatible Endpoints")

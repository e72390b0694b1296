"""What admins do in the UI: models, users, teams, budgets, banners, settings; all of it in the audit log."""

import socket
from uuid import uuid4

import pytest

from litemaas.domain.replicas.service import Roster
from support.portal import Browser, Site, add_model
from support.upstream import Call, completion, http, running_upstream

PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
SECRET = "sk-upstream-secret"


@pytest.fixture
async def admin(site: Site) -> Browser:
    browser = site.browser()
    await browser.log_in()
    return browser


async def test_a_model_is_added_changed_priced_renamed_and_deleted(admin: Browser):
    added = await add_model(admin, "org/m", api_key=SECRET, access_groups=["beta"])
    (deployment,) = added["deployments"]
    assert deployment["has_api_key"]
    changed = await admin.call("PATCH", "/api/admin/models/org%2Fm", json={"restricted": True, "description": "New"})
    assert (changed["restricted"], changed["access_groups"]) == (True, ["beta"])
    priced = await admin.call("PUT", "/api/admin/models/org%2Fm/prices", json={"input_per_million": "0.5"})
    assert priced["prices"]["input_per_million"] == "0.5"
    assert (await admin.call("PATCH", "/api/admin/models/org%2Fm", json={"public_name": "n"}))["name"] == "n"
    await admin.call("PATCH", f"/api/admin/deployments/{deployment['id']}", json={"weight": 3})
    second = {"provider": "openai", "litellm_model": "other", "api_base": "http://127.0.0.1:9"}
    assert len((await admin.post("/api/admin/models/n/deployments", **second))["deployments"]) == 2
    await admin.call("DELETE", "/api/admin/models/n", 204)
    await admin.get("/api/admin/models/n", 404)


async def test_a_stored_credential_never_leaves(admin: Browser):
    model = await add_model(admin, "m", api_key=SECRET)
    path = f"/api/admin/deployments/{model['deployments'][0]['id']}"
    await admin.call("PATCH", path, 400, json={"api_base": "http://evil.test/v1"})
    await admin.call("PATCH", path, json={"api_key": f"{SECRET}-2"})
    for page in ("/api/admin/models", "/api/admin/audit", "/api/models", "/api/admin/audit/export?format=json"):
        assert SECRET not in (await admin.send("GET", page)).text


async def test_a_price_that_begins_in_the_past_is_refused(admin: Browser):
    await add_model(admin, "m")
    prices = {"input_per_million": "1", "effective_from": "2020-01-01T00:00:00Z"}
    await admin.call("PUT", "/api/admin/models/m/prices", 400, json=prices)
    later = {"input_per_million": "9", "effective_from": "2999-01-01T00:00:00Z"}
    priced = await admin.call("PUT", "/api/admin/models/m/prices", json=later)
    assert priced["prices"]["input_per_million"] == "1000"


async def test_a_model_is_tried_before_and_after_it_is_added(admin: Browser):
    async def serve(call: Call) -> None:
        await call.send(http(b'{"data": [{"id": "x"}]}' if call.path.endswith("/models") else completion()))

    async with running_upstream(serve) as upstream:
        found = await admin.post("/api/admin/models/discover", provider="openai", api_base=upstream.url)
        assert found == {"models": ["x"]}
        order = {"provider": "openai", "litellm_model": "x", "public_name": "x", "api_base": upstream.url}
        report = await admin.post("/api/admin/models/test", **order)
        assert [one["step"] for one in report["steps"]] == [
            "address",
            "dns",
            "connection",
            "tls",
            "auth",
            "model",
            "call",
        ]
        assert (report["ok"], report["steps"][-1]["verdict"]) == (True, "passed")
    added = await admin.post("/api/admin/models", **order, prices={"request": "0"})
    report = await admin.post(f"/api/admin/deployments/{added['deployments'][0]['id']}/test")
    assert not report["ok"]


async def test_users_are_created_limited_found_and_deleted(admin: Browser):
    await admin.post("/api/admin/users", id="kim", name="Kim", max_budget="3", rpm_limit=5, models=["m"])
    changed = await admin.call("PATCH", "/api/admin/users/kim", json={"max_budget": None, "blocked": True})
    assert (changed["max_budget"], changed["rpm_limit"], changed["blocked"]) == (None, 5, True)
    assert [one["id"] for one in (await admin.get("/api/admin/users", search="KIM", blocked="true"))["items"]] == [
        "kim"
    ]
    bulk = {"ids": ["kim", "nobody"], "action": "limits", "limits": {"tpm_limit": 9}}
    results = (await admin.post("/api/admin/users/bulk", **bulk))["results"]
    assert [one["ok"] for one in results] == [True, False]
    assert (await admin.get("/api/admin/users/kim"))["tpm_limit"] == 9
    await admin.call("DELETE", "/api/admin/users/kim", 204)
    await admin.get("/api/admin/users/kim", 404)


async def test_keys_of_everyone_are_issued_and_changed_at_once(admin: Browser):
    ids = [(await admin.post("/api/admin/keys", user_id=name))["item"]["id"] for name in ("pat", "sam")]
    assert [one["user_id"] for one in (await admin.get("/api/admin/keys", user_id="sam"))["items"]] == ["sam"]
    unknown = "00000000-0000-0000-0000-000000000000"
    results = (await admin.post("/api/admin/keys/bulk", ids=[*ids, unknown], action="block"))["results"]
    assert [one["ok"] for one in results] == [True, True, False]
    assert (await admin.get("/api/admin/keys", state="blocked"))["total"] == 2


async def test_a_key_over_its_budget_is_found_by_that_state(site: Site, admin: Browser):
    key_id = (await admin.post("/api/admin/keys", max_budget="1", budget_duration="30d"))["item"]["id"]
    async with site.platform.pool.acquire() as connection:
        await connection.execute("UPDATE balances SET spent = 1 WHERE account_id = $1", f"key:{key_id}")
    assert (await admin.get(f"/api/admin/keys/{key_id}"))["state"] == "over_budget"
    assert (await admin.get("/api/admin/keys", state="over_budget"))["total"] == 1
    async with site.platform.pool.acquire() as connection:
        await connection.execute("UPDATE balances SET window_start = 'epoch' WHERE account_id = $1", f"key:{key_id}")
    assert (await admin.get(f"/api/admin/keys/{key_id}"))["state"] == "active"
    assert (await admin.get("/api/admin/keys", state="over_budget"))["total"] == 0


async def test_named_budgets_tell_who_shares_them_and_stay_while_somebody_does(site: Site, admin: Browser):
    await admin.post("/api/admin/budgets", id="course", max_budget="10", budget_duration="30d")
    await site.user(user_id="liz")
    async with site.platform.pool.acquire() as connection:
        await connection.execute("UPDATE accounts SET budget_id = 'course' WHERE id = 'user:liz'")
    assert (await admin.get("/api/admin/budgets/course"))["users_count"] == 1
    await admin.call("DELETE", "/api/admin/budgets/course", 400)
    changed = await admin.call("PATCH", "/api/admin/budgets/course", json={"max_budget": "12"})
    assert changed["max_budget"] == "12"
    await admin.get("/api/admin/budgets/none", 404)


async def test_a_banner_is_shown_dismissed_and_shown_again_when_it_changes(site: Site, admin: Browser):
    user = await site.user()
    await admin.post("/api/admin/banners", 400, content={"de": "Nur deutsch"})
    banner = await admin.post("/api/admin/banners", content={"en": "Maintenance"}, active=True, style="warning")
    assert [one["id"] for one in (await user.session())["banners"]] == [banner["id"]]
    await user.call("POST", f"/api/banners/{banner['id']}/dismiss", 204)
    assert (await user.session())["banners"] == []
    await admin.call("PATCH", f"/api/admin/banners/{banner['id']}", json={"content": {"en": "Over"}})
    assert len((await user.session())["banners"]) == 1
    await admin.call("PATCH", f"/api/admin/banners/{banner['id']}", json={"starts_at": "2999-01-01T00:00:00Z"})
    assert (await user.session())["banners"] == []


async def test_branding_and_currency_are_seen_by_everybody(site: Site, admin: Browser):
    await admin.call("PUT", "/api/admin/settings/branding", json={"login_title": "Our models"})
    await admin.call("PUT", "/api/admin/settings/currency", json={"currency": "EUR"})
    await admin.call("PUT", "/api/admin/settings/branding/images/login_logo", content=PNG)
    session = await site.browser().session()
    assert (session["branding"]["login_title"], session["currency"]) == ("Our models", "EUR")
    image = await site.browser().send("GET", session["branding"]["images"]["login_logo"])
    assert (image.content, image.headers["content-type"]) == (PNG, "image/png")
    assert image.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"GIF", b"<html>"])
async def test_a_picture_that_could_be_a_program_is_refused(admin: Browser, content: bytes):
    await admin.call("PUT", "/api/admin/settings/branding/images/login_logo", 400, content=content)


async def test_a_picture_that_is_too_large_or_has_no_place_is_refused(admin: Browser):
    await admin.call("PUT", "/api/admin/settings/branding/images/login_logo", 400, content=PNG + bytes(2**21))
    await admin.call("PUT", "/api/admin/settings/branding/images/favicon", 404, content=PNG)


async def test_defaults_that_could_not_be_enforced_are_refused(admin: Browser):
    for wrong in ({"user": {"budget_duration": "often"}}, {"key_maximums": {"max_budget": "-1"}}):
        await admin.call("PUT", "/api/admin/settings/defaults", 400, json=wrong)


async def test_every_change_is_in_the_audit_log_with_before_and_after(admin: Browser):
    await admin.post("/api/admin/users", id="kim", name="Kim")
    await admin.call("PATCH", "/api/admin/users/kim", json={"rpm_limit": 5})
    (entry,) = (await admin.get("/api/admin/audit", subject_id="kim", action="update"))["items"]
    assert (entry["actor_name"], entry["before"], entry["after"]) == ("admin", {"rpm_limit": None}, {"rpm_limit": 5})
    assert (await admin.get("/api/admin/audit", search="KIM", subject_kind="user"))["total"] == 2
    assert (await admin.get("/api/admin/audit", until="2020-01-01"))["total"] == 0
    assert "kim" in (await admin.send("GET", "/api/admin/audit/export")).text


async def test_overview_and_health_tell_how_it_is(admin: Browser):
    await add_model(admin, "m")
    overview = await admin.get("/api/admin/overview")
    assert (overview["models_count"], overview["users_count"], len(overview["trend"])) == (1, 1, 14)
    health = await admin.get("/api/admin/health")
    assert (health["status"], health["database"]["status"], health["journal"]["bytes"]) == ("ok", "ok", 0)
    assert health["upstreams"][0]["health"] == "unknown"


async def test_what_background_checks_found_is_shown_where_health_is(site: Site, admin: Browser):
    await add_model(admin, "m")
    checks = site.platform.health_checks
    for _ in range(2):
        await checks.check()
    await checks.learn()
    (upstream,) = (await admin.get("/api/admin/health"))["upstreams"]
    assert upstream["health"] == "unhealthy"
    assert upstream["last_error"]
    assert upstream["last_checked_at"]
    assert (await admin.get("/api/admin/overview"))["unhealthy"] == [upstream]
    assert (await admin.get("/api/admin/models"))["items"][0]["health"] == "unhealthy"
    assert (await admin.get("/api/models"))["items"][0]["health"] == "unhealthy"


async def test_replicas_are_seen_while_they_serve(site: Site, admin: Browser):
    async def seen() -> list[str]:
        """Hosts of the replicas that say their snapshot is 77 seconds old; the platform announces itself besides."""
        replicas = (await admin.get("/api/admin/health"))["replicas"]
        return [one["host"] for one in replicas if one["snapshot_age_seconds"] == 77]

    other = Roster(site.platform.pool, uuid4(), lambda: 77.0)
    await other.say(sees_redis=False, shares_in="postgres")
    assert await seen() == [socket.gethostname()]
    await other.leave()
    assert await seen() == []

"""The catalogue, and asking for models that were not granted."""

from support.portal import Browser, Site, add_model


async def _admin(site: Site) -> Browser:
    admin = site.browser()
    await admin.log_in()
    return admin


async def _access(browser: Browser) -> dict[str, str]:
    return {one["name"]: one["access"] for one in (await browser.get("/api/models"))["items"]}


async def test_open_models_are_there_for_new_people_and_restricted_ones_can_be_asked_for(site: Site):
    admin, user = await _admin(site), await site.user(models=["all-open-models"])
    await add_model(admin, "open")
    await add_model(admin, "org/closed", restricted=True)
    assert await _access(user) == {"open": "granted", "org/closed": "requestable"}
    assert await _access(admin) == {"open": "granted", "org/closed": "granted"}


async def test_the_providers_of_all_models_are_told_once_each(site: Site):
    admin, user = await _admin(site), await site.user(models=[])
    await add_model(admin, "one")
    await add_model(admin, "two", restricted=True)
    await add_model(admin, "three", provider="mistral", api_base=None)
    providers = (await user.get("/api/providers"))["items"]
    assert providers == [
        {"id": "mistral", "title": "Mistral AI"},
        {"id": "openai", "title": "OpenAI-Compatible Endpoints"},
    ]


async def test_an_approval_grants_the_model_and_a_reversal_takes_it_away(site: Site):
    admin, user = await _admin(site), await site.user(models=["all-open-models"])
    await add_model(admin, "org/closed", restricted=True)
    request = await user.post("/api/access-requests", model="org/closed", reason="thesis")
    assert await _access(user) == {"org/closed": "pending"}
    assert (await user.get("/api/me/home"))["pending_requests"] == 1
    decide = "/api/admin/access-requests/decide"
    results = (await admin.post(decide, ids=[request["id"]], decision="approve"))["results"]
    assert results == [{"id": request["id"], "ok": True, "error": None}]
    assert await _access(user) == {"org/closed": "granted"}
    await admin.post(decide, ids=[request["id"]], decision="deny", reason="misused")
    assert await _access(user) == {"org/closed": "denied"}
    (own,) = (await user.get("/api/access-requests"))["items"]
    assert (own["decision_reason"], [step["status"] for step in own["history"]]) == (
        "misused",
        ["pending", "approved", "denied"],
    )


async def test_a_denial_needs_a_reason_and_can_be_reviewed(site: Site):
    admin, user = await _admin(site), await site.user(models=[])
    await add_model(admin, "m")
    request = await user.post("/api/access-requests", model="m")
    decide = "/api/admin/access-requests/decide"
    await admin.post(decide, 400, ids=[request["id"]], decision="deny")
    await admin.post(decide, ids=[request["id"]], decision="deny", reason="no")
    await user.post("/api/access-requests", 400, model="m")
    again = await user.post(f"/api/access-requests/{request['id']}/review", reason="please")
    assert (again["status"], again["reason"]) == ("pending", "please")


async def test_a_request_can_be_withdrawn_and_made_again_and_only_by_its_owner(site: Site):
    admin, user, stranger = await _admin(site), await site.user(models=[]), await site.user()
    await add_model(admin, "m")
    request = await user.post("/api/access-requests", model="m")
    path = f"/api/access-requests/{request['id']}"
    await stranger.call("DELETE", path, 404)
    assert (await user.call("DELETE", path))["status"] == "withdrawn"
    results = (await admin.post("/api/admin/access-requests/decide", ids=[request["id"]], decision="approve"))[
        "results"
    ]
    assert results[0]["ok"] is False
    assert (await user.post("/api/access-requests", model="m"))["id"] == request["id"]


async def test_what_one_has_cannot_be_asked_for(site: Site):
    admin, user = await _admin(site), await site.user(models=["m"])
    await add_model(admin, "m")
    await user.post("/api/access-requests", 400, model="m")
    await user.post("/api/access-requests", 404, model="unknown")


async def test_many_requests_are_decided_at_once_each_by_itself(site: Site):
    admin = await _admin(site)
    await add_model(admin, "m")
    users = [await site.user(models=[]) for _ in range(3)]
    ids = [(await user.post("/api/access-requests", model="m"))["id"] for user in users]
    await users[0].call("DELETE", f"/api/access-requests/{ids[0]}")
    results = (await admin.post("/api/admin/access-requests/decide", ids=ids, decision="approve"))["results"]
    assert [one["ok"] for one in results] == [False, True, True]
    assert (await admin.get("/api/admin/access-requests", status="approved"))["total"] == 2


async def test_the_catalogue_tells_prices_capabilities_and_limits(site: Site):
    admin, user = await _admin(site), await site.user()
    await add_model(admin, "m", capabilities=["vision"], max_input_tokens=8192, description="Small and quick")
    model = await user.get("/api/models/m")
    assert model["prices"]["input_per_million"] == "1000"
    assert (model["capabilities"], model["max_input_tokens"], model["health"]) == (["vision"], 8192, "unknown")
    assert (await user.get("/api/models", capability="vision", search="QUICK"))["total"] == 1
    assert (await user.get("/api/models", capability="audio_input"))["total"] == 0
    await user.get("/api/models/none", 404)

"""What administrators do on the portal's pages of requests, banners and settings, by the management API."""

from base64 import b64encode
from uuid import uuid4

from litemaas.domain.audit.entities import Actor
from support.management import Api, Platform

PNG = b64encode(b"\x89PNG\r\n\x1a\n" + bytes(16)).decode()


async def ask(api: Api, platform: Platform) -> str:
    """Let somebody ask for a restricted model; returns the request's id."""
    params = {"model": "openai/m", "api_base": "http://127.0.0.1:9"}
    await api.post("/model/new", model_name="m", litellm_params=params, model_info={"restricted": True})
    await api.post("/user/new", user_id="ana", models=[], auto_create_key=False)
    model = platform.snapshot.catalog.models["m"]
    assert model.restricted
    detail = await platform.requests.ask(Actor("ana"), "ana", model, "For a demo")
    return str(detail.request.id)


async def test_a_request_for_a_model_is_listed_and_approved_and_grants_it(api: Api, platform: Platform):
    request_id = await ask(api, platform)
    page = await api.get("/access_request/list")
    assert [(one["id"], one["user_id"], one["reason"]) for one in page["access_requests"]] == [
        (request_id, "ana", "For a demo")
    ]
    decided = await api.post("/access_request/decide", ids=[request_id], decision="approve")
    assert decided == {"results": [{"id": request_id, "error": None}]}
    assert (await api.get("/user/info", user_id="ana"))["user_info"]["models"] == ["m"]
    assert (await api.get("/access_request/list", user_id="ana"))["access_requests"][0]["status"] == "approved"


async def test_a_denial_needs_a_reason_and_a_request_that_is_not_there_says_so(api: Api, platform: Platform):
    request_id = await ask(api, platform)
    await api.error("POST", "/access_request/decide", 400, json={"ids": [request_id], "decision": "deny"})
    nowhere = str(uuid4())
    decided = await api.post("/access_request/decide", ids=[request_id, nowhere], decision="deny", reason="Not now")
    assert [one["error"] is None for one in decided["results"]] == [True, False]


async def test_a_banner_is_put_up_changed_and_taken_down(api: Api):
    banner = await api.post("/banner/new", content={"en": "Maintenance on Saturday."}, active=True)
    changed = await api.post("/banner/update", id=banner["id"], style="warning")
    assert (changed["content"], changed["style"], changed["active"]) == (banner["content"], "warning", True)
    assert (await api.get("/banner/list"))["banners"] == [changed]
    assert await api.post("/banner/delete", id=banner["id"]) == {"id": banner["id"]}
    await api.error("POST", "/banner/delete", 404, json={"id": banner["id"]})
    for content in ({"de": "Wartung"}, None):
        await api.error("POST", "/banner/new", 400, json={"content": content})


async def test_settings_are_changed_part_by_part(api: Api):
    before = await api.get("/settings/info")
    assert (before["currency"], before["images"]) == ("USD", {})
    defaults = {"user": {"models": ["m"], "max_budget": 5}, "key_maximums": {"max_budget": 2.5, "keys_per_user": 3}}
    changed = await api.post("/settings/update", currency="EUR", defaults=defaults)
    assert (changed["currency"], changed["branding"]) == ("EUR", before["branding"])
    assert changed["defaults"]["user"]["max_budget"] == 5
    assert changed["defaults"]["key_maximums"]["keys_per_user"] == 3
    await api.post("/settings/update", branding={"login_title": "Models"})
    assert (await api.get("/settings/info")) == changed | {
        "branding": {"login_title": "Models", "login_subtitle": None}
    }
    refused = {"currency": "USD", "defaults": {"user": {"max_budget": 1, "budget_duration": "soon"}}}
    await api.error("POST", "/settings/update", 400, json=refused)
    assert (await api.get("/settings/info"))["currency"] == "EUR"


async def test_who_becomes_an_admin_needs_the_scope_of_roles(api: Api):
    issued = await api.post("/management_key/issue", name="ci", scopes=["settings:write"])
    holder = api.holding(issued["key"])
    await holder.post("/settings/update", currency="CHF")
    error = await holder.error("POST", "/settings/update", 403, json={"login": {"admin_groups": ["everyone"]}})
    assert "roles:write" in error["message"]
    changed = await api.post("/settings/update", login={"admin_groups": ["staff"]})
    assert changed["login"] == {"admin_groups": ["staff"], "admin_readonly_groups": [], "user_groups": []}


async def test_a_picture_is_put_and_deleted(api: Api):
    put = await api.post("/settings/image/put", kind="login_logo", content=PNG)
    assert (await api.get("/settings/info"))["images"] == {"login_logo": put["digest"]}
    assert (await api.post("/settings/image/delete", kind="login_logo"))["digest"] is None
    await api.error("POST", "/settings/image/delete", 404, json={"kind": "login_logo"})
    script = b64encode(b"<svg/>").decode()
    await api.error("POST", "/settings/image/put", 400, json={"kind": "login_logo", "content": script})

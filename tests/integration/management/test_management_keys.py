"""Management keys: what they open, what they do not, and how they end."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.routing import APIRoute

from litemaas.domain.audit.search import AuditFilter
from litemaas.domain.management_keys.entities import MEANINGS, Scope
from litemaas.gateway.app import ROUTERS
from litemaas.gateway.fast_lane.probes import LIVENESS, READINESS
from litemaas.gateway.management.scopes import SCOPES
from support.management import Api, Platform


async def holding(api: Api, *scopes: str, name: str = "ci", **body: str) -> Api:
    """Call as the holder of a new management key."""
    issued = await api.post("/management_key/issue", name=name, scopes=list(scopes), **body)
    return api.holding(issued["key"])


ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
MANAGEMENT = [route for route in ROUTES if route.path_format in SCOPES]
NOT_MANAGEMENT = {"/v1/models", "/models", "/v1/models/{model_id}", "/models/{model_id}", *LIVENESS, *READINESS}


def test_every_route_has_a_scope_or_is_not_of_the_management_api():
    assert {route.path_format for route in ROUTES} == SCOPES.keys() | NOT_MANAGEMENT


def test_every_scope_opens_something():
    assert set(SCOPES.values()) == set(Scope) - {Scope.ROLES_WRITE}  # asked for inside /user/*
    assert MEANINGS.keys() == set(Scope)


async def test_the_openapi_page_tells_the_scope_of_each_route(api: Api):
    paths = (await api.get("/openapi.json"))["paths"]
    told = {path: {operation.get("x-scope") for operation in operations.values()} for path, operations in paths.items()}
    assert {path: scopes for path, scopes in told.items() if scopes != {None}} == {
        path: {scope} for path, scope in SCOPES.items()
    }


async def test_every_management_route_refuses_those_who_may_not_manage(api: Api):
    virtual = api.holding((await api.post("/key/generate"))["key"])
    for route in MANAGEMENT:
        for method in route.methods:
            path = re.sub(r"{.*?}", "x", route.path_format)
            query = {"key": "x"} if path == "/key/info" else {}  # a key may read itself
            await api.holding(None).error(method, path, 401, json={}, params=query)
            await virtual.error(method, path, 403, json={}, params=query)


@pytest.mark.parametrize("scope", sorted(set(SCOPES.values()) - {Scope.ALL}))
async def test_a_key_opens_no_route_of_another_scope(api: Api, scope):
    holder = await holding(api, scope)
    for route in MANAGEMENT:
        if (needed := SCOPES[route.path_format]) == scope:
            continue
        for method in route.methods:
            path = re.sub(r"{.*?}", "x", route.path_format)
            error = await holder.error(method, path, 403, json={})
            assert (error["code"], needed in error["message"]) == ("not_allowed", True)


async def test_a_key_does_what_its_scopes_say(api: Api):
    holder = await holding(api, "keys:write", "keys:read")
    key = (await holder.post("/key/generate", key_alias="app"))["key"]
    assert (await holder.get("/key/info", key=key))["info"]["key_alias"] == "app"
    assert await holder.get("/key/aliases") == {"aliases": ["app"]}


async def test_a_key_with_all_scopes_issues_others(api: Api):
    other = await holding(await holding(api, "*"), "spend:read", name="reports")
    await other.get("/global/spend")
    rows = (await api.get("/management_key/list"))["management_keys"]
    assert [(row["name"], row["created_by"]) for row in rows] == [
        ("ci", "master key"),
        ("reports", "management key ci"),
    ]
    assert rows[1]["last_used_at"] is not None


async def test_a_key_is_not_usable_for_inference(api: Api):
    holder = await holding(api, "*")
    assert (await holder.error("GET", "/v1/models", 401))["code"] == "invalid_api_key"


async def test_a_revoked_key_is_refused_by_the_next_call_and_its_name_is_free(api: Api):
    holder = await holding(api, "keys:read")
    await api.post("/management_key/revoke", name="ci")
    assert (await holder.error("GET", "/key/list", 401))["code"] == "invalid_api_key"
    await holding(api, "keys:read")
    assert len((await api.get("/management_key/list"))["management_keys"]) == 1


async def test_an_expired_key_is_refused(api: Api, platform: Platform):
    holder = await holding(api, "keys:read", duration="1h")
    await holder.get("/key/list")
    past = datetime.now(UTC) - timedelta(seconds=1)
    await platform.pool.execute("UPDATE management_keys SET expires_at = $1", past)
    assert (await holder.error("GET", "/key/list", 401))["code"] == "key_expired"


async def test_the_audit_log_names_the_key_and_tells_nothing_of_its_text(api: Api, platform: Platform):
    issued = await api.post("/management_key/issue", name="ci", scopes=["budgets:write"])
    headers = {"x-api-key": issued["key"], "litellm-changed-by": "ada"}
    await api.client.post("/budget/new", json={"budget_id": "b"}, headers=headers)
    await api.holding(issued["key"]).post("/budget/delete", id="b")
    await api.post("/management_key/revoke", name="ci")
    found, _ = await platform.audit.page(AuditFilter(), limit=10)
    assert [(one.entry.action, one.entry.actor) for one in reversed(found)] == [
        ("issue", "master key"),
        ("create", "management key ci for ada"),
        ("delete", "management key ci"),
        ("revoke", "master key"),
    ]
    told = str(found) + str(await api.get("/management_key/list"))
    assert issued["key"] not in told
    assert str(await platform.pool.fetchval("SELECT key_hash FROM management_keys")) not in told


async def test_who_is_an_admin_is_said_only_by_a_key_that_may_say_it(api: Api):
    plain = await holding(api, "users:write")
    await plain.post("/user/new", user_id="ada", auto_create_key=False)
    error = await plain.error("POST", "/user/update", 403, json={"user_id": "ada", "user_role": "proxy_admin"})
    assert "roles:write" in error["message"]
    error = await plain.error("POST", "/user/new", 403, json={"user_id": "ben"})
    assert "keys:write" in error["message"]
    trusted = await holding(api, "users:write", "roles:write", name="trusted")
    row = await trusted.post("/user/update", user_id="ada", user_role="proxy_admin")
    assert row["data"]["user_role"] == "proxy_admin"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "ci", "scopes": []},
        {"name": "ci", "scopes": ["everything"]},
        {"name": "", "scopes": ["*"]},
        {"name": "ci", "scopes": ["*"], "duration": "soon"},
        {"name": "taken", "scopes": ["*"]},
    ],
)
async def test_a_key_that_would_not_work_is_not_issued(api: Api, body):
    await holding(api, "keys:read", name="taken")
    await api.post("/management_key/issue", status=400, **body)
    assert len((await api.get("/management_key/list"))["management_keys"]) == 1


async def test_no_virtual_key_can_look_like_a_management_key(api: Api):
    error = await api.error("POST", "/key/generate", 400, json={"key": "sk-mgmt-of-my-own-choice"})
    assert error["param"] == "key"


async def test_the_audit_log_is_read_by_page_and_filter(api: Api):
    for name in ("a", "b", "c"):
        await api.post("/budget/new", budget_id=name)
    holder = await holding(api, "audit:read")
    page = await holder.get("/audit", table_name="budget", page=1, page_size=2)
    assert [row["object_id"] for row in page["audit_logs"]] == ["c", "b"]
    assert (page["total"], page["total_pages"]) == (3, 2)
    assert (await holder.get("/audit", object_id="a"))["audit_logs"][0]["action"] == "create"

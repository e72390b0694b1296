import pytest

from litemaas.domain.audit.search import AuditFilter
from support.management import Api, Platform


async def test_a_new_user_gets_a_key_of_their_own(api: Api):
    created = await api.post("/user/new", user_id="ada", user_email="ada@example.com", max_budget=3, models=["granite"])
    assert (created["user_id"], created["max_budget"], created["models"]) == ("ada", 3, ["granite"])
    info = (await api.holding(created["key"]).get("/key/info"))["info"]
    assert info["user_id"] == "ada"


async def test_a_user_can_be_created_without_a_key_and_into_teams(api: Api):
    await api.post("/team/new", team_id="lab")
    created = await api.post(
        "/user/new", user_id="ada", auto_create_key=False, teams=[{"team_id": "lab", "user_role": "admin"}]
    )
    assert created["key"] is None
    info = await api.get("/user/info", user_id="ada")
    assert [team["team_id"] for team in info["teams"]] == ["lab"]
    assert info["teams"][0]["admins"] == ["ada"]
    assert info["keys"] == []


async def test_an_unknown_user_is_not_found(api: Api):
    error = await api.error("GET", "/user/info", 404, params={"user_id": "nobody"})
    assert error["param"] == "user_id"
    await api.post("/user/delete", user_ids=["nobody"], status=404)


async def test_a_taken_id_is_refused_and_free_after_deletion(api: Api, platform: Platform):
    key = (await api.post("/user/new", user_id="ada", max_budget=1))["key"]
    await api.post("/user/new", user_id="ada", status=400)
    assert await api.post("/user/delete", user_ids=["ada"]) == 1
    assert "ada" not in platform.snapshot.users
    await api.holding(key).get("/key/info", status=401)
    again = await api.post("/user/new", user_id="ada", auto_create_key=False)
    assert again["max_budget"] is None
    assert (await api.get("/user/info", user_id="ada"))["keys"] == []


async def test_an_update_reaches_the_user_by_email_and_creates_one_who_is_missing(api: Api):
    await api.post("/user/new", user_id="ada", user_email="ada@example.com", auto_create_key=False, rpm_limit=4)
    changed = await api.post("/user/update", user_email="ADA@example.com", max_budget=2)
    assert changed["user_id"] == "ada"
    assert (changed["data"]["rpm_limit"], changed["data"]["max_budget"]) == (4, 2)
    assert (await api.post("/user/update", user_id="bob", user_alias="Bob"))["data"]["models"] == ["all-proxy-models"]
    await api.post("/user/update", user_email="nobody@example.com", status=404)


async def test_users_are_listed_page_by_page(api: Api):
    for name in ("ada", "bob", "cyd"):
        await api.post("/user/new", user_id=name, user_role="proxy_admin" if name == "ada" else "internal_user")
    page = await api.get("/user/list", page_size=2, sort_by="user_id")
    assert [(user["user_id"], user["key_count"]) for user in page["users"]] == [("ada", 1), ("bob", 1)]
    assert (page["total"], page["total_pages"]) == (3, 2)
    assert (await api.get("/user/list", role="proxy_admin"))["total"] == 1
    assert (await api.get("/user/list", user_ids="bob,cyd"))["total"] == 2
    assert (await api.get("/user/list", search="YD"))["total"] == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("password", "secret"), ("user_role", "internal_user_viewer"), ("model_max_budget", {"a": 1}), ("max_budget", -1)],
)
async def test_what_cannot_hold_is_refused_by_name(api: Api, field, value):
    assert (await api.error("POST", "/user/new", 400, json={field: value}))["param"] == field


async def test_a_role_is_granted_besides_what_a_login_gives(api: Api, platform: Platform):
    await api.post("/user/new", user_id="ada", user_role="proxy_admin_viewer", auto_create_key=False)
    sources = "SELECT granted FROM role_sources WHERE user_id = 'ada'"
    assert await platform.pool.fetchval(sources) == "admin-readonly"
    await platform.pool.execute("UPDATE role_sources SET from_groups = 'admin'")
    row = await api.post("/user/update", user_id="ada", user_role="internal_user")
    assert row["data"]["user_role"] == "proxy_admin"
    assert await platform.pool.fetchval(sources) == "user"
    found, _ = await platform.audit.page(AuditFilter(action="grant_role"), limit=5)
    assert [one.entry.after for one in found] == [
        {"role": "admin", "granted": "user"},
        {"role": "admin-readonly", "granted": "admin-readonly"},
    ]

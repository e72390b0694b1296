import pytest

from support.management import Api, Platform


async def test_a_team_is_created_with_its_members(api: Api, platform: Platform):
    team = await api.post(
        "/team/new",
        team_id="lab",
        team_alias="Lab",
        members_with_roles=[{"user_id": "ada", "role": "admin"}],
        members=["bob"],
        max_budget=10,
    )
    assert (team["models"], team["max_budget"], team["admins"]) == (["all-proxy-models"], 10, ["ada"])
    assert sorted(platform.snapshot.users) == ["ada", "bob"]
    info = await api.get("/team/info", team_id="lab")
    assert [row["user_id"] for row in info["team_memberships"]] == ["ada", "bob"]
    assert info["keys"] == []


async def test_a_key_of_a_team_has_what_the_team_has(api: Api):
    await api.post("/team/new", team_id="lab", models=["granite"])
    assert (await api.post("/key/generate", team_id="lab"))["models"] == ["all-team-models"]
    assert (await api.error("POST", "/key/generate", 404, json={"team_id": "nowhere"}))["param"] == "team_id"


async def test_deleting_a_team_deletes_its_keys(api: Api):
    await api.post("/team/new", team_id="lab")
    key = (await api.post("/key/generate", team_id="lab"))["key"]
    deleted = await api.post("/team/delete", team_ids=["lab"])
    assert [team["team_id"] for team in deleted] == ["lab"]
    await api.holding(key).get("/key/info", status=401)
    await api.get("/team/info", team_id="lab", status=404)
    assert (await api.post("/team/new", team_id="lab"))["members"] == []


async def test_a_blocked_team_blocks_its_keys(api: Api):
    await api.post("/team/new", team_id="lab")
    key = (await api.post("/key/generate", team_id="lab"))["key"]
    assert (await api.post("/team/block", team_id="lab"))["blocked"] is True
    assert (await api.holding(key).error("GET", "/key/info", 401))["code"] == "key_blocked"
    await api.post("/team/unblock", team_id="lab")
    await api.holding(key).get("/key/info")


async def test_members_come_change_and_go(api: Api):
    await api.post("/team/new", team_id="lab")
    added = await api.post("/team/member_add", team_id="lab", member={"user_id": "ada", "role": "user"})
    assert [user["user_id"] for user in added["updated_users"]] == ["ada"]
    assert [row["team_id"] for row in added["updated_team_memberships"]] == ["lab"]
    await api.post("/team/member_add", team_id="lab", member=[{"user_id": "ada", "role": "user"}], status=400)
    assert (await api.post("/team/member_update", team_id="lab", user_id="ada", role="admin"))["admins"] == ["ada"]
    assert (await api.post("/team/member_delete", team_id="lab", user_id="ada"))["members"] == []
    await api.post("/team/member_delete", team_id="lab", user_id="ada", status=404)


async def test_an_update_nests_the_team(api: Api):
    await api.post("/team/new", team_id="lab", tpm_limit=5)
    changed = await api.post("/team/update", team_id="lab", rpm_limit=3, model_aliases={"fast": "granite"})
    assert changed["team_id"] == "lab"
    assert (changed["data"]["rpm_limit"], changed["data"]["tpm_limit"]) == (3, 5)
    assert (await api.patch("/team/lab", tpm_limit=None))["data"]["tpm_limit"] is None


async def test_teams_are_listed_by_alias(api: Api):
    for name in ("b", "a"):
        await api.post("/team/new", team_id=f"team-{name}", team_alias=name, members=["ada"] if name == "a" else [])
    await api.post("/key/generate", team_id="team-a")
    listed = await api.get("/team/list")
    assert [team["team_alias"] for team in listed] == ["a", "b"]
    assert len(listed[0]["keys"]) == 1
    assert [team["team_id"] for team in await api.get("/team/list", user_id="ada")] == ["team-a"]
    assert (await api.get("/v2/team/list", page_size=1))["total_pages"] == 2


@pytest.mark.parametrize("field", ["team_member_budget", "model_rpm_limit", "organization_id"])
async def test_what_cannot_hold_is_refused_by_name(api: Api, field):
    assert (await api.error("POST", "/team/new", 400, json={field: {"a": 1}}))["param"] == field

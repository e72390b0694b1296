"""Keys that people issue for themselves, within what admins allow."""

import pytest

from support.portal import Browser, Site


async def _admin(site: Site) -> Browser:
    admin = site.browser()
    await admin.log_in()
    return admin


async def test_a_key_is_shown_once_and_then_by_its_last_four_characters(site: Site):
    user = await site.user()
    issued = await user.post("/api/keys", alias="laptop", models=["small"], max_budget="1.50", duration="30d")
    text, item = issued["key"], issued["item"]
    assert text.startswith("sk-")
    assert item["hint"] == text[-4:]
    assert (item["state"], item["max_budget"], item["models"]) == ("active", "1.5", ["small"])
    listed = await user.get("/api/keys")
    assert [one["id"] for one in listed["items"]] == [item["id"]]
    assert text not in str(listed)


async def test_a_key_can_be_blocked_unblocked_rotated_and_revoked(site: Site):
    user = await site.user()
    issued = await user.post("/api/keys", alias="laptop")
    path = f"/api/keys/{issued['item']['id']}"
    assert (await user.post(f"{path}/block"))["state"] == "blocked"
    assert (await user.post(f"{path}/unblock"))["state"] == "active"
    assert (await user.post(f"{path}/rotate", grace_period="1h"))["key"] != issued["key"]
    await user.call("DELETE", path, 204)
    assert (await user.get(path))["state"] == "revoked"
    assert (await user.get("/api/keys"))["total"] == 0


async def test_a_change_leaves_alone_what_it_does_not_name_and_null_clears(site: Site):
    user = await site.user()
    issued = await user.post("/api/keys", alias="laptop", rpm_limit=5, max_budget="1")
    path = f"/api/keys/{issued['item']['id']}"
    changed = await user.call("PATCH", path, json={"rpm_limit": None})
    assert (changed["rpm_limit"], changed["max_budget"], changed["alias"]) == (None, "1", "laptop")


async def test_nobody_reaches_the_keys_of_others(site: Site):
    owner, stranger = await site.user(), await site.user()
    path = f"/api/keys/{(await owner.post('/api/keys'))['item']['id']}"
    await stranger.get(path, 404)
    await stranger.get(f"{path}/usage", 404)
    await stranger.get(f"{path}/errors", 404)
    await stranger.call("PATCH", path, 404, json={"alias": "mine"})
    await stranger.call("DELETE", path, 404)
    for action in ("rotate", "block", "unblock"):
        await stranger.post(f"{path}/{action}", 404)


async def test_a_key_for_somebody_else_cannot_be_issued(site: Site):
    user = await site.user()
    await user.post("/api/keys", 400, user_id="admin")


async def test_what_an_admin_set_the_owner_cannot_loosen(site: Site):
    admin, user = await _admin(site), await site.user(user_id="zoe")
    issued = await admin.post("/api/admin/keys", user_id="zoe", alias="lab", max_budget="1", models=["small"])
    path = f"/api/keys/{issued['item']['id']}"
    for change in ({"max_budget": None}, {"models": ["all-proxy-models"]}, {"duration": None}):
        await user.call("PATCH", path, 403, json=change)
    assert (await user.call("PATCH", path, json={"alias": "mine"}))["alias"] == "mine"


async def test_what_an_admin_blocked_the_owner_cannot_unblock(site: Site):
    admin, user = await _admin(site), await site.user()
    key_id = (await user.post("/api/keys"))["item"]["id"]
    await admin.post(f"/api/admin/keys/{key_id}/block")
    await user.post(f"/api/keys/{key_id}/unblock", 403)
    await admin.post(f"/api/admin/keys/{key_id}/unblock")
    assert (await user.get(f"/api/keys/{key_id}"))["state"] == "active"


async def test_maximums_bind_and_defaults_fill_in(site: Site):
    admin, user = await _admin(site), await site.user()
    terms = {
        "key_defaults": {"max_budget": "2", "rpm_limit": 10},
        "key_maximums": {"max_budget": "5", "budget_duration": "30d", "tpm_limit": 1000, "duration": "90d"},
    }
    await admin.call("PUT", "/api/admin/settings/defaults", json=terms)
    item = (await user.post("/api/keys", alias="plain"))["item"]
    assert (item["max_budget"], item["budget_duration"], item["rpm_limit"]) == ("2", "30d", 10)
    assert item["tpm_limit"] == 1000
    assert item["expires_at"] is not None
    for asked in ({"max_budget": "5.01"}, {"tpm_limit": 1001}, {"duration": "1000d"}):
        await user.post("/api/keys", 400, **asked)
    for change in ({"max_budget": None}, {"tpm_limit": None}, {"duration": None}):
        await user.call("PATCH", f"/api/keys/{item['id']}", 400, json=change)
    shorter = await user.post("/api/keys", max_budget="5", budget_duration="1d")
    assert shorter["item"]["budget_duration"] == "30d"


async def test_there_may_be_a_greatest_number_of_keys(site: Site):
    admin, user = await _admin(site), await site.user()
    await admin.call("PUT", "/api/admin/settings/defaults", json={"key_maximums": {"keys_per_user": 2}})
    for _ in range(2):
        await user.post("/api/keys")
    await user.post("/api/keys", 400)


@pytest.mark.parametrize(
    "wrong",
    [{"max_budget": "-1"}, {"max_budget": "NaN"}, {"duration": "soon"}, {"rpm_limit": -1}, {"alias": "a\0b"}, {"x": 1}],
)
async def test_what_cannot_be_right_is_refused_by_name(site: Site, wrong: dict[str, object]):
    user = await site.user()
    answer = await user.send("POST", "/api/keys", json=wrong)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"].startswith(next(iter(wrong)))


async def test_lists_are_paged_sorted_searched_and_filtered_by_state(site: Site):
    user = await site.user()
    ids = [(await user.post("/api/keys", alias=f"key {letter}"))["item"]["id"] for letter in "cab"]
    await user.post(f"/api/keys/{ids[0]}/block")
    await user.call("DELETE", f"/api/keys/{ids[1]}", 204)
    page = await user.get("/api/keys", sort="alias", page=2, page_size=1)
    assert (page["total"], [one["alias"] for one in page["items"]]) == (2, ["key c"])
    assert [one["alias"] for one in (await user.get("/api/keys", search="KEY B"))["items"]] == ["key b"]
    assert [one["id"] for one in (await user.get("/api/keys", state="blocked"))["items"]] == [ids[0]]
    assert [one["id"] for one in (await user.get("/api/keys", state="revoked"))["items"]] == [ids[1]]
    await user.get("/api/keys", 400, sort="key_hash")


async def test_a_team_admin_manages_the_teams_keys_and_members_and_a_member_does_not(site: Site):
    admin, lead, member = await _admin(site), await site.user(user_id="lead"), await site.user(user_id="member")
    await admin.post("/api/admin/teams", id="t1", name="Team")
    await admin.call("PUT", "/api/admin/teams/t1/members/lead", json={"role": "admin"})
    await lead.call("PUT", "/api/teams/t1/members/member", json={"role": "member"})
    key_id = (await lead.post("/api/keys", team_id="t1"))["item"]["id"]
    assert (await lead.get("/api/keys", team_id="t1"))["total"] == 1
    await member.get("/api/keys", 403, team_id="t1")
    await member.post("/api/keys", 403, team_id="t1")
    await member.get(f"/api/keys/{key_id}", 404)
    await member.call("DELETE", "/api/teams/t1/members/lead", 403)
    await lead.call("PUT", "/api/teams/t1/members/nobody", 404, json={"role": "member"})
    assert [one["id"] for one in (await member.get("/api/teams"))["items"]] == ["t1"]
    stranger = await site.user()
    await stranger.get("/api/teams/t1", 404)

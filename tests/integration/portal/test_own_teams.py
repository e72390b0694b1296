"""Teams as those see them who are in them: team admins manage members, keys and the warning; members look."""

from datetime import UTC, datetime

import pytest

from support.ledger import book
from support.portal import ROOT, Browser, Site

NOW = datetime.now(UTC)


@pytest.fixture
async def people(site: Site) -> dict[str, Browser]:
    """A team `t1` with the admin `lead`, the member `member`, and a `stranger` who is in none."""
    admin = site.browser()
    await admin.log_in()
    people = {name: await site.user(user_id=name, email=f"{name}@here.test") for name in ("lead", "member", "stranger")}
    await admin.post("/api/admin/teams", id="t1", name="Team", max_budget="10", rpm_limit=60)
    await admin.call("PUT", "/api/admin/teams/t1/members/lead", json={"role": "admin"})
    await admin.call("PUT", "/api/admin/teams/t1/members/member", json={"role": "member"})
    return {"admin": admin, **people}


async def test_a_team_admin_adds_by_address_promotes_and_removes(people: dict[str, Browser]):
    lead = people["lead"]
    team = await lead.call("PUT", "/api/teams/t1/members/STRANGER@here.test", json={"role": "member"})
    assert {one["user_id"] for one in team["members"]} == {"lead", "member", "stranger"}
    team = await lead.call("PUT", "/api/teams/t1/members/stranger", json={"role": "admin"})
    assert {one["role"] for one in team["members"] if one["user_id"] == "stranger"} == {"admin"}
    await lead.call("DELETE", "/api/teams/t1/members/stranger", 204)
    await people["stranger"].get("/api/teams/t1", 404)


async def test_an_address_that_nobody_or_several_have_adds_nobody(site: Site, people: dict[str, Browser]):
    await site.user(user_id="double", email="member@here.test")
    for address in ("nobody@here.test", "member@here.test"):
        await people["lead"].call("PUT", f"/api/teams/t1/members/{address}", 404, json={"role": "member"})
    assert (await people["lead"].get("/api/teams/t1"))["members_count"] == 2


async def test_a_team_admin_sets_name_and_warning_and_no_limit(people: dict[str, Browser]):
    lead = people["lead"]
    team = await lead.call("PATCH", "/api/teams/t1", json={"name": "Ours", "soft_budget": "8"})
    assert (team["name"], team["soft_budget"], team["max_budget"], team["rpm_limit"]) == ("Ours", "8", "10", 60)
    assert (await lead.call("PATCH", "/api/teams/t1", json={"soft_budget": None}))["soft_budget"] is None
    for limit in ({"max_budget": "99"}, {"rpm_limit": None}, {"models": ["all-proxy-models"]}, {"blocked": False}):
        await lead.call("PATCH", "/api/teams/t1", 400, json=limit)
    told = (await people["admin"].get("/api/admin/audit", subject_kind="team", subject_id="t1", action="update"))[
        "items"
    ]
    assert [(one["actor_id"], one["after"].get("soft_budget")) for one in told][-1] == ("lead", "8")


async def test_a_member_sees_the_team_and_changes_nothing(people: dict[str, Browser]):
    member = people["member"]
    assert (await member.get("/api/teams/t1"))["max_budget"] == "10"
    await member.call("PATCH", "/api/teams/t1", 403, json={"soft_budget": "1"})
    await member.call("PUT", "/api/teams/t1/members/stranger", 403, json={"role": "member"})
    await member.get("/api/teams/t1/usage/summary", 403)


async def test_a_team_admin_sees_the_usage_of_the_team_and_of_no_other(site: Site, people: dict[str, Browser]):
    await book(site.platform.pool, NOW, "2", team_id="t1", user_id="member")
    await book(site.platform.pool, NOW, "3", team_id="t1", user_id="lead")
    await book(site.platform.pool, NOW, "50", team_id="t2", user_id="lead")
    lead = people["lead"]
    assert (await lead.get("/api/teams/t1/usage/summary"))["current"]["cost"] == "5"
    rows = (await lead.get("/api/teams/t1/usage/breakdown", group_by="user"))["items"]
    assert [(row["id"], row["cost"]) for row in rows] == [("lead", "3"), ("member", "2")]
    assert (await lead.get("/api/teams/t1/usage/summary", users="member"))["current"]["cost"] == "2"
    assert (await lead.get("/api/teams/t1/usage/summary", teams="t2"))["current"]["cost"] == "5"
    assert "member" in (await lead.send("GET", "/api/teams/t1/usage/export?group_by=user")).text
    await people["stranger"].get("/api/teams/t1/usage/summary", 404)
    await lead.get("/api/teams/t2/usage/summary", 404)


async def test_labels_of_a_team_are_set_and_other_metadata_stays(site: Site, people: dict[str, Browser]):
    admin = people["admin"]
    await site.platform.teams.update(ROOT, "t1", fields={"metadata": {"ours": 1, "labels": "nonsense"}}, limits={})
    assert (await admin.get("/api/admin/teams/t1"))["labels"] == {}
    team = await admin.call("PATCH", "/api/admin/teams/t1", json={"labels": {"cost_centre": "4711"}})
    assert team["labels"] == {"cost_centre": "4711"}
    assert (await site.platform.teams.get("t1")).team.metadata == {"ours": 1, "labels": {"cost_centre": "4711"}}
    assert (await admin.call("PATCH", "/api/admin/teams/t1", json={"name": "T"}))["labels"] == {"cost_centre": "4711"}
    for wrong in ({"": "x"}, {"a": ""}, {"a": "b\nc"}, {str(number): "x" for number in range(17)}):
        await admin.call("PATCH", "/api/admin/teams/t1", 400, json={"labels": wrong})


async def _key_of(people: dict[str, Browser], user_id: str) -> str:
    issued = await people["admin"].post("/api/admin/keys", user_id=user_id, team_id="t1")
    return f"/api/keys/{issued['item']['id']}"


async def test_who_leaves_a_team_leaves_their_keys_of_it(people: dict[str, Browser]):
    member = people["member"]
    ours, own = await _key_of(people, "member"), (await member.post("/api/keys"))["item"]["id"]
    others = await _key_of(people, "lead")
    await people["lead"].call("DELETE", "/api/teams/t1/members/member", 204)
    assert (await member.get(ours))["state"] == "revoked"
    assert (await member.get(f"/api/keys/{own}"))["state"] == "active"
    assert (await people["lead"].get(others))["state"] == "active"
    told = (await people["admin"].get("/api/admin/audit", subject_kind="key", action="delete"))["items"]
    assert [one["actor_id"] for one in told] == ["lead"]


async def test_a_team_admin_blocks_and_revokes_the_key_of_a_member_and_does_not_take_it_over(
    people: dict[str, Browser],
):
    lead, key = people["lead"], await _key_of(people, "member")
    await lead.post(f"{key}/rotate", 403)
    assert (await lead.post(f"{key}/block"))["state"] == "blocked"
    await people["member"].post(f"{key}/unblock", 403)
    assert (await people["member"].post(f"{key}/rotate"))["item"]["state"] == "blocked"
    await lead.call("DELETE", key, 204)


async def test_who_no_longer_administers_a_team_no_longer_sets_what_their_keys_of_it_may_spend(
    people: dict[str, Browser],
):
    lead = people["lead"]
    key = f"/api/keys/{(await lead.post('/api/keys', team_id='t1', max_budget='1'))['item']['id']}"
    assert (await lead.call("PATCH", key, json={"max_budget": "2"}))["max_budget"] == "2"
    await people["admin"].call("PUT", "/api/admin/teams/t1/members/lead", json={"role": "member"})
    await lead.call("PATCH", key, 403, json={"max_budget": "9"})
    assert (await lead.call("PATCH", key, json={"alias": "mine"}))["alias"] == "mine"

"""Guardrails, as admins add, try, bind and remove them in the UI."""

import pytest

from litemaas.domain.users.entities import Role
from support.portal import Browser, Site, add_model

GUARDRAILS = "/api/admin/guardrails"


@pytest.fixture
async def admin(site: Site) -> Browser:
    browser = site.browser()
    await browser.log_in()
    return browser


async def test_a_guardrail_is_added_tried_changed_and_removed(admin: Browser):
    added = await admin.post(GUARDRAILS, name="tickets", kind="pattern", action="mask", patterns=["TICKET-[0-9]{1,9}"])
    assert (added["sides"], added["for_all"], added["bindings"]) == (["input", "output"], False, [])
    trial = await admin.post(f"{GUARDRAILS}/tickets/test", text="See TICKET-42 please")
    assert [(one["start"], one["end"]) for one in trial["findings"]] == [(4, 13)]
    assert "TICKET-42" not in trial["masked"]
    changed = await admin.call("PATCH", f"{GUARDRAILS}/tickets", json={"action": "block", "sides": ["input"]})
    assert (changed["action"], changed["sides"], changed["patterns"]) == ("block", ["input"], ["TICKET-[0-9]{1,9}"])
    await admin.call("DELETE", f"{GUARDRAILS}/tickets", 204)
    assert (await admin.get(GUARDRAILS))["items"] == []


async def test_a_guardrail_is_bound_to_a_key_a_team_and_a_model_by_their_names(admin: Browser):
    await add_model(admin, "org/granite")
    await admin.post("/api/admin/teams", id="t1", name="Team")
    key = (await admin.post("/api/admin/keys", alias="laptop"))["item"]["id"]
    await admin.post(GUARDRAILS, name="secrets", kind="secrets")
    for binding in (f"key/{key}", "team/t1", "model/org%2Fgranite"):
        bound = await admin.call("PUT", f"{GUARDRAILS}/secrets/bindings/{binding}")
    told = {(one["holder"], one["id"], one["name"]) for one in bound["bindings"]}
    assert told == {("key", key, "laptop"), ("team", "t1", "Team"), ("model", "org/granite", "org/granite")}
    await admin.call("DELETE", "/api/admin/teams/t1", 204)
    for binding in ("team/t1", f"key/{key}"):
        left = await admin.call("DELETE", f"{GUARDRAILS}/secrets/bindings/{binding}")
    assert [one["id"] for one in left["bindings"]] == ["org/granite"]


async def test_what_is_not_there_is_not_bound(admin: Browser):
    await admin.post(GUARDRAILS, name="secrets", kind="secrets")
    nowhere = "00000000-0000-0000-0000-000000000000"
    for binding, status in (("key/none", 404), (f"key/{nowhere}", 404), ("team/none", 404), ("model/none", 400)):
        await admin.call("PUT", f"{GUARDRAILS}/secrets/bindings/{binding}", status)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "pattern"},
        {"kind": "pattern", "patterns": ["("]},
        {"kind": "secrets", "patterns": ["x"]},
        {"kind": "secrets", "sides": []},
        {"kind": "magic"},
    ],
)
async def test_a_guardrail_that_could_not_do_what_it_promises_is_refused(admin: Browser, wrong: dict[str, object]):
    await admin.post(GUARDRAILS, 400, name="wrong", **wrong)


async def test_changes_are_in_the_audit_log_and_a_tried_text_is_not(admin: Browser):
    await admin.post(GUARDRAILS, name="secrets", kind="secrets")
    await admin.post(f"{GUARDRAILS}/secrets/test", text="a very private text")
    await admin.call("PATCH", f"{GUARDRAILS}/secrets", json={"for_all": True})
    told = (await admin.get("/api/admin/audit", subject_kind="guardrail"))["items"]
    assert [one["action"] for one in told] == ["update", "add"]
    assert (told[0]["before"]["for_all"], told[0]["after"]["for_all"]) == (False, True)
    assert "private" not in str(told)


async def test_a_read_only_admin_sees_guardrails_and_changes_none(site: Site, admin: Browser):
    await admin.post(GUARDRAILS, name="secrets", kind="secrets")
    watcher = await site.user(Role.ADMIN_READONLY)
    assert [one["name"] for one in (await watcher.get(GUARDRAILS))["items"]] == ["secrets"]
    await watcher.post(GUARDRAILS, 403, name="mine", kind="secrets")
    await watcher.call("DELETE", f"{GUARDRAILS}/secrets", 403)

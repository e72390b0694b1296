"""Management keys, as admins issue and revoke them in the UI."""

from litemaas.domain.users.entities import Role
from support.portal import Browser, Site


async def _admin(site: Site) -> Browser:
    admin = site.browser()
    await admin.log_in()
    return admin


async def test_a_management_key_is_shown_once_works_within_its_scopes_and_is_revoked(site: Site):
    admin = await _admin(site)
    issued = await admin.post("/api/admin/management-keys", name="ci", scopes=["keys:read"], duration="30d")
    text, item = issued["key"], issued["item"]
    assert text.startswith("sk-mgmt-")
    assert (item["hint"], item["scopes"], item["created_by"]) == (text[-4:], ["keys:read"], "admin")
    headers = {"Authorization": f"Bearer {text}"}
    program = site.browser()
    assert (await program.send("GET", "/key/list", headers=headers)).status_code == 200
    assert (await program.send("GET", "/user/list", headers=headers)).status_code == 403
    (listed,) = (await admin.get("/api/admin/management-keys"))["items"]
    assert listed["last_used_at"] is not None
    assert text not in str(listed)
    await admin.call("DELETE", f"/api/admin/management-keys/{item['id']}", 204)
    assert (await program.send("GET", "/key/list", headers=headers)).status_code == 401
    assert (await admin.get("/api/admin/management-keys"))["items"] == []


async def test_a_key_without_scopes_with_a_name_in_use_or_an_endless_life_in_words_is_refused(site: Site):
    admin = await _admin(site)
    await admin.post("/api/admin/management-keys", name="ci", scopes=["keys:read"])
    for wrong in ({"scopes": []}, {"scopes": ["everything"]}, {"duration": "for ever"}, {}):
        order = {"name": "ci" if not wrong else "other", "scopes": ["keys:read"], **wrong}
        await admin.post("/api/admin/management-keys", 400, **order)


async def test_what_was_issued_and_revoked_is_in_the_audit_log_without_the_text(site: Site):
    admin = await _admin(site)
    issued = await admin.post("/api/admin/management-keys", name="ci", scopes=["*"])
    await admin.call("DELETE", f"/api/admin/management-keys/{issued['item']['id']}", 204)
    told = (await admin.get("/api/admin/audit", subject_kind="management_key"))["items"]
    assert [(one["action"], one["actor_name"]) for one in told] == [("revoke", "admin"), ("issue", "admin")]
    assert issued["key"] not in str(told)


async def test_a_read_only_admin_sees_management_keys_and_changes_none(site: Site):
    admin, watcher = await _admin(site), await site.user(Role.ADMIN_READONLY)
    issued = await admin.post("/api/admin/management-keys", name="ci", scopes=["keys:read"])
    assert [one["name"] for one in (await watcher.get("/api/admin/management-keys"))["items"]] == ["ci"]
    await watcher.post("/api/admin/management-keys", 403, name="mine", scopes=["*"])
    await watcher.call("DELETE", f"/api/admin/management-keys/{issued['item']['id']}", 403)

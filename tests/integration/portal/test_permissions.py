"""Every route with every role and with nobody, generated: the table of permissions and nothing else decides."""

import re
from collections.abc import Iterator

import pytest

from litemaas.domain.users.entities import Role
from litemaas.portal.openapi import portal_document
from litemaas.portal.permissions import ANYBODY, Permission, allows
from litemaas.portal.routing import CSRF_HEADER
from support.portal import Browser, Site

_SELF = re.compile(r"/auth/(logout|sessions)$")
_NOWHERE = "00000000-0000-0000-0000-000000000000"


def _routes() -> Iterator[tuple[str, str, Permission]]:
    for path, operations in portal_document()["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, Permission(operation["x-permission"])


ROUTES = list(_routes())


async def _call(browser: Browser, method: str, path: str) -> int:
    """Call a route about something that is not there, so that a caller who is let in changes nothing."""
    path = re.sub(r"\{[^}]*\}", _NOWHERE, path)
    return (await browser.send(method, path)).status_code


@pytest.mark.parametrize("role", [*Role, ANYBODY], ids=str)
async def test_a_route_lets_in_those_whom_the_table_allows_and_nobody_else(site: Site, role: Role | None):
    browser = site.browser() if role is ANYBODY else await site.user(role)
    await browser.session()
    surprises = []
    for method, path, permission in ROUTES:
        if _SELF.search(path):
            continue  # ends the session that this test runs in
        status = await _call(browser, method, path)
        let_in = status not in {401, 403}
        if let_in != allows(permission, role):
            surprises.append((method, path, permission.value, status))
    assert surprises == []


async def test_those_who_are_not_logged_in_get_401_and_others_403(site: Site):
    nobody, user = site.browser(), await site.user()
    await nobody.get("/api/admin/users", 401)
    await user.get("/api/admin/users", 403)


async def test_a_change_without_a_token_is_refused_on_every_route(site: Site):
    browser = site.browser()
    await browser.log_in()
    browser.csrf_token = None
    unguarded = [
        (method, path) for method, path, _ in ROUTES if method != "GET" and await _call(browser, method, path) != 403
    ]
    assert unguarded == []


async def test_a_header_that_claims_a_role_changes_nothing(site: Site):
    user = await site.user()
    for name in ("x-forwarded-user", "x-forwarded-groups", "authorization", "x-role", "user-agent", "origin"):
        answer = await user.send("GET", "/api/admin/users", headers={name: "admin", CSRF_HEADER: user.csrf_token})
        assert answer.status_code == 403


async def test_a_demotion_holds_at_the_next_request(site: Site):
    admin, watcher = site.browser(), await site.user(Role.ADMIN, user_id="grace")
    await admin.log_in()
    await watcher.get("/api/admin/users")
    await admin.call("PATCH", "/api/admin/users/grace", json={"role": "user"})
    await watcher.get("/api/admin/users", 403)


async def test_admins_cannot_demote_block_or_delete_themselves(site: Site):
    admin = site.browser()
    await admin.log_in()
    await admin.call("PATCH", "/api/admin/users/admin", 400, json={"role": "user"})
    await admin.call("PATCH", "/api/admin/users/admin", 400, json={"blocked": True})
    await admin.call("DELETE", "/api/admin/users/admin", 400)


async def test_answers_are_not_kept_by_anybody_and_never_taken_for_a_page(site: Site):
    user = await site.user(alias="<script>alert(1)</script>")
    answer = await user.send("GET", "/api/me")
    assert "<script>" in answer.json()["name"]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"

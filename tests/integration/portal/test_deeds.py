"""Whatever administrators change in the portal is in the audit log, and can be done without a browser too."""

import re
from typing import Any

from litemaas.gateway.management.scopes import SCOPES
from litemaas.portal.openapi import portal_document
from support.deeds import CANARY, DEEDS, LATER, Deed
from support.portal import Browser, Site

_ADMIN = "/api/admin"
_NAMES = re.compile(r"\{[^}]*\}")


def _shape(path: str) -> str:
    return _NAMES.sub("{}", path)


def test_every_change_that_the_portal_offers_administrators_is_in_the_table():
    offered = {
        (method.upper(), _shape(path.removeprefix(_ADMIN)))
        for path, operations in portal_document()["paths"].items()
        for method in operations
        if path.startswith(_ADMIN) and method != "get"
    }
    assert {(deed.method, _shape(deed.path)) for deed in DEEDS} == offered


def test_every_change_can_be_made_by_the_management_api():
    assert {deed.otherwise for deed in DEEDS} <= SCOPES.keys()


async def test_every_change_is_in_the_audit_log_with_who_what_before_and_after_and_no_secret(site: Site):
    admin, ana = site.browser(), await site.user(user_id="ana", models=[])
    await admin.log_in()
    known = {
        "effective_from": LATER,
        "budget_id": "students",
        "user_id": "ana",
        "team_id": "blue",
        "kind": "login_logo",
        "holder": "team",
        "subject_id": "blue",
    }
    for deed in DEEDS:
        if deed.path.startswith("/access-requests"):
            known["request_id"] = (await ana.post("/api/access-requests", model="m", reason="Why not"))["id"]
        if isinstance(deed.body, dict) and "name" in deed.body and deed.method == "POST":
            known["name"] = deed.body["name"]
        elif deed.path.startswith("/models"):
            known["name"] = "m"
        entries = await _entries(site)
        answer = await _do(admin, deed, known)
        for name, way in deed.learn.items():
            known[name] = _follow(answer, way)
        fresh = [entry for one, entry in (await _entries(site)).items() if one not in entries]
        _check(deed, fresh)


async def _do(admin: Browser, deed: Deed, known: dict[str, str]) -> Any:
    path = _ADMIN + deed.path.format(**known)
    body = {"content": deed.body} if isinstance(deed.body, bytes) else {"json": _filled(deed.body, known)}
    answer = await admin.send(deed.method, path, **(body if deed.body is not None else {}))
    assert answer.is_success or deed.path == "/models/discover", f"{deed.method} {deed.path}: {answer.text}"
    return answer.json() if answer.content else None


def _filled(body: Any, known: dict[str, str]) -> Any:
    if isinstance(body, list):
        return [_filled(one, known) for one in body]
    if isinstance(body, dict):
        return {name: _filled(value, known) for name, value in body.items()}
    return body.format(**known) if isinstance(body, str) else body


def _follow(answer: Any, way: tuple[str | int, ...]) -> str:
    for step in way:
        answer = answer[step]
    return str(answer)


async def _entries(site: Site) -> dict[str, dict[str, Any]]:
    rows = await site.platform.pool.fetch("SELECT * FROM audit_log WHERE action <> 'log_in' ORDER BY at")
    return {str(row["id"]): dict(row) for row in rows if row["subject_kind"] != "access_request" or row["before"]}


def _check(deed: Deed, fresh: list[dict[str, Any]]) -> None:
    what = f"{deed.method} {deed.path} {deed.body!r}"
    found = [entry for entry in fresh if f"{entry['subject_kind']} {entry['action']}" == deed.trace]
    assert bool(found) == (deed.trace is not None), f"{what}: {fresh}"
    assert CANARY not in str(fresh), what
    for entry in found:
        assert (entry["actor"], bool(entry["address"]), bool(entry["subject_id"])) == ("admin", True, True), what
        sides = " ".join(side for side in ("before", "after") if entry[side])
        assert sides == deed.names, f"{what}: {entry}"

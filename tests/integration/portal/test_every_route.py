"""Every route of the whole application, generated: none answers anybody whom it was not made for."""

import re
from collections.abc import Iterator

import pytest
from starlette.routing import Route

from litemaas.domain.users.entities import Role
from litemaas.gateway.app import ROUTERS as MANAGEMENT
from litemaas.gateway.fast_lane.probes import LIVENESS, READINESS
from litemaas.portal.app import ROUTERS as PORTAL
from support.portal import MASTER_KEY, Site, inference_of

PUBLIC = {"/", "/openapi.json", "/ui", "/ui/{path:path}", *LIVENESS, *READINESS}
"""What anybody may ask outside `/api`: probes, the description of the interface, and the UI's files."""
OPEN_TO_KEYS = {"/key/info", "/models", "/models/{model_id:path}", "/v1/models", "/v1/models/{model_id:path}"}
"""What the holder of a virtual key may ask besides calling models: what they may call, and how their key stands."""
_REFUSED = {401, 403}


def _routes(site: Site) -> Iterator[tuple[str, str]]:
    """Method and path of each route outside the portal, whose own routes have a test of their own."""
    plain = [route for route in site.app.routes if isinstance(route, Route)]
    assert len(site.app.routes) == len(plain) + len(MANAGEMENT) + len(PORTAL), "a router that this test does not know"
    for route in [*plain, *(route for router in MANAGEMENT for route in router.routes)]:
        assert isinstance(route, Route), f"{route} is no route that this test knows how to call"
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route.path


async def _answers(site: Site, routes: list[tuple[str, str]], headers: dict[str, str]) -> dict[tuple[str, str], int]:
    browser = site.browser()
    return {
        (method, path): (await browser.send(method, re.sub(r"\{[^}]*\}", "nothing", path), headers=headers)).status_code
        for method, path in routes
    }


async def test_without_a_key_only_what_is_public_answers(site: Site):
    answers = await _answers(site, list(_routes(site)), {})
    assert {path for (_, path), status in answers.items() if status != 401} == PUBLIC


async def test_a_session_is_no_key(site: Site):
    admin = await site.user(Role.ADMIN)
    routes = [(method, path) for method, path in _routes(site) if path not in PUBLIC]
    cookie = await _answers(site, routes, {"Cookie": f"litemaas_session={admin.secret}"})
    bearer = await _answers(site, routes, {"Authorization": f"Bearer {admin.secret}"})
    assert set(cookie.values()) | set(bearer.values()) == {401}


async def test_no_key_opens_the_portal(site: Site):
    routes = [(method, f"/api{route.path}") for router in PORTAL for route in router.routes for method in route.methods]
    admin = [(method, path) for method, path in routes if path.startswith("/api/admin/")]
    answers = await _answers(site, admin, {"Authorization": f"Bearer {MASTER_KEY}"})
    assert set(answers.values()) == {401}


@pytest.mark.parametrize("state", ["blocked", "revoked"])
async def test_a_key_that_no_longer_counts_opens_nothing(site: Site, state: str):
    admin = site.browser()
    await admin.log_in()
    issued = await admin.post("/api/admin/keys", alias="old", models=["all-proxy-models"])
    path = f"/api/admin/keys/{issued['item']['id']}"
    await (admin.post(f"{path}/block") if state == "blocked" else admin.call("DELETE", path, 204))
    routes = [(method, path) for method, path in _routes(site) if path not in PUBLIC]
    answers = await _answers(site, routes, {"Authorization": f"Bearer {issued['key']}"})
    assert set(answers.values()) == {401}


async def test_a_virtual_key_opens_models_and_itself_and_nothing_of_the_management_api(site: Site):
    admin = site.browser()
    await admin.log_in()
    issued = await admin.post("/api/admin/keys", alias="key", models=["all-proxy-models"])
    models = {(method, route.path) for route in inference_of(site.platform) for method in route.methods or ()}
    others = [route for route in _routes(site) if route not in models]
    answers = await _answers(site, others, {"Authorization": f"Bearer {issued['key']}"})
    assert {path for (_, path), status in answers.items() if status not in _REFUSED} - PUBLIC == OPEN_TO_KEYS

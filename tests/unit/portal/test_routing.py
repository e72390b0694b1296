import pytest

from litemaas.portal.permissions import RULES, Permission, permissions_page
from litemaas.portal.routing import UnguardedRouteError, needs, portal_router


def test_a_route_without_a_permission_cannot_be_created():
    router = portal_router("test")
    with pytest.raises(UnguardedRouteError, match="/open declares no permission"):

        @router.get("/open")
        async def handler() -> None: ...


def test_a_route_with_a_permission_can():
    router = portal_router("test")

    @router.get("/guarded", openapi_extra=needs(Permission.OWN_READ))
    async def handler() -> None: ...

    assert len(router.routes) == 1


def test_a_permission_that_is_not_in_the_table_cannot_be_declared():
    router = portal_router("test")
    with pytest.raises(ValueError, match="root:all"):

        @router.get("/odd", openapi_extra={"x-permission": "root:all"})
        async def handler() -> None: ...


def test_every_permission_has_a_rule_and_a_line_on_the_reference_page():
    page = permissions_page("note")
    assert set(RULES) == set(Permission)
    assert all(f"| `{permission}` |" in page for permission in Permission)

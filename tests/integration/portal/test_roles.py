"""Granting roles in the portal."""

from litemaas.domain.users.entities import Role
from support.portal import Site


async def test_a_role_that_is_refused_leaves_the_rest_as_it_was(site: Site):
    admin = await site.user(Role.ADMIN, "ada", alias="Ada")
    order = {"name": "Countess", "role": "user"}
    error = await admin.call("PATCH", "/api/admin/users/ada", 400, json=order)
    assert error["error"]["param"] == "role"
    assert (await admin.get("/api/admin/users/ada"))["name"] == "Ada"


async def test_a_new_user_has_the_role_that_was_granted(site: Site):
    admin = await site.user(Role.ADMIN)
    user = await admin.post("/api/admin/users", id="ben", role="admin-readonly")
    assert user["role"] == "admin-readonly"
    assert await site.platform.pool.fetchval("SELECT granted FROM role_sources WHERE user_id = 'ben'") == user["role"]

from litemaas.domain.users.entities import Role
from support.portal import running_site
from support.valkey import running_valkey


async def test_an_admin_sees_whether_redis_answers(database_url, tmp_path):
    async with running_valkey() as valkey, running_site(database_url, tmp_path, REDIS_URL=valkey.url) as site:
        admin = await site.user(Role.ADMIN)
        assert (await admin.get("/api/admin/health"))["redis"]["status"] == "ok"
        await valkey.kill()
        health = await admin.get("/api/admin/health")
        assert (health["status"], health["redis"]["status"]) == ("degraded", "degraded")


async def test_an_instance_without_redis_misses_none(database_url, tmp_path):
    async with running_site(database_url, tmp_path) as site:
        admin = await site.user(Role.ADMIN)
        health = await admin.get("/api/admin/health")
        assert (health["status"], health["redis"]["status"]) == ("ok", "absent")

"""A lab's instance as its pod runs it: the program with the variables of its manifests, behind one router."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from support.gateway import ServerProcess, server_process
from support.openshift_oauth import OpenShiftCluster, running_openshift

HOST = "litellm-admin-user1.apps.cluster.test"
CALLBACK = f"https://{HOST}/api/auth/callback"
LAB = {
    "LITEMAAS_PUBLIC_URL": f"https://{HOST}",
    "LITEMAAS_LAB_USER": "user1",
    "LITEMAAS_ADMIN_GROUPS": "cluster-admins",
    "LITEMAAS_FORWARDED_HOPS": "1",
}
BROWSER, FORGED = "203.0.113.7", "198.51.100.1"


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[OpenShiftCluster]:
    async with running_openshift(tmp_path, [CALLBACK]) as running:
        running.groups = {"user1": [], "user2": [], "root": ["cluster-admins"]}
        yield running


@pytest.fixture
async def instance(database_url: str, tmp_path: Path, cluster: OpenShiftCluster) -> AsyncIterator[ServerProcess]:
    async with server_process(database_url, tmp_path / "data", **LAB, **cluster.settings()) as running:
        yield running


async def _log_in(instance: ServerProcess, cluster: OpenShiftCluster, name: str) -> tuple[str, str | None]:
    """Log in through a router that ends TLS and appends the browser's address; answers the way back and the role."""
    headers = {"Host": HOST, "X-Forwarded-For": f"{FORGED}, {BROWSER}"}
    cookies: dict[str, str] = {}
    async with httpx.AsyncClient(base_url=instance.url, headers=headers, timeout=60) as browser:

        async def get(path: str) -> httpx.Response:
            # Cookies are for https, which ends at the router: they are carried by hand.
            carried = {"Cookie": "; ".join(f"{key}={value}" for key, value in cookies.items())} if cookies else {}
            answer = await browser.get(path, headers=carried)
            for line in answer.headers.get_list("set-cookie"):
                key, _, value = line.partition(";")[0].partition("=")
                cookies[key] = value
            return answer

        start = await get("/api/auth/login/openshift")
        back = await cluster.log_in(start.headers["location"], name)
        entered = await get(back.removeprefix(f"https://{HOST}"))
        user = (await get("/api/session")).json()["user"]
        return entered.headers["location"], user and user["role"]


async def test_only_the_labs_user_and_the_clusters_admins_enter(instance: ServerProcess, cluster: OpenShiftCluster):
    assert await _log_in(instance, cluster, "user1") == ("/ui/", "admin")
    assert await _log_in(instance, cluster, "user2") == ("/ui/login?error=refused", None)
    assert await _log_in(instance, cluster, "root") == ("/ui/", "admin")


async def test_the_audit_log_names_the_browsers_address_and_no_forged_one(
    instance: ServerProcess, cluster: OpenShiftCluster
):
    await _log_in(instance, cluster, "user1")
    addresses = await instance.rows.connection.fetch("SELECT address FROM audit_log WHERE action = 'log_in'")
    assert {row["address"] for row in addresses} == {BROWSER}

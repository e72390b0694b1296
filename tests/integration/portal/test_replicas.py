"""Several replicas, one site: whichever answers."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx

from support.openshift_oauth import OpenShiftCluster, running_openshift
from support.portal import variables

PUBLIC_URL = "http://admin.test"
PROGRAM = Path(__file__).parents[2] / "support" / "portal_process.py"


@asynccontextmanager
async def _replica(environment: dict[str, str]) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        PROGRAM,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        port = (await process.stdout.readline()).decode().strip()
        assert port, "the replica did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def _two_replicas(database_url: str, folder: Path, cluster: OpenShiftCluster) -> AsyncIterator[list[str]]:
    settings = {"LITEMAAS_PUBLIC_URL": PUBLIC_URL, **cluster.settings()}
    async with AsyncExitStack() as stack:
        replicas = [_replica(variables(database_url, folder / name, **settings)) for name in "ab"]
        yield [await stack.enter_async_context(one) for one in replicas]


class _RoutedBrowser:
    """A browser before a router that sends each request to the replica that the test names."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._cookies: dict[str, str] = {}

    async def send(self, replica: str, method: str, path: str, **options: dict) -> httpx.Response:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Host": "admin.test", "Cookie": cookies} | options.pop("headers", {})
        answer = await self._client.request(method, f"{replica}{path}", headers=headers, **options)
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        self._client.cookies.clear()
        return answer


async def test_a_login_that_begins_on_one_replica_ends_on_another_and_holds_on_both(database_url, tmp_path):
    async with running_openshift(tmp_path, [f"{PUBLIC_URL}/api/auth/callback"]) as cluster:
        cluster.groups = {"alice": []}
        async with _two_replicas(database_url, tmp_path, cluster) as (one, other), httpx.AsyncClient() as client:
            browser = _RoutedBrowser(client)
            start = await browser.send(one, "GET", "/api/auth/login/openshift")
            back = await cluster.log_in(start.headers["location"], "alice")
            path = back.removeprefix(PUBLIC_URL)
            landed = await browser.send(other, "GET", path)
            assert landed.headers["location"] == "/ui/"
            replayed = await browser.send(one, "GET", path)
            assert replayed.headers["location"] == "/ui/login?error=state"
            session = (await browser.send(one, "GET", "/api/session")).json()
            assert session["user"]["id"] == "alice"
            token = {"X-CSRF-Token": session["csrf_token"]}
            issued = await browser.send(other, "POST", "/api/keys", json={"alias": "laptop"}, headers=token)
            assert issued.status_code == 200, issued.text
            listed = (await browser.send(one, "GET", "/api/keys")).json()
            assert [key["alias"] for key in listed["items"]] == ["laptop"]
            await browser.send(one, "POST", "/api/auth/logout", headers=token)
            assert (await browser.send(other, "GET", "/api/me")).status_code == 401

"""Several replicas, one site: whichever answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from support.gateway import server_process
from support.openshift_oauth import OpenShiftCluster, running_openshift
from support.wire import PATIENCE

PUBLIC_URL = "http://admin.test"


@asynccontextmanager
async def _two_replicas(database_url: str, folder: Path, cluster: OpenShiftCluster) -> AsyncIterator[list[str]]:
    settings = {"LITEMAAS_PUBLIC_URL": PUBLIC_URL, **cluster.settings()}
    async with (
        server_process(database_url, folder / "a", **settings) as one,
        server_process(database_url, folder / "b", **settings) as other,
    ):
        yield [one.url, other.url]


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
        async with (
            _two_replicas(database_url, tmp_path, cluster) as (one, other),
            httpx.AsyncClient(timeout=PATIENCE) as client,
        ):
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

"""Logging in by an emulation of OpenShift: two hosts, a private authority, no ID token, groups on the User."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.openshift_oauth import OpenShiftCluster, running_openshift
from support.portal import Browser, Site, running_site

PUBLIC = {"LITEMAAS_PUBLIC_URL": "http://admin.test"}
CALLBACK = "http://admin.test/api/auth/callback"
ADMINS = {"LITEMAAS_ADMIN_GROUPS": "cluster-admins,system:cluster-admins"}


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[OpenShiftCluster]:
    async with running_openshift(tmp_path, [CALLBACK]) as running:
        yield running


async def _log_in(browser: Browser, cluster: OpenShiftCluster, name: str) -> str:
    start = await browser.send("GET", "/api/auth/login/openshift")
    back = await cluster.log_in(start.headers["location"], name)
    return (await browser.send("GET", back)).headers["location"]


async def _role(site: Site, cluster: OpenShiftCluster, name: str) -> str | None:
    browser = site.browser()
    await _log_in(browser, cluster, name)
    user = (await browser.session())["user"]
    return user and user["role"]


async def test_people_get_the_roles_of_their_groups(database_url, tmp_path, cluster: OpenShiftCluster):
    cluster.groups = {"alice": ["developers"], "root": ["cluster-admins"], "kube:admin": []}
    async with running_site(database_url, tmp_path, **PUBLIC, **ADMINS, **cluster.settings()) as site:
        assert await _role(site, cluster, "alice") == "user"
        assert await _role(site, cluster, "root") == "admin"
        assert await _role(site, cluster, "kube:admin") == "admin"
        cluster.groups["root"] = []
        assert await _role(site, cluster, "root") == "user"


async def test_a_name_of_the_cluster_becomes_the_id_of_the_user(database_url, tmp_path, cluster: OpenShiftCluster):
    cluster.groups = {"alice": [], "bob": []}
    async with running_site(database_url, tmp_path, **PUBLIC, **cluster.settings()) as site:
        browser, taken = site.browser(), site.browser()
        await _log_in(browser, cluster, "alice")
        assert (await browser.session())["user"]["id"] == "alice"
        await site.user(user_id="bob")
        await _log_in(taken, cluster, "bob")
        assert (await taken.session())["user"]["id"] != "bob"


async def test_only_the_labs_user_and_admins_enter_a_lab(database_url, tmp_path, cluster: OpenShiftCluster):
    cluster.groups = {"user1": [], "user2": [], "user10": [], "root": ["cluster-admins"]}
    lab = {"LITEMAAS_LAB_USER": "user1"}
    async with running_site(database_url, tmp_path, **PUBLIC, **ADMINS, **lab, **cluster.settings()) as site:
        own = site.browser()
        assert await _log_in(own, cluster, "user1") == "/ui/"
        user = (await own.session())["user"]
        assert (user["role"], user["is_lab_admin"]) == ("admin", True)
        for stranger in ("user2", "user10"):
            browser = site.browser()
            assert await _log_in(browser, cluster, stranger) == "/ui/login?error=refused"
            assert (await browser.session())["user"] is None
        assert await _role(site, cluster, "root") == "admin"


async def test_a_server_under_another_authority_is_not_believed(database_url, tmp_path, cluster: OpenShiftCluster):
    cluster.groups = {"alice": []}
    settings = {**PUBLIC, **cluster.settings(), "LITEMAAS_CA_BUNDLE": ""}
    async with running_site(database_url, tmp_path, **settings) as site:
        answer = await site.browser().send("GET", "/api/auth/login/openshift")
        assert answer.headers["location"] == "/ui/login?error=provider"


async def test_several_ways_to_log_in_stand_side_by_side(database_url, tmp_path, cluster: OpenShiftCluster):
    settings = {
        **PUBLIC,
        **cluster.settings(),
        "LITEMAAS_OAUTH_PROVIDER": "openshift,google",
        "LITEMAAS_GOOGLE_CLIENT_ID": "id",
        "LITEMAAS_GOOGLE_CLIENT_SECRET": "secret",
        "LITEMAAS_GOOGLE_ALLOWED": "example.com",
    }
    async with running_site(database_url, tmp_path, **settings) as site:
        session = await site.browser().session()
        assert [one["id"] for one in session["providers"]] == ["openshift", "google"]
        assert session["password_login"]

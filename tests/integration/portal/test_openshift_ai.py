"""Models that OpenShift AI serves: found through the API server, asked for their names, and added."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.kubernetes import TOKEN, Cluster, forget_authority, running_cluster
from support.portal import Browser, Site, running_site
from support.upstream import Call, http, running_upstream

FIND = "/api/admin/openshift-ai"
PROTECTED = {"security.opendatahub.io/enable-auth": "true"}
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[Cluster]:
    async with running_cluster(tmp_path) as running:
        yield running


@pytest.fixture
async def site(database_url: str, tmp_path: Path, cluster: Cluster) -> AsyncIterator[Site]:
    async with running_site(database_url, tmp_path, **cluster.settings) as opened:
        yield opened


@pytest.fixture
async def admin(site: Site) -> Browser:
    browser = site.browser()
    await browser.log_in()
    return browser


async def _list_granite(call: Call) -> None:
    await call.send(http(b'{"data": [{"id": "granite-8b"}, {"id": "granite-lora"}]}'))


async def test_models_of_namespaces_that_opted_in_are_found_with_the_names_that_they_answer_to(
    admin: Browser, cluster: Cluster
):
    async with running_upstream(_list_granite) as server:
        for name in ("lab", "other", "empty"):
            cluster.add_namespace(name, opted_in=name != "other")
        cluster.serve("lab", "granite", server.url.removesuffix("/v1"))
        cluster.serve("lab", "loading", NOWHERE, ready=False)
        cluster.serve("other", "hidden", NOWHERE)
        found = await admin.get(FIND)
        assert found["enabled"]
        told = [(one["id"], one["ready"], one["models"], one["complaint"]) for one in found["items"]]
        assert told == [
            ("lab.granite", True, ["granite-8b", "granite-lora"], None),
            ("lab.loading", False, ["loading"], None),
        ]


async def test_a_found_model_is_added_once_under_the_id_that_the_collection_gives_it(admin: Browser, cluster: Cluster):
    cluster.add_namespace("lab")
    cluster.serve("lab", "granite", NOWHERE)
    (service,) = (await admin.get(FIND))["items"]
    assert not service["added"]
    order = {"id": service["id"], "public_name": "granite", "provider": "openai", "litellm_model": "granite"}
    added = await admin.post("/api/admin/models", **order, api_base=service["api_base"])
    assert [one["id"] for one in added["deployments"]] == ["lab.granite"]
    assert (await admin.get(FIND))["items"][0]["added"]
    await admin.post("/api/admin/models", 400, **order, api_base=service["api_base"])


async def test_a_server_that_does_not_answer_or_wants_a_token_is_told_by_its_declared_name(
    admin: Browser, cluster: Cluster
):
    cluster.add_namespace("lab")
    cluster.serve("lab", "away", NOWHERE)
    cluster.serve("lab", "guarded", NOWHERE, **PROTECTED)
    away, guarded = (await admin.get(FIND))["items"]
    assert (away["models"], bool(away["complaint"])) == (["away"], True)
    assert (guarded["models"], guarded["protected"], guarded["complaint"]) == (["guarded"], True, None)


async def test_a_namespace_that_may_not_be_seen_is_named_and_the_others_are_found(admin: Browser, cluster: Cluster):
    for name in ("lab", "secret"):
        cluster.add_namespace(name)
    cluster.serve("lab", "granite", NOWHERE)
    cluster.forbidden.add("/apis/serving.kserve.io/v1beta1/namespaces/secret/inferenceservices")
    found = await admin.get(FIND)
    assert ([one["name"] for one in found["items"]], found["refused"]) == (["granite"], ["secret"])


async def test_a_cluster_that_refuses_says_what_is_missing(admin: Browser, cluster: Cluster):
    cluster.forbidden.add("/api/v1/namespaces")
    answer = await admin.send("GET", FIND)
    assert answer.status_code == 503
    assert "may not list namespaces" in answer.text
    assert TOKEN not in answer.text


async def test_an_api_server_with_a_certificate_of_another_authority_is_not_believed(
    admin: Browser, cluster: Cluster, tmp_path: Path
):
    cluster.add_namespace("lab")
    forget_authority(tmp_path)
    answer = await admin.send("GET", FIND)
    assert answer.status_code == 503
    assert re.search("certificate", answer.text, re.IGNORECASE)


async def test_without_a_service_account_it_is_said(admin: Browser, tmp_path: Path):
    (tmp_path / "account" / "token").unlink()
    assert "no service account" in (await admin.send("GET", FIND)).text


async def test_where_it_is_not_switched_on_nothing_is_asked(database_url: str, tmp_path: Path, cluster: Cluster):
    settings = {**cluster.settings, "LITEMAAS_OPENSHIFT_AI_SELECTOR": ""}
    async with running_site(database_url, tmp_path / "off", **settings) as site:
        admin = site.browser()
        await admin.log_in()
        assert await admin.get(FIND) == {"enabled": False, "items": [], "refused": []}
        headers = {"Authorization": "Bearer sk-master-of-these-tests"}
        answer = await site.browser().send("GET", "/model/discover/openshift_ai", headers=headers)
        assert answer.status_code == 404
        assert "LITEMAAS_OPENSHIFT_AI_SELECTOR" in answer.text


async def test_outside_of_a_cluster_it_is_said(database_url: str, tmp_path: Path, cluster: Cluster):
    settings = {**cluster.settings, "KUBERNETES_SERVICE_HOST": ""}
    async with running_site(database_url, tmp_path / "outside", **settings) as site:
        admin = site.browser()
        await admin.log_in()
        assert "does not run in a cluster" in (await admin.send("GET", FIND)).text


async def test_the_management_api_tells_the_same_to_those_who_may_add_models(
    site: Site, admin: Browser, cluster: Cluster
):
    cluster.add_namespace("lab")
    cluster.serve("lab", "granite", NOWHERE)
    program = site.browser()
    for scopes, status in ((["models:write"], 200), (["models:read"], 403)):
        name = scopes[0]
        issued = await admin.post("/api/admin/management-keys", name=name, scopes=scopes)
        headers = {"Authorization": f"Bearer {issued['key']}"}
        answer = await program.send("GET", "/model/discover/openshift_ai", headers=headers)
        assert answer.status_code == status
        if status == 200:
            (service,) = answer.json()["inference_services"]
            assert (service["model_id"], service["models"]) == ("lab.granite", ["granite"])

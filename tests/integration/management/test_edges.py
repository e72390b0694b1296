"""What happens at the edges: broken bodies, simultaneous writes, a database that is away."""

import asyncio

import pytest

from litemaas.domain.audit.search import AuditFilter
from support.management import MASTER_KEY, Api, Platform


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"models": [', "application/json"),
        (b"[]", "application/json"),
        (b'"sk-canary"', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"models=a", "application/x-www-form-urlencoded"),
        (b"[" * 100_000, "application/json"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(api: Api, content, content_type):
    headers = {"x-api-key": MASTER_KEY, "content-type": content_type}
    answer = await api.client.post("/key/generate", content=content, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert "canary" not in answer.text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/key/generate", {"key": ["sk-canary"]}),
        ("/key/generate", {"key": "canary"}),
        ("/model/new", {"model_name": "m", "litellm_params": {"model": "openai/m", "api_key": ["canary"]}}),
        ("/model/new", {"model_name": "m", "litellm_params": {"model": "openai/m", "api_key": "canary\n"}}),
        ("/user/new", {"password": "canary"}),
    ],
)
async def test_a_refusal_never_repeats_a_secret(api: Api, path, body, caplog):
    error = await api.error("POST", path, 400, json=body)
    assert "canary" not in str(error)
    assert "canary" not in caplog.text


@pytest.mark.parametrize("escape", [rb"a\u0000b", rb"\ud800"])
async def test_text_that_the_database_cannot_hold_is_refused(api: Api, escape):
    headers = {"x-api-key": MASTER_KEY, "content-type": "application/json"}
    for body in (b'{"metadata": {"note": "%b"}}', b'{"key_alias": "%b"}'):
        answer = await api.client.post("/key/generate", content=body % escape, headers=headers)
        assert answer.status_code == 400, answer.text


async def test_of_two_keys_with_one_alias_at_once_one_is_issued(api: Api):
    headers = {"x-api-key": MASTER_KEY}
    body = {"key_alias": "app", "user_id": "new-user"}
    answers = await asyncio.gather(*(api.client.post("/key/generate", json=body, headers=headers) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert await api.get("/key/aliases") == {"aliases": ["app"]}


async def test_changes_at_once_to_one_key_all_arrive(api: Api):
    key = (await api.post("/key/generate"))["key"]
    limits = {"rpm_limit": 1, "tpm_limit": 2, "max_parallel_requests": 3, "max_budget": 4}
    await asyncio.gather(*(api.post("/key/update", key=key, **{name: value}) for name, value in limits.items()))
    info = (await api.get("/key/info", key=key))["info"]
    assert {name: info[name] for name in limits} == limits


async def test_a_failed_change_leaves_nothing_behind(api: Api, platform: Platform):
    await api.post("/key/generate", key_alias="taken")
    await api.post("/key/generate", key_alias="taken", user_id="never", status=400)
    assert "never" not in platform.snapshot.users
    assert await platform.pool.fetchval("SELECT count(*) FROM audit_log WHERE subject_id = 'never'") == 0


async def test_without_its_database_the_api_says_that_it_will_be_back(api: Api, platform: Platform):
    platform.pool.terminate()
    for method, path in (("GET", "/key/list"), ("POST", "/key/generate")):
        error = await api.error(method, path, 503)
        assert (error["type"], error["code"]) == ("service_unavailable", "unavailable")


async def test_the_changer_is_named_by_the_header(api: Api, platform: Platform):
    headers = {"x-api-key": MASTER_KEY, "litellm-changed-by": "ada@example.com"}
    await api.client.post("/budget/new", json={"budget_id": "b"}, headers=headers)
    found, _ = await platform.audit.page(AuditFilter(), limit=10)
    assert [one.entry.actor for one in found] == ["ada@example.com"]


@pytest.mark.parametrize("address", ["", "a\0b", "\u202e", "not an address"])
async def test_models_are_not_sought_where_there_is_no_address(api: Api, address):
    error = await api.error("GET", "/model/discover", 400, params={"api_base": address})
    assert error["param"] in {"api_base", "litellm_params.api_base"}

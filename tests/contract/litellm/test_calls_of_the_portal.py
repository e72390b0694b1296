"""What the public LiteMaaS portal calls on its gateway, with the header and in the shapes that it reads."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from support.ledger import book
from support.management import MASTER_KEY, Api, Platform


class Portal:
    """Sends the key as the portal does: in `x-litellm-api-key`, without `Bearer`."""

    def __init__(self, api: Api, key: str = MASTER_KEY) -> None:
        self._client = api.client
        self._key = key

    async def call(self, method: str, path: str, *, status: int = 200, **options: Any) -> Any:
        answer = await self._client.request(method, path, headers={"x-litellm-api-key": self._key}, **options)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def portal(api: Api) -> Portal:
    return Portal(api)


MODEL = {
    "model_name": "granite",
    "litellm_params": {
        "model": "openai/granite",
        "api_base": "https://models.example.com/v1",
        "api_key": "sk-upstream",
        "custom_llm_provider": "openai",
        "input_cost_per_token": 0.000001,
        "output_cost_per_token": 0.000002,
        "tpm": 1000,
        "rpm": 10,
    },
    "model_info": {"max_tokens": 8192, "supports_function_calling": True, "supports_vision": False},
}


async def test_model_info_has_the_fields_that_are_read(portal: Portal):
    assert await portal.call("GET", "/model/info") == {"data": []}
    await portal.call("POST", "/model/new", json=MODEL)
    (row,) = (await portal.call("GET", "/model/info"))["data"]
    assert row["model_name"] == "granite"
    parameters = row["litellm_params"]
    assert parameters["input_cost_per_token"] == 0.000001
    assert parameters["output_cost_per_token"] == 0.000002
    assert parameters["api_base"] == "https://models.example.com/v1"
    assert parameters["custom_llm_provider"] == "openai"
    assert parameters["model"] == "openai/granite"
    assert "api_key" not in parameters
    about = row["model_info"]
    assert isinstance(about["id"], str)
    assert (about["db_model"], about["direct_access"], about["max_tokens"]) == (True, True, 8192)
    assert (about["access_groups"], about["access_via_team_ids"]) == ([], [])
    assert about["supports_function_calling"] is True
    assert about["supports_vision"] is False


async def test_a_model_is_added_changed_and_deleted(portal: Portal):
    row = await portal.call("POST", "/model/new", json=MODEL)
    assert row["model_id"] == row["model_info"]["id"]
    changes = {"model_name": "granite-3", "litellm_params": {"input_cost_per_token": 0.000005}}
    changed = await portal.call("PATCH", f"/model/{row['model_id']}/update", json=changes)
    assert changed["model_name"] == "granite-3"
    assert changed["litellm_params"]["output_cost_per_token"] == 0.000002
    deleted = await portal.call("POST", "/model/delete", json={"id": row["model_id"]})
    assert deleted["message"] == f"Model: {row['model_id']} deleted successfully"


async def test_liveness_is_an_object_or_a_bare_string(portal: Portal):
    assert await portal.call("GET", "/health/liveness") == "I'm alive!"


async def test_a_key_is_generated_with_all_the_fields_that_are_sent(portal: Portal):
    await portal.call("POST", "/team/new", json={"team_id": "default", "team_alias": "Default"})
    asked = {
        "key_alias": "my app",
        "duration": "30d",
        "models": ["granite"],
        "max_budget": 12.5,
        "soft_budget": 10,
        "user_id": "0191-user",
        "team_id": "default",
        "metadata": {"created_by": "portal"},
        "tpm_limit": 1000,
        "rpm_limit": 60,
        "max_parallel_requests": 4,
        "budget_duration": "1mo",
        "model_max_budget": {"granite": {"budget_limit": 3, "time_period": "1d"}},
        "model_rpm_limit": {"granite": 5},
        "model_tpm_limit": {"granite": 500},
        "permissions": {"allow_chat_completions": True},
        "guardrails": [],
        "blocked": False,
        "tags": ["web"],
        "allowed_routes": [],
    }
    issued = await portal.call("POST", "/key/generate", json=asked)
    assert issued["token"] == sha256(issued["key"].encode()).hexdigest()
    for field in ("key_alias", "models", "max_budget", "soft_budget", "user_id", "team_id", "tpm_limit", "rpm_limit"):
        assert issued[field] == asked[field], field
    for field in ("max_parallel_requests", "budget_duration", "model_rpm_limit", "model_tpm_limit", "blocked", "tags"):
        assert issued[field] == asked[field], field
    assert issued["model_max_budget"]["granite"]["budget_limit"] == 3
    assert datetime.fromisoformat(issued["expires"]) > datetime.now(UTC)


async def test_a_key_is_updated_and_deleted(portal: Portal):
    key = (await portal.call("POST", "/key/generate", json={}))["key"]
    updated = await portal.call("POST", "/key/update", json={"key": key, "max_budget": 4, "models": ["a"]})
    assert (updated["key"], updated["max_budget"], updated["models"]) == (key, 4, ["a"])
    assert await portal.call("POST", "/key/delete", json={"keys": [key]}) == {"deleted_keys": [key]}


async def test_key_info_is_read_by_the_master_key_and_by_the_key_itself(portal: Portal, api: Api):
    key = (await portal.call("POST", "/key/generate", json={"max_budget": 2, "user_id": "ada"}))["key"]
    by_master = await portal.call("GET", "/key/info", params={"key": key})
    by_itself = await Portal(api, key).call("GET", "/key/info")
    assert by_master == by_itself
    assert by_master["key"] == key
    assert (by_master["info"]["spend"], by_master["info"]["max_budget"]) == (0, 2)


async def test_the_key_list_is_hashes(portal: Portal):
    issued = await portal.call("POST", "/key/generate", json={})
    listed = await portal.call("GET", "/key/list")
    assert (listed["keys"], listed["total_count"], listed["total_pages"]) == ([issued["token"]], 1, 1)


async def test_a_user_is_created_updated_and_found_with_teams(portal: Portal):
    await portal.call("POST", "/team/new", json={"team_id": "default"})
    await portal.call("GET", "/user/info", params={"user_id": "ada"}, status=404)
    body = {
        "user_id": "ada",
        "user_email": "ada@example.com",
        "user_alias": "Ada",
        "user_role": "internal_user",
        "max_budget": 100,
        "tpm_limit": 1000,
        "rpm_limit": 60,
        "auto_create_key": False,
        "teams": ["default"],
    }
    await portal.call("POST", "/user/new", json=body)
    updated = await portal.call("POST", "/user/update", json={"user_id": "ada", "max_budget": 50})
    assert updated["data"]["max_budget"] == 50
    info = await portal.call("GET", "/user/info", params={"user_id": "ada"})
    assert info["user_info"]["user_email"] == "ada@example.com"
    assert [team["team_id"] for team in info["teams"]] == ["default"]


async def test_a_team_is_created_and_read(portal: Portal):
    body = {"team_id": "default", "team_alias": "Default", "max_budget": 10, "models": [], "admins": ["ada"]}
    assert (await portal.call("POST", "/team/new", json=body))["team_id"] == "default"
    info = await portal.call("GET", "/team/info", params={"team_id": "default"})
    assert (info["team_id"], info["team_info"]["team_alias"]) == ("default", "Default")


async def test_daily_activity_of_a_key_has_what_is_added_up(portal: Portal, platform: Platform):
    issued = await portal.call("POST", "/key/generate", json={})
    now = datetime.now(UTC)
    await book(platform.pool, now, "0.01", key_id=(await platform.keys.get(issued["key"])).key.id)
    query = {"start_date": f"{now:%Y-%m-%d}", "end_date": f"{now:%Y-%m-%d}", "api_key": issued["token"]}
    answer = await portal.call("GET", "/user/daily/activity", params={**query, "page": 1, "page_size": 1000})
    (day,) = answer["results"]
    assert set(day["metrics"]) >= {"spend", "prompt_tokens", "completion_tokens", "total_tokens", "api_requests"}
    assert day["breakdown"]["models"]["granite"]["metrics"]["spend"] == 0.01
    assert answer["metadata"]["has_more"] is False
    assert (answer["metadata"]["total_spend"], answer["metadata"]["total_tokens"]) == (0.01, 15)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x-litellm-api-key": MASTER_KEY}, 200),
        ({"x-litellm-api-key": f"Bearer {MASTER_KEY}"}, 200),
        ({"Authorization": f"Bearer {MASTER_KEY}"}, 200),
        ({"x-api-key": MASTER_KEY}, 200),
        ({"api-key": MASTER_KEY}, 200),
        ({"Authorization": MASTER_KEY}, 401),
        ({"x-litellm-api-key": "", "x-api-key": MASTER_KEY}, 200),
        ({}, 401),
    ],
)
async def test_the_key_is_found_in_each_of_the_headers(api: Api, headers, status):
    answer = await api.client.get("/model/info", headers=headers)
    assert answer.status_code == status
    if status != 200:
        assert isinstance(answer.json()["error"]["message"], str)

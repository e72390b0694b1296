import json
from decimal import Decimal

import pytest

from support.management import Api, Platform
from support.upstream import Call, http, running_upstream

PARAMETERS = {"model": "openai/granite", "api_base": "https://models.example.com:443/", "api_key": "sk-upstream-canary"}


async def add(api: Api, name: str = "granite", status: int = 200, **parameters) -> dict:
    return await api.post("/model/new", model_name=name, litellm_params={**PARAMETERS, **parameters}, status=status)


async def test_no_models_are_an_empty_list(api: Api):
    assert await api.get("/model/info") == {"data": []}


async def test_a_new_model_is_served_at_once_and_its_credential_is_sealed(api: Api, platform: Platform):
    row = await add(api, input_cost_per_token="0.0000025", output_cost_per_token=1e-05)
    assert row["litellm_params"]["api_base"] == "https://models.example.com/v1"
    target = platform.snapshot.catalog.models["granite"].targets[0]
    assert target.credential == "sk-upstream-canary"
    assert (target.prices[0].input_token, target.prices[0].output_token) == (Decimal("0.0000025"), Decimal("0.00001"))
    info = await api.get("/model/info")
    assert info["data"][0]["model_info"]["id"] == row["model_id"]
    assert info["data"][0]["litellm_params"]["input_cost_per_token"] == 0.0000025
    stored = await platform.pool.fetchval("SELECT string_agg(d::text, '') FROM deployments d")
    logged = await platform.pool.fetchval("SELECT string_agg(a::text, '') FROM audit_log a")
    for place in (str(info), str(row), stored, logged):
        assert "canary" not in place


async def test_a_model_of_the_price_list_gets_its_price_and_an_unknown_one_says_so(api: Api):
    known = await add(api, "gpt", model="openai/gpt-4o-mini")
    assert known["model_info"]["price_source"].startswith("genai-prices ")
    assert known["litellm_params"]["input_cost_per_token"] == 0.00000015
    unknown = await add(api, "own", model="openai/our-own-model")
    assert unknown["model_info"]["price_source"] is None
    assert unknown["litellm_params"]["input_cost_per_token"] == 0


async def test_a_patch_keeps_what_is_absent_and_a_price_change_keeps_the_old_price(api: Api, platform: Platform):
    row = await add(api, input_cost_per_token=1e-6, output_cost_per_token=2e-6, rpm=5)
    patched = await api.patch(
        f"/model/{row['model_id']}/update",
        litellm_params={"input_cost_per_token": 3e-6},
        model_info={"supports_vision": True},
    )
    assert patched["litellm_params"]["input_cost_per_token"] == 3e-6
    assert patched["litellm_params"]["output_cost_per_token"] == 2e-6
    assert patched["litellm_params"]["rpm"] == 5
    assert patched["model_info"]["supports_vision"] is True
    assert len(platform.snapshot.catalog.models["granite"].targets[0].prices) == 2
    assert platform.snapshot.catalog.models["granite"].targets[0].credential == "sk-upstream-canary"


async def test_a_stored_credential_is_not_sent_to_another_address(api: Api):
    row = await add(api)
    path = f"/model/{row['model_id']}/update"
    moved = {"litellm_params": {"api_base": "https://elsewhere.example.com/v1"}}
    assert (await api.error("PATCH", path, 400, json=moved))["param"] == "litellm_params.api_key"
    same = await api.patch(path, litellm_params={"api_base": "https://models.example.com/v1/"})
    assert same["litellm_params"]["api_base"] == "https://models.example.com/v1"
    both = await api.patch(path, litellm_params={"api_base": "https://elsewhere.example.com/v1", "api_key": "sk-new"})
    assert both["litellm_params"]["api_base"] == "https://elsewhere.example.com/v1"


async def test_the_last_deployment_takes_its_public_name_along(api: Api, platform: Platform):
    first, second = await add(api), await add(api)
    assert len(platform.snapshot.catalog.models["granite"].targets) == 2
    message = await api.post("/model/delete", id=first["model_id"])
    assert message == {"message": f"Model: {first['model_id']} deleted successfully"}
    assert "granite" in platform.snapshot.catalog.models
    await api.post("/model/delete", id=second["model_id"])
    assert platform.snapshot.catalog.models == {}
    await api.post("/model/delete", id=second["model_id"], status=404)


async def test_a_renamed_model_keeps_its_grants_and_limits(api: Api, platform: Platform):
    row = await add(api)
    key = await api.post(
        "/key/generate",
        models=["granite"],
        model_rpm_limit={"granite": 2},
        model_max_budget={"granite": {"max_budget": 4}},
    )
    await api.post("/model/update", model_name="granite-3", model_info={"id": row["model_id"]})
    assert list(platform.snapshot.catalog.models) == ["granite-3"]
    info = (await api.get("/key/info", key=key["key"]))["info"]
    assert info["models"] == ["granite-3"]
    assert info["model_rpm_limit"] == {"granite-3": 2}
    assert info["model_max_budget"]["granite-3"]["max_budget"] == 4


async def test_one_of_two_deployments_moves_alone(api: Api, platform: Platform):
    first, _ = await add(api), await add(api)
    await api.patch(f"/model/{first['model_id']}/update", model_name="other")
    assert {name: len(model.targets) for name, model in platform.snapshot.catalog.models.items()} == {
        "granite": 1,
        "other": 1,
    }
    await api.patch(f"/model/{first['model_id']}/update", model_name="granite")
    assert {name: len(model.targets) for name, model in platform.snapshot.catalog.models.items()} == {"granite": 2}


@pytest.mark.parametrize(
    ("field", "parameters"),
    [
        ("litellm_params.model", {"model": "acme/granite"}),
        ("litellm_params.model", {"model": "openai/"}),
        ("litellm_params.api_base", {"api_base": "ftp://models.example.com"}),
        ("litellm_params.api_base", {"api_base": "https://user:password@models.example.com"}),
        ("litellm_params.api_base", {"model": "hosted_vllm/granite", "api_base": None}),
        ("litellm_params.input_cost_per_token", {"input_cost_per_token": -1}),
        ("litellm_params.input_cost_per_token", {"input_cost_per_token": "NaN"}),
        ("litellm_params.aws_secret_access_key", {"aws_secret_access_key": "canary"}),
        ("litellm_params.input_cost_per_pixel", {"input_cost_per_pixel": 0.1}),
        ("litellm_params", {"api_key": "os.environ/LITELLM_MASTER_KEY"}),
        ("litellm_params", {"api_key": "os.environ/NOT_THERE"}),
        ("litellm_params.api_key", {"api_key": "sk-\r\nX-Other: 1"}),
    ],
)
async def test_what_cannot_be_reached_or_charged_is_refused_by_name(api: Api, field, parameters):
    body = {"model_name": "granite", "litellm_params": {**PARAMETERS, **parameters}}
    error = await api.error("POST", "/model/new", 400, json=body)
    assert error["param"] == field
    assert "canary" not in error["message"]
    assert await api.get("/model/info") == {"data": []}


async def test_a_credential_can_come_from_the_environment(api: Api, platform: Platform, monkeypatch):
    monkeypatch.setenv("GRANITE_KEY", "sk-of-the-environment")
    await add(api, api_key="os.environ/GRANITE_KEY")
    assert platform.snapshot.catalog.models["granite"].targets[0].credential == "sk-of-the-environment"


async def test_models_are_listed_by_page_and_by_public_name(api: Api):
    for name in ("b", "a", "a"):
        await add(api, name, input_cost_per_token=1e-6)
    page = await api.get("/v2/model/info", page=2, size=2)
    assert [row["model_name"] for row in page["data"]] == ["b"]
    assert (page["total_count"], page["total_pages"]) == (3, 2)
    groups = (await api.get("/model_group/info"))["data"]
    assert [(row["model_group"], row["deployments"]) for row in groups] == [("a", 2), ("b", 1)]


async def list_and_answer(call: Call):
    listing = call.path == "/v1/models"
    await call.send(http(b'{"data": [{"id": "granite"}]}' if listing else b'{"choices": []}'))


async def refuse(call: Call):
    key = call.headers["authorization"].removeprefix("Bearer ")
    await call.send(http(json.dumps({"error": {"message": f"bad key {key}"}}).encode(), "401 Unauthorized"))


async def test_a_working_model_passes_every_step_and_an_endpoint_tells_its_models(api: Api):
    async with running_upstream(list_and_answer) as upstream:
        verdict = await api.post(
            "/model/test", model_name="m", litellm_params={"model": "openai/granite", "api_base": upstream.url}
        )
        assert verdict["ok"] is True
        assert [(step["name"], step["verdict"]) for step in verdict["steps"]] == [
            ("address", "ok"),
            ("dns", "ok"),
            ("connection", "ok"),
            ("tls", "skipped"),
            ("authorised", "ok"),
            ("listed", "ok"),
            ("call", "ok"),
        ]
        found = await api.post("/model/discover", api_base=upstream.url.removesuffix("/v1") + "/", api_key="sk-up")
        assert found == {"api_base": upstream.url, "models": ["granite"]}
        assert upstream.calls[-1].headers["authorization"] == "Bearer sk-up"


async def test_a_model_of_anthropic_is_tried_in_anthropic_s_way(api: Api):
    async with running_upstream(list_and_answer) as upstream:
        parameters = {"model": "anthropic/granite", "api_base": upstream.url, "api_key": "sk-up"}
        verdict = await api.post("/model/test", model_name="m", litellm_params=parameters)
        assert verdict["ok"] is True
        assert [call.path for call in upstream.calls] == ["/v1/models", "/v1/messages"]
        assert {call.headers["anthropic-version"] for call in upstream.calls} == {"2023-06-01"}
        assert {call.headers["x-api-key"] for call in upstream.calls} == {"sk-up"}


async def test_prices_of_images_audio_and_searches_are_kept_under_litellm_s_names(api: Api):
    prices = {
        "input_cost_per_image": 0.01,
        "output_cost_per_image": 0.04,
        "input_cost_per_second": 0.0001,
        "input_cost_per_character": 0.000015,
        "input_cost_per_query": 0.002,
    }
    row = await add(api, **prices)
    assert {name: row["litellm_params"][name] for name in prices} == prices
    changed = {"model_info": {"id": row["model_id"]}, "litellm_params": {"output_cost_per_image": 0.05}}
    row = await api.post("/model/update", **changed)
    assert row["litellm_params"]["output_cost_per_image"] == 0.05
    assert row["litellm_params"]["input_cost_per_second"] == 0.0001


async def test_whether_a_deployment_serves_responses_is_kept(api: Api):
    asked = {"model_name": "granite", "litellm_params": PARAMETERS, "model_info": {"supports_responses": True}}
    assert (await api.post("/model/new", **asked))["model_info"]["supports_responses"] is True
    await api.error("POST", "/model/new", 400, json=asked | {"model_info": {"supports_responses": "perhaps"}})


async def test_a_refused_credential_and_a_missing_server_are_told_apart(api: Api, platform: Platform):
    async with running_upstream(refuse) as upstream:
        row = await add(api, api_base=upstream.url)
        verdict = await api.post("/model/test", id=row["model_id"])
        assert verdict["ok"] is False
        assert verdict["steps"][-1] == {"name": "authorised", "verdict": "failed", "detail": "Status 401: bad key …"}
        address = upstream.url
    verdict = await api.post("/model/test", model_name="m", litellm_params={"model": "openai/x", "api_base": address})
    assert (verdict["steps"][-1]["name"], verdict["steps"][-1]["verdict"]) == ("connection", "failed")
    error = await api.error("POST", "/model/discover", 502, json={"api_base": address})
    assert error["type"] == "upstream_error"

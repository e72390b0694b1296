import pytest

from support.management import Api


@pytest.fixture
async def models(api: Api) -> None:
    for name in ("granite", "org/mistral"):
        parameters = {"model": f"openai/up-{name}", "api_base": "https://models.example.com", "input_cost_per_token": 0}
        await api.post("/model/new", model_name=name, litellm_params=parameters, model_info={"access_groups": ["lab"]})


async def ids(api: Api, path: str = "/v1/models") -> list[str]:
    return [model["id"] for model in (await api.get(path))["data"]]


async def test_a_key_sees_what_it_may_call_by_public_name(api: Api, models):
    key = (await api.post("/key/generate", models=["openai/up-granite"]))["key"]
    for path in ("/v1/models", "/models"):
        assert await ids(api.holding(key), path) == ["granite"]
    one = await api.holding(key).get("/v1/models/granite")
    assert (one["object"], one["created"], one["owned_by"]) == ("model", 1677610602, "openai")
    await api.holding(key).get("/v1/models/org/mistral", status=404)


async def test_access_groups_patterns_and_empty_lists_count(api: Api, models):
    for grants, seen in ((["lab"], 2), (["openai/*"], 2), (["org/*"], 1), ([], 0), (["all-proxy-models"], 2)):
        key = (await api.post("/key/generate", models=grants))["key"]
        assert len(await ids(api.holding(key))) == seen


async def test_the_master_key_sees_all_and_nobody_nothing(api: Api, models):
    assert await ids(api) == ["granite", "org/mistral"]
    assert (await api.get("/v1/models/org/mistral"))["id"] == "org/mistral"
    await api.holding(None).get("/v1/models", status=401)


async def test_every_answer_is_described(api: Api):
    schema = await api.holding(None).get("/openapi.json")
    assert schema["paths"]["/v1/models"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/ModelList"
    }
    assert "KeyRow" in schema["components"]["schemas"]
    assert "422" not in schema["paths"]["/key/generate"]["post"]["responses"]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/key/generate", 405)])
async def test_unknown_routes_are_refused_in_the_same_shape(api: Api, method, path, status):
    assert (await api.error(method, path, status))["type"] == "invalid_request_error"

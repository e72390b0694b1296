"""How a model's calls are spread, and who stands in for it: what admins can say, and what becomes of it."""

import pytest

from support.management import Api

DEFAULT = {
    "strategy": "simple-shuffle",
    "retries": 2,
    "fallbacks": [],
    "context_window_fallbacks": [],
    "allowed_fails": 3,
    "cooldown_seconds": 5.0,
}


async def add(api: Api, name: str, **about: object) -> str:
    parameters = {"model": f"openai/{name}", "api_base": "http://127.0.0.1:9/v1"}
    return (await api.post("/model/new", model_name=name, litellm_params=parameters, model_info=about))["model_id"]


async def routing(api: Api, name: str) -> dict:
    return next(
        row["model_info"]["routing"] for row in (await api.get("/model/info"))["data"] if row["model_name"] == name
    )


async def change(api: Api, model_id: str, said: dict | None) -> dict:
    return (await api.patch(f"/model/{model_id}/update", model_info={"routing": said}))["model_info"]["routing"]


async def test_a_model_of_which_nothing_was_said_has_the_default(api: Api):
    await add(api, "small")
    assert await routing(api, "small") == DEFAULT


async def test_what_is_said_changes_and_the_rest_stays(api: Api):
    await add(api, "large")
    model_id = await add(api, "small", routing={"fallbacks": ["large"], "retries": 1})
    changed = await change(api, model_id, {"strategy": "least-busy", "context_window_fallbacks": ["large"]})
    said = {"strategy": "least-busy", "context_window_fallbacks": ["large"], "fallbacks": ["large"], "retries": 1}
    assert changed == await routing(api, "small") == DEFAULT | said


async def test_null_returns_a_field_or_all_of_them_to_the_default(api: Api):
    await add(api, "large")
    model_id = await add(api, "small", routing={"fallbacks": ["large"], "retries": 0, "cooldown_seconds": 60})
    assert await change(api, model_id, {"fallbacks": None}) == DEFAULT | {"retries": 0, "cooldown_seconds": 60}
    assert await change(api, model_id, None) == DEFAULT


async def test_all_deployments_of_a_name_share_it(api: Api):
    await add(api, "small", id="one", routing={"strategy": "lowest-cost"})
    await add(api, "small", id="two")
    assert {row["model_info"]["routing"]["strategy"] for row in (await api.get("/model/info"))["data"]} == {
        "lowest-cost"
    }


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"strategy": "guess"}, "model_info.routing.strategy"),
        ({"fallbacks": ["nowhere"]}, "model_info.routing.fallbacks"),
        ({"context_window_fallbacks": ["small"]}, "model_info.routing.context_window_fallbacks"),
        ({"retries": -1}, "model_info.routing.retries"),
        ({"num_retries": 1}, "model_info.routing.num_retries"),
    ],
)
async def test_what_could_not_be_followed_is_refused(api: Api, said, field):
    model_id = await add(api, "small")
    error = await api.error("PATCH", f"/model/{model_id}/update", 400, json={"model_info": {"routing": said}})
    assert error["param"] == field
    assert await routing(api, "small") == DEFAULT


async def test_a_model_goes_on_standing_in_under_its_new_name(api: Api):
    await add(api, "medium")
    large = await add(api, "large")
    await add(api, "small", routing={"fallbacks": ["large", "medium"], "context_window_fallbacks": ["large"]})
    await api.patch(f"/model/{large}/update", model_name="larger")
    kept = await routing(api, "small")
    assert (kept["fallbacks"], kept["context_window_fallbacks"]) == (["larger", "medium"], ["larger"])


async def test_a_model_whose_stand_in_was_deleted_can_be_changed(api: Api):
    large = await add(api, "large")
    model_id = await add(api, "small", routing={"fallbacks": ["large"]})
    await api.post("/model/delete", id=large)
    assert (await change(api, model_id, {"retries": 0}))["fallbacks"] == ["large"]


async def test_the_audit_log_tells_what_it_was_and_what_it_is(api: Api):
    model_id = await add(api, "small")
    await change(api, model_id, {"strategy": "least-busy"})
    entry = (await api.get("/audit", object_id=model_id, action="update"))["audit_logs"][0]
    told = [entry[side]["group"]["routing"]["strategy"] for side in ("before_value", "updated_values")]
    assert told == ["simple-shuffle", "least-busy"]

"""Models that go out of use: what admins can say of them, and who is told."""

import pytest

from support.management import Api


async def add(api: Api, name: str, **about: object) -> str:
    parameters = {"model": f"openai/{name}", "api_base": "http://127.0.0.1:9/v1"}
    return (await api.post("/model/new", model_name=name, litellm_params=parameters, model_info=about))["model_id"]


async def test_a_deprecated_model_tells_so_wherever_models_are_listed(api: Api):
    await add(api, "new")
    await add(api, "old", deprecated_on="2026-12-01", sunset_on="2027-03-01", successor="new")
    told = {"deprecated_on": "2026-12-01", "sunset_on": "2027-03-01", "successor": "new"}
    listed = {row["id"]: row for row in (await api.get("/v1/models"))["data"]}
    detail = {row["model_name"]: row["model_info"] for row in (await api.get("/model/info"))["data"]}
    groups = {row["model_group"]: row for row in (await api.get("/model_group/info"))["data"]}
    for rows in (listed, detail, groups):
        assert {name: rows["old"][name] for name in told} == told
        assert {rows["new"][name] for name in told} == {None}


async def test_what_was_said_is_changed_and_taken_back(api: Api):
    await add(api, "new")
    model_id = await add(api, "old", deprecated_on="2026-12-01", successor="new")
    await api.patch(f"/model/{model_id}/update", model_info={"sunset_on": "2027-01-01"})
    info = (await api.patch(f"/model/{model_id}/update", model_info={"deprecated_on": None}))["model_info"]
    assert (info["deprecated_on"], info["sunset_on"], info["successor"]) == (None, "2027-01-01", "new")


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"deprecated_on": "2026-12-02", "sunset_on": "2026-12-01"}, "sunset_on"),
        ({"successor": "old"}, "successor"),
        ({"successor": "nowhere"}, "successor"),
        ({"deprecated_on": "soon"}, "model_info.deprecated_on"),
    ],
)
async def test_what_nobody_could_follow_is_refused(api: Api, about, field):
    model_id = await add(api, "old")
    error = await api.error("PATCH", f"/model/{model_id}/update", 400, json={"model_info": about})
    assert error["param"] == field


async def test_a_successor_keeps_being_one_under_its_new_name(api: Api):
    successor = await add(api, "new")
    await add(api, "old", successor="new")
    await api.patch(f"/model/{successor}/update", model_name="newer")
    assert {row["successor"] for row in (await api.get("/v1/models"))["data"]} == {None, "newer"}


async def test_a_deployment_that_may_serve_no_call_at_a_time_is_refused(api: Api):
    parameters = {"model": "openai/m", "api_base": "http://127.0.0.1:9/v1", "max_parallel_requests": 0}
    error = await api.error("POST", "/model/new", 400, json={"model_name": "m", "litellm_params": parameters})
    assert error["param"] == "litellm_params.max_parallel_requests"

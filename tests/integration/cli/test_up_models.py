def catalog(running):
    return {row["model_name"]: row for row in running.client.get("/model/info")["data"]}


def test_the_models_of_an_upstream_are_registered_once_with_stated_prices(start_up, upstream):
    first = start_up(upstreams=[upstream]).until_ready()
    models = catalog(first)
    assert models["granite"]["litellm_params"] == {
        "model": "openai/granite",
        "api_base": f"{upstream}/v1",
        "input_cost_per_token": "0.0000001",
        "output_cost_per_token": "0.0000004",
    }
    assert models["nomic-embed-text"]["model_info"]["mode"] == "embedding"
    assert models["nomic-embed-text"]["litellm_params"]["input_cost_per_token"] == "0.00000002"
    assert "$0.10 per million" in first.output
    first.stop()
    assert catalog(start_up(upstreams=[f"{upstream}/v1/"]).until_ready()) == models


def test_prices_that_somebody_changed_are_left_alone(start_up, upstream):
    first = start_up(upstreams=[upstream]).until_ready()
    granite = catalog(first)["granite"]["model_info"]["id"]
    first.client.patch(f"/model/{granite}/update", {"litellm_params": {"input_cost_per_token": "0.5"}})
    first.stop()
    second = start_up(upstreams=[upstream]).until_ready()
    assert catalog(second)["granite"]["litellm_params"]["input_cost_per_token"] == "0.5"


def test_an_upstream_that_does_not_answer_is_told_and_left_out(start_up):
    running = start_up(upstreams=["http://127.0.0.1:1/v1"]).until_ready()
    assert catalog(running) == {}
    assert "127.0.0.1 does not list its models" in running.errors


def test_the_demo_is_served_moved_and_removed(start_up):
    first = start_up(demo=True).until_ready()
    models = catalog(first)
    assert set(models) == {"tiny-chat", "tiny-embed"}
    assert models["tiny-chat"]["model_info"]["max_output_tokens"] == 1024
    assert "Gemma Terms of Use" in first.errors
    first.stop()

    second = start_up(demo=True).until_ready()
    moved = catalog(second)
    assert moved["tiny-chat"]["model_info"]["id"] == models["tiny-chat"]["model_info"]["id"]
    assert moved["tiny-chat"]["litellm_params"]["api_base"] != models["tiny-chat"]["litellm_params"]["api_base"]
    assert "Gemma Terms of Use" not in second.errors
    second.stop()

    assert catalog(start_up(demo=False).until_ready()) == {}


def test_without_the_demo_it_goes_on(start_up):
    running = start_up({"DEMO_STAND_IN": "missing"}, demo=True).until_ready()
    assert catalog(running) == {}
    assert "going on without it" in running.errors

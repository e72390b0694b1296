import json

ROW = {
    "model_name": "granite",
    "litellm_params": {"model": "openai/granite-8b", "api_base": "https://host/v1", "input_cost_per_token": 1e-7},
    "model_info": {"id": "d1", "mode": "chat", "output_cost_per_token": 4e-7},
}


def test_the_list_shows_prices_per_million_tokens(api, run):
    api.answer("GET", "/model/info", {"data": [ROW]})
    cells = next(line for line in run("model", "list").stdout.splitlines() if "granite" in line).split()
    assert cells == ["granite", "chat", "openai/granite-8b", "https://host/v1", "0.1", "0.4", "d1"]
    assert json.loads(run("model", "list", "--json").stdout)[0]["model_info"]["id"] == "d1"


def test_adding_sends_exact_prices_and_a_key_from_a_variable(api, run):
    api.answer("POST", "/model/new", {"model_id": "d2"})
    words = (
        "--api-base",
        "https://host",
        "--upstream-model",
        "ibm/granite",
        "--input-price",
        "0.15",
        "--output-price",
        "3",
    )
    result = run("model", "add", "granite", *words, "--api-key-env", "UPSTREAM_KEY", env={"UPSTREAM_KEY": "secret"})
    assert result.exit_code == 0
    assert "secret" not in result.output
    assert api.requests[0][2] == {
        "model_name": "granite",
        "litellm_params": {
            "model": "openai/ibm/granite",
            "api_base": "https://host",
            "api_key": "secret",
            "input_cost_per_token": "0.00000015",
            "output_cost_per_token": "0.000003",
        },
        "model_info": {"mode": "chat"},
    }


def test_every_unit_has_a_price_and_the_cache_is_switched_on_with_the_model(api, run):
    api.answer("POST", "/model/new", {"model_id": "d3"})
    prices = ("--image-price", "0.04", "--second-price", "0.0001", "--character-price", "15", "--search-price", "0.002")
    result = run("model", "add", "voice", "--mode", "audio_speech", *prices, "--cache-ttl", "600", "--cache-shared")
    assert result.exit_code == 0
    (_, _, sent) = api.requests[0]
    assert sent["litellm_params"] == {
        "model": "openai/voice",
        "output_cost_per_image": "0.04",
        "input_cost_per_second": "0.0001",
        "input_cost_per_character": "0.000015",
        "input_cost_per_query": "0.002",
    }
    assert sent["model_info"] == {"mode": "audio_speech", "cache_ttl": 600, "cache_shared": True}


def test_a_key_is_read_from_standard_input(api, run):
    api.answer("POST", "/model/discover", {"api_base": "https://host/v1", "models": ["granite", "mini"]})
    result = run("model", "discover", "https://host/v1", "--api-key-stdin", input="secret\n")
    assert result.stdout == "granite\nmini\n"
    assert api.requests[0][2] == {"api_base": "https://host/v1", "api_key": "secret"}


def test_models_of_the_cluster_are_shown_with_their_state_and_what_may_not_be_seen(api, run):
    service = {
        "namespace": "lab",
        "name": "granite",
        "models": ["granite-8b"],
        "api_base": "http://granite.lab/v1",
        "ready": True,
        "protected": False,
        "complaint": None,
        "added": False,
    }
    states = ({}, {"added": True}, {"ready": False}, {"protected": True}, {"complaint": "It took too long."})
    found = {"inference_services": [service | state for state in states], "refused": ["secret"]}
    api.answer("GET", "/model/discover/openshift_ai", found)
    result = run("model", "discover", "--openshift-ai")
    shown = [line for line in result.stdout.splitlines() if "granite-8b" in line]
    for line, state in zip(shown, ("ready", "added", "not ready", "wants a token", "took too long"), strict=True):
        assert state in line
    assert "secret has the label" in result.stderr
    assert json.loads(run("model", "discover", "--openshift-ai", "--json").stdout) == found


def test_either_a_url_or_the_cluster_is_asked(run):
    for words in ((), ("https://host", "--openshift-ai")):
        result = run("model", "discover", *words)
        assert result.exit_code == 2
        assert "either a URL or --openshift-ai" in result.stderr


def test_an_empty_variable_is_a_usage_error(api, run):
    result = run("model", "discover", "https://host", "--api-key-env", "UPSTREAM_KEY", env={"UPSTREAM_KEY": ""})
    assert result.exit_code == 2
    assert "UPSTREAM_KEY" in result.stderr


def test_a_failed_test_fails_the_command_and_shows_every_step(api, run):
    api.answer("GET", "/model/info", {"data": [ROW]})
    steps = [
        {"name": "dns", "verdict": "ok", "detail": ""},
        {"name": "tls", "verdict": "failed", "detail": "The certificate has expired."},
        {"name": "call", "verdict": "skipped", "detail": ""},
    ]
    api.answer("POST", "/model/test", {"ok": False, "steps": steps})
    result = run("model", "test", "granite")
    assert result.exit_code == 1
    assert "The certificate has expired." in result.stdout
    assert api.requests[-1][2] == {"id": "d1"}


def test_removing_takes_all_deployments_of_a_name(api, run):
    api.answer("GET", "/model/info", {"data": [ROW, ROW | {"model_info": {"id": "d2"}}]})
    api.answer("POST", "/model/delete", lambda body: {"message": body["id"]})
    assert run("model", "remove", "granite", "--yes").exit_code == 0
    assert [request[2]["id"] for request in api.requests[1:]] == ["d1", "d2"]


def test_removing_takes_one_deployment_by_its_id(api, run):
    api.answer("GET", "/model/info", {"data": [ROW, ROW | {"model_info": {"id": "d2"}}]})
    api.answer("POST", "/model/delete", {})
    assert run("model", "remove", "d2", input="y\n").exit_code == 0
    assert [request[2] for request in api.requests[1:]] == [{"id": "d2"}]


def test_an_unknown_model_fails_with_a_next_step(api, run):
    api.answer("GET", "/model/info", {"data": []})
    result = run("model", "test", "granite")
    assert result.exit_code == 1
    assert "litemaas model list" in result.stderr


def test_a_model_is_deprecated_and_taken_back(api, run):
    api.answer("GET", "/model/info", {"data": [ROW]})
    api.answer("POST", "/model/update", {})
    run("model", "deprecate", "granite", "--from", "2027-01-01", "--successor", "granite-4")
    said = {"deprecated_on": "2027-01-01", "sunset_on": None, "successor": "granite-4"}
    deployment = ROW["model_info"]["id"]
    assert api.requests[-1][2] == {"model_info": {"id": deployment} | said}
    assert run("model", "deprecate", "granite").stdout == "granite stays in use.\n"
    assert api.requests[-1][2] == {"model_info": {"id": deployment} | dict.fromkeys(said)}
    assert run("model", "deprecate", "granite", "--until", "soon").exit_code == 2

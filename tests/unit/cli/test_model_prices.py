ROW = {
    "model_name": "granite",
    "effective_from": "2026-12-01T00:00:00Z",
    "input_cost_per_token": 1.5e-07,
    "output_cost_per_token": 3e-06,
    "cache_read_input_token_cost": None,
    "input_cost_per_request": 0.0,
    "output_cost_per_image": None,
    "input_cost_per_image": 0.01,
    "input_cost_per_second": 0.0,
    "input_cost_per_character": 0.0,
    "input_cost_per_query": 0.0,
}


def test_a_price_is_set_from_a_day_on(api, run):
    api.answer("POST", "/model/prices", {"coming": []})
    result = run("price", "set", "granite", "--input-price", "0.15", "--image-price", "0.04", "--from", "2026-12-01")
    assert (result.exit_code, result.stdout) == (0, "granite costs that from 2026-12-01 on.\n")
    assert api.requests[0][2] == {
        "model_name": "granite",
        "input_cost_per_token": "0.00000015",
        "output_cost_per_image": "0.04",
        "effective_from": "2026-12-01T00:00:00+00:00",
    }


def test_a_price_that_says_nothing_is_not_sent(api, run):
    assert run("price", "set", "granite").exit_code == 2
    assert api.requests == []


def test_coming_prices_are_listed_as_their_options_say_them(api, run):
    api.answer("GET", "/model/prices/coming", {"data": [ROW]})
    assert "input 0.15, output 3, input_image 0.01" in run("price", "list").stdout


def test_a_coming_price_is_taken_back(api, run):
    api.answer("POST", "/model/prices/cancel", {"coming": []})
    assert run("price", "cancel", "granite", "--from", "2026-12-01").stdout == "Taken back.\n"
    assert api.requests[0][2] == {"model_name": "granite", "effective_from": "2026-12-01T00:00:00+00:00"}

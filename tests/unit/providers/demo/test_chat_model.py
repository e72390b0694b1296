"""What the chat model asks of its engine; that it answers is shown with the real model among the integration tests."""

from litemaas.providers.demo.chat_model import MAX_OUTPUT_TOKENS, Sampling, _request

SAMPLING = Sampling(
    max_tokens=5, temperature=0.0, top_p=1.0, frequency_penalty=0.0, presence_penalty=0.0, seed=None, stop=("x",)
)


def test_a_maximum_beyond_the_models_is_cut_to_it():
    assert _request("Hi", SAMPLING)["max_tokens"] == 5
    assert _request("Hi", SAMPLING._replace(max_tokens=100_000))["max_tokens"] == MAX_OUTPUT_TOKENS


def test_any_integer_is_a_seed_and_never_the_one_that_means_random():
    seeds = [_request("Hi", SAMPLING._replace(seed=seed))["seed"] for seed in (0, 7, -1, 2**32 - 1, 2**63)]

    assert seeds[:2] == [0, 7]
    assert all(0 <= seed < 2**32 - 1 for seed in seeds)


def test_a_seeded_answer_does_not_depend_on_what_was_asked_before():
    assert _request("Hi", SAMPLING._replace(seed=7))["cache_prompt"] is False
    assert "cache_prompt" not in _request("Hi", SAMPLING)


def test_the_clients_stops_come_with_the_models_own():
    assert _request("Hi", SAMPLING)["stop"] == ("<start_of_image>", "x")

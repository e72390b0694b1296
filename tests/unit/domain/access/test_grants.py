import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import served_model
from litemaas.domain.access.grants import ALL_PROXY_MODELS, ALL_TEAM_MODELS, NO_DEFAULT_MODELS, opens

words = st.sampled_from(["gpt-4", "gpt-4o", "llama", "openai/llama", "mistral", "beta", "gpt-*", "*", "openai/*"])
reserved = st.sampled_from([ALL_PROXY_MODELS, ALL_TEAM_MODELS, NO_DEFAULT_MODELS])
grants = st.lists(words | reserved | st.text(max_size=5), max_size=6)
models = st.builds(
    served_model,
    st.sampled_from(["gpt-4", "gpt-4o", "llama", "mistral"]),
    upstream=st.sampled_from(["gpt-4", "llama", "org/mixtral"]),
    access_groups=st.lists(st.sampled_from(["beta", "eu"]), max_size=2),
)


@given(models)
def test_an_empty_list_opens_nothing(model):
    assert not opens([], model)


@given(grants, models, st.data())
def test_removing_a_grant_never_widens_access(given_grants, model, data):
    fewer = data.draw(st.lists(st.sampled_from(given_grants), unique=True)) if given_grants else []

    assert opens(given_grants, model) >= opens(fewer, model)


@given(grants, models)
def test_grants_open_what_one_of_them_opens_in_any_order(given_grants, model):
    assert opens(given_grants, model) == any(opens([grant], model) for grant in given_grants)
    assert opens(given_grants, model) == opens(reversed(given_grants), model)


@given(models)
def test_all_proxy_models_opens_every_model(model):
    assert opens([ALL_PROXY_MODELS], model)


@given(models)
def test_words_for_nothing_of_ones_own_open_nothing(model):
    assert not opens([NO_DEFAULT_MODELS, ALL_TEAM_MODELS], model)


@pytest.mark.parametrize(
    ("grant", "opened"),
    [
        ("small", True),
        ("openai/org/model-7b", True),
        ("beta", True),
        ("sm*", True),
        ("openai/org/*", True),
        ("*", True),
        ("smal", False),
        ("small2", False),
        ("Small", False),
        ("org/model-7b", False),
        ("openai/org", False),
        ("bet*", False),
        ("smal?", False),
        ("", False),
    ],
)
def test_a_grant_names_a_model_by_either_name_its_access_group_or_a_pattern(grant, opened):
    model = served_model("small", upstream="org/model-7b", access_groups=["beta"])

    assert opens([grant], model) is opened

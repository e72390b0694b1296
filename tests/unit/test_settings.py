from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.settings import Secret, Settings, SettingsError, read_settings, variable_of

FIELDS = [
    (group_name, name, hint)
    for group_name, group in get_type_hints(Settings).items()
    for name, hint in get_type_hints(group, include_extras=True).items()
]
VARIABLES = {variable_of(name, hint): hint.__origin__ for _, name, hint in FIELDS}
printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


def value(settings: Settings, variable: str) -> object:
    group, name = next((group, name) for group, name, hint in FIELDS if variable_of(name, hint) == variable)
    return getattr(getattr(settings, group), name)


def test_every_setting_has_a_variable_of_its_own():
    assert len(VARIABLES) == len(FIELDS)


def test_every_setting_is_explained():
    assert all(hint.__metadata__[0].description for _, _, hint in FIELDS)


@pytest.mark.parametrize(
    "variable", ["DATABASE_URL", "DATABASE_DIRECT_URL", "REDIS_URL", "LITELLM_MASTER_KEY", "UI_USERNAME", "UI_PASSWORD"]
)
def test_variables_of_the_deployment_keep_their_names(variable):
    assert value(read_settings({variable: "given"}), variable) == "given"


@pytest.mark.parametrize("variable", sorted(VARIABLES))
def test_an_empty_variable_means_the_default(variable):
    assert read_settings({variable: ""}) == read_settings({})


@given(st.sampled_from(sorted(VARIABLES)), printable)
def test_any_text_is_a_value_of_the_right_type_or_an_error_that_names_the_variable(variable, text):
    try:
        read = value(read_settings({variable: text}), variable)
    except SettingsError as error:
        read = str(error)

    assert isinstance(read, VARIABLES[variable]) or read.startswith(f"{variable} must be ")


@given(st.sampled_from([name for name, kind in VARIABLES.items() if kind is int]), st.integers(0, 10**12))
def test_a_whole_number_is_read_as_it_is_written(variable, number):
    assert value(read_settings({variable: f" {number} "}), variable) == number


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "-1", "1e999"])
@pytest.mark.parametrize("variable", sorted(name for name, kind in VARIABLES.items() if kind is float))
def test_a_time_that_could_not_be_kept_is_refused(variable, text):
    with pytest.raises(SettingsError, match=variable):
        read_settings({variable: text})


@pytest.mark.parametrize("variable", sorted(name for name, kind in VARIABLES.items() if kind is int))
def test_a_negative_count_is_refused(variable):
    with pytest.raises(SettingsError, match=variable):
        read_settings({variable: "-1"})


def test_a_word_is_read_however_it_is_written_and_one_that_is_none_is_refused_with_those_that_are():
    assert read_settings({"LITEMAAS_LOG_LEVEL": "WARNING"}).server.log_level == "warning"
    with pytest.raises(
        SettingsError, match="LITEMAAS_LOG_LEVEL must be one of debug, info, warning, error, not 'loud'"
    ):
        read_settings({"LITEMAAS_LOG_LEVEL": "loud"})


def test_no_secret_is_shown():
    secrets = {variable for variable, kind in VARIABLES.items() if kind is Secret}
    settings = read_settings(dict.fromkeys(secrets, "canary"))

    assert {name for name in VARIABLES if name.endswith(("_KEY", "PASSWORD", "SECRET"))} <= secrets
    assert {"DATABASE_URL", "DATABASE_DIRECT_URL", "REDIS_URL"} <= secrets
    assert "canary" not in repr(settings)
    assert "canary" not in f"{settings}"


def test_listening_goes_around_a_pooler_where_a_direct_url_is_given():
    assert read_settings({"DATABASE_URL": "pooled"}).database.listen_url == "pooled"
    assert read_settings({"DATABASE_URL": "pooled", "DATABASE_DIRECT_URL": "direct"}).database.listen_url == "direct"


def test_settings_come_from_the_process_environment(monkeypatch):
    monkeypatch.setenv("LITEMAAS_LOG_LEVEL", "debug")

    assert read_settings().server.log_level == "debug"

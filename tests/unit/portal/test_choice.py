"""What the settings must say of identity providers, found without importing any."""

import subprocess
import sys

import pytest

from litemaas.portal.identity.choice import chosen_providers, google_allowed
from litemaas.settings import SettingsError, read_settings

GOOGLE = {
    "LITEMAAS_OAUTH_PROVIDER": "google",
    "LITEMAAS_OAUTH_CLIENT_ID": "1.apps.googleusercontent.com",
    "LITEMAAS_OAUTH_CLIENT_SECRET": "secret",
}


def login(**variables: str):
    return read_settings(variables).login


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"LITEMAAS_OAUTH_PROVIDER": "ldap"}, "must name openshift, google or oidc, not 'ldap'"),
        ({"LITEMAAS_OAUTH_PROVIDER": "openshift"}, "client id and secret are not set"),
        (GOOGLE | {"LITEMAAS_OAUTH_PROVIDER": "oidc"}, "LITEMAAS_OAUTH_ISSUER is not set"),
        (GOOGLE, "set LITEMAAS_GOOGLE_ALLOWED to the domains"),
        (GOOGLE | {"LITEMAAS_GOOGLE_ALLOWED": " , "}, "set LITEMAAS_GOOGLE_ALLOWED to the domains"),
    ],
)
def test_a_provider_that_would_not_work_is_told_with_what_to_set(variables, sentence):
    with pytest.raises(SettingsError, match=sentence):
        chosen_providers(login(**variables))


def test_the_first_provider_has_the_common_credentials_and_others_their_own():
    chosen = chosen_providers(
        login(
            **GOOGLE
            | {
                "LITEMAAS_OAUTH_PROVIDER": "google, oidc",
                "LITEMAAS_OAUTH_ISSUER": "https://login.example.com",
                "LITEMAAS_OIDC_CLIENT_ID": "litemaas",
                "LITEMAAS_OIDC_CLIENT_SECRET": "another",
                "LITEMAAS_GOOGLE_ALLOWED": "example.com",
            }
        )
    )
    assert [one.client_id for one in chosen] == ["1.apps.googleusercontent.com", "litemaas"]
    assert "another" not in repr(chosen)


def test_every_google_account_may_log_in_only_where_that_is_said():
    assert google_allowed(login(LITEMAAS_GOOGLE_ALLOWED="any")) is None
    assert google_allowed(login(LITEMAAS_GOOGLE_ALLOWED="Example.com, ada@gmail.com")) == {
        "example.com",
        "ada@gmail.com",
    }
    assert google_allowed(login()) == frozenset()


@pytest.mark.parametrize("role", ["all", "gateway", "backend"])
def test_a_process_of_any_role_notices_it_at_its_start(role):
    command = [sys.executable, "-m", "litemaas.server", "--role", role, "--port", "0"]
    finished = subprocess.run(command, env=GOOGLE, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "set LITEMAAS_GOOGLE_ALLOWED" in finished.stderr

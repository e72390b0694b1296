import pytest

from litemaas.cli.up.credentials import CredentialStore
from litemaas.cli.up.folder import DataFolder


@pytest.fixture
def folder(tmp_path):
    folder = DataFolder(tmp_path)
    yield folder
    folder.close()


def test_they_are_made_once(folder):
    first = CredentialStore(folder).credentials({})
    assert first.master_key.startswith("sk-")
    assert first.admin_username == "admin"
    assert len({*first}) == 5
    assert CredentialStore(folder).credentials({}) == first


def test_a_given_value_wins_without_being_kept(folder):
    made = CredentialStore(folder).credentials({})
    given = CredentialStore(folder).credentials({"LITELLM_MASTER_KEY": "sk-given", "UI_PASSWORD": " "})
    assert given == made._replace(master_key="sk-given")
    assert CredentialStore(folder).credentials({}) == made


def test_a_server_gets_them_as_variables(folder):
    credentials = CredentialStore(folder).credentials({})
    assert credentials.environment() == {
        "LITELLM_MASTER_KEY": credentials.master_key,
        "UI_USERNAME": credentials.admin_username,
        "UI_PASSWORD": credentials.admin_password,
        "LITEMAAS_SALT_KEY": credentials.salt_key,
        "LITEMAAS_SESSION_KEY": credentials.session_key,
    }


def test_a_virtual_key_is_kept_beside_them(folder):
    store = CredentialStore(folder)
    made = store.credentials({})
    assert store.virtual_key is None
    store.keep_virtual_key("sk-virtual")
    assert CredentialStore(folder).virtual_key == "sk-virtual"
    assert CredentialStore(folder).credentials({}) == made


def test_they_show_nothing_when_they_are_printed(folder):
    credentials = CredentialStore(folder).credentials({})
    assert not any(secret in repr(credentials) for secret in (credentials.master_key, credentials.salt_key))

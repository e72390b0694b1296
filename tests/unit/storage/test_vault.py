import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.settings import Secret
from litemaas.storage.vault import Vault, VaultError

VAULT = Vault("salt key of the tests")
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(text)
def test_what_was_sealed_opens_again_for_everybody_with_the_salt_key(secret):
    assert Vault("salt key of the tests").open(VAULT.seal(secret)) == secret


@given(text)
def test_another_salt_key_opens_nothing_and_says_what_to_check(secret):
    with pytest.raises(VaultError, match="LITEMAAS_SALT_KEY"):
        Vault("another").open(VAULT.seal(secret))


@given(text, st.data())
def test_a_changed_secret_does_not_open(secret, data):
    sealed = bytearray(VAULT.seal(secret))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(VaultError):
        VAULT.open(bytes(sealed))


@given(st.binary(max_size=40))
def test_bytes_that_were_never_sealed_do_not_open(sealed):
    with pytest.raises(VaultError):
        VAULT.open(sealed)


def test_the_same_secret_is_sealed_differently_each_time():
    assert VAULT.seal("sk-upstream") != VAULT.seal("sk-upstream")


def test_an_opened_secret_does_not_show_itself():
    opened = VAULT.open(VAULT.seal("sk-upstream"))

    assert isinstance(opened, Secret)
    assert "sk-upstream" not in repr([opened])


def test_the_previous_salt_key_opens_too_but_seals_nothing():
    both = Vault("salt key of tomorrow", "salt key of the tests")
    assert both.open(VAULT.seal("sk-upstream")) == "sk-upstream"
    assert Vault("salt key of tomorrow").open(both.seal("sk-upstream")) == "sk-upstream"

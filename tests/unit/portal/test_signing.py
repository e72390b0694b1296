import pytest

from litemaas.domain.sessions.errors import LoginStateError
from litemaas.portal.signing import STATE_SECONDS, Signer

NOW = 1_000_000.0
SIGNER = Signer("key of the tests")


def _state() -> str:
    return SIGNER.seal(SIGNER.begin_login("oidc", "http://admin.test", "/ui/", NOW), "browser")


def test_a_state_comes_back_as_it_went():
    state = SIGNER.begin_login("oidc", "http://admin.test", "/ui/keys", NOW)
    assert SIGNER.open(SIGNER.seal(state, "browser"), "browser", NOW) == state


def test_any_replica_with_the_key_can_open_it_and_no_other():
    assert Signer("key of the tests").open(_state(), "browser", NOW).provider == "oidc"
    with pytest.raises(LoginStateError):
        Signer("another key").open(_state(), "browser", NOW)


def test_a_state_is_good_for_ten_minutes():
    assert SIGNER.open(_state(), "browser", NOW + STATE_SECONDS - 1)
    with pytest.raises(LoginStateError, match="too long"):
        SIGNER.open(_state(), "browser", NOW + STATE_SECONDS)


def test_a_state_is_good_in_its_own_browser_only():
    with pytest.raises(LoginStateError, match="another browser"):
        SIGNER.open(_state(), "another", NOW)


@pytest.mark.parametrize("text", ["", "a.b.c", "e30.e30.e30", "\ud800"])
def test_what_is_no_state_is_refused(text: str):
    with pytest.raises(LoginStateError):
        SIGNER.open(text, "browser", NOW)


def test_verifier_and_nonce_cannot_be_told_from_the_state():
    state = SIGNER.begin_login("oidc", "http://admin.test", "/ui/", NOW)
    sealed = SIGNER.seal(state, "browser")
    assert SIGNER.code_verifier(state) not in sealed
    assert SIGNER.nonce(state) not in sealed
    assert len(SIGNER.code_verifier(state)) == 43


def test_a_token_belongs_to_one_browser():
    assert SIGNER.is_csrf_token(SIGNER.csrf_token("a"), "a")
    assert not SIGNER.is_csrf_token(SIGNER.csrf_token("a"), "b")
    assert not SIGNER.is_csrf_token("", "a")

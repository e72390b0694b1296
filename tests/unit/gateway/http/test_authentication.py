"""Where the key is looked for, in which order."""

import pytest

from litemaas.gateway.http.authentication import KEY_HEADERS, key_text


@pytest.mark.parametrize("name", KEY_HEADERS)
def test_each_header_may_carry_the_key_behind_bearer(name):
    assert key_text({name: "Bearer sk-1"}) == "sk-1"
    assert key_text({name: "bearer sk-1"}) == "sk-1"


@pytest.mark.parametrize("name", [name for name in KEY_HEADERS if name != "authorization"])
def test_each_header_but_authorization_may_carry_the_bare_key(name):
    assert key_text({name: " sk-1 "}) == "sk-1"


def test_authorization_wants_its_scheme():
    assert key_text({"authorization": "sk-1"}) is None
    assert key_text({"authorization": "Basic c2stMTo="}) is None
    assert key_text({"authorization": "Basic c2stMTo=", "x-api-key": "sk-1"}) == "sk-1"


def test_no_header_is_no_key():
    assert key_text({}) is None


@pytest.mark.parametrize("empty", ["", " ", "Bearer ", "Bearer   "])
def test_an_empty_header_gives_way_to_the_next(empty):
    assert key_text({"x-litellm-api-key": empty, "authorization": empty, "x-api-key": "sk-1"}) == "sk-1"
    assert key_text(dict.fromkeys(KEY_HEADERS, empty)) is None


def test_our_own_header_stands_above_the_usual_one():
    assert key_text({"authorization": "Bearer sk-2", "x-litellm-api-key": "sk-1"}) == "sk-1"

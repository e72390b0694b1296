from hashlib import sha256

import pytest

from litemaas.domain.keys.errors import MalformedKeyError
from litemaas.domain.keys.texts import check_text, hash_of, hint_of, make_text


def test_a_made_text_is_long_unique_and_fit_for_a_header():
    texts = {make_text() for _ in range(100)}
    assert len(texts) == 100
    assert all(check_text(text) == text and len(text) == 35 for text in texts)


@pytest.mark.parametrize("text", ["sk-short", "key-0123456789abcdef", "sk-0123456789 abcdef", "sk-0123456789abcdé", ""])
def test_a_text_that_cannot_be_a_key_is_refused_without_repeating_it(text):
    with pytest.raises(MalformedKeyError) as refused:
        check_text(text)
    assert text not in refused.value.message or not text


def test_a_key_is_named_by_text_or_hash():
    text = make_text()
    assert hash_of(text) == hash_of(hash_of(text)) == sha256(text.encode()).hexdigest()


def test_the_hint_is_the_end_and_a_secret_hides_itself():
    assert hint_of("sk-0123456789abcdef") == "cdef"
    assert "0123" not in repr(check_text("sk-0123456789abcdef"))

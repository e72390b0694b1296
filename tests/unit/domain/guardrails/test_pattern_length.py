import math

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from litemaas.domain.guardrails.pattern_length import lengths_of


@pytest.mark.parametrize(
    ("pattern", "shortest", "longest"),
    [
        ("abc", 3, 3),
        ("", 0, 0),
        ("a|bcd|", 0, 3),
        ("a?b{2,3}c{4}", 6, 8),
        ("(?:ab|c){1,2}", 1, 4),
        ("(?P<name>ab)(?i)c(?i:d)(e)", 5, 5),
        (r"\bfoo\b$|^\Abar\z", 3, 3),
        (r"[^]a][[:alpha:]\]-][a-z]", 3, 3),
        (r"\d\pN\p{Greek}\x41\x{1F600}\101\.", 7, 7),
        (r"\Qa+b\E\+", 4, 4),
        ("a{x}", 4, 4),
        ("(){5}(?:^){2}a", 1, 1),
        ("a{2,}", 2, math.inf),
        ("a*?", 0, math.inf),
        ("(ab)+", 2, math.inf),
        ("(?:){0,9}(?:$)*x", 1, 1),
        ("(a{2}){3}", 6, 6),
    ],
)
def test_lengths_are_told(pattern, shortest, longest):
    re2.compile(pattern)
    assert lengths_of(pattern) == (shortest, longest)


ATOMS = st.sampled_from([("a", 1), (".", 1), ("[a-c]", 1), (r"\d", 1), (r"\b", 0), ("xyz", 3), (r"\x41", 1)])


def repeated(inner):
    def times(drawn):
        (pattern, longest), (least, more) = drawn
        return f"(?:{pattern}){{{least},{least + more}}}", longest * (least + more)

    return st.tuples(inner, st.tuples(st.integers(0, 2), st.integers(0, 3))).map(times)


PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: (two[0][0] + two[1][0], two[0][1] + two[1][1])),
        st.tuples(inner, inner).map(lambda two: (f"(?:{two[0][0]}|{two[1][0]})", max(two[0][1], two[1][1]))),
        repeated(inner),
    ),
    max_leaves=5,
)


@given(PATTERNS, st.text("abcxyz1 A", max_size=60))
def test_no_match_is_longer_than_the_longest(drawn, text):
    pattern, longest = drawn
    assert lengths_of(pattern).longest == longest
    assert all(len(match[0]) <= longest for match in re2.compile(pattern).finditer(text))

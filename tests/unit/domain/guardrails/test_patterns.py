import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from litemaas.domain.guardrails.errors import GuardrailRefusedError
from litemaas.domain.guardrails.masking import TextReader, masked
from litemaas.domain.guardrails.patterns import LONGEST_MATCH, PatternDetector
from support.cutting import cuts, fed

PATTERNS = (
    ["ab{1,3}c", r"\bcat\b"],
    [r"\d{3}-\d{2}", r"(?i)secret[ :]{0,4}\w{1,8}"],
    ["a|ab|abc", "bc"],
    ["(?m)^x.{0,5}$"],
    ["日本|é{2}"],
)


def mask(finding):
    return f"<{finding.kind}>"


@pytest.mark.parametrize("pattern", ["a+", "a*b", "a{3,}", r"\w+@x", "(?:ab|c+)d", f"a{{{LONGEST_MATCH}}}b"])
def test_a_pattern_without_a_bound_is_refused_with_what_to_write(pattern):
    with pytest.raises(GuardrailRefusedError, match=r"streams would be held back without end"):
        PatternDetector("x", [pattern])


@pytest.mark.parametrize("pattern", ["", "a?", "a{0,3}", "x|", r"\b"])
def test_a_pattern_that_is_found_everywhere_is_refused(pattern):
    with pytest.raises(GuardrailRefusedError, match="empty text"):
        PatternDetector("x", [pattern])


@pytest.mark.parametrize("pattern", ["(", "a(?=b)", r"(a)\1", "[", "a" * 3000, "\udc80"])
def test_what_is_no_expression_of_re2_is_refused(pattern):
    with pytest.raises(GuardrailRefusedError):
        PatternDetector("x", [pattern])


def test_a_guardrail_needs_a_pattern():
    with pytest.raises(GuardrailRefusedError, match="Give 1 to 50"):
        PatternDetector("x", [])


@given(st.sampled_from(PATTERNS), st.text("abc cat123-日本é x\nsecret:", max_size=120), cuts())
@example(PATTERNS[0], "abbc cat, cats cat", [1])
def test_a_text_is_masked_the_same_however_it_comes(patterns, text, sizes):
    detector = PatternDetector("x", patterns)
    assert fed(TextReader(detector, mask).feed, text, sizes) == masked(text, detector, mask)


def test_a_stream_lags_behind_by_the_longest_match_and_no_more():
    reader = TextReader(PatternDetector("x", [r"\d{4}"]), mask)
    assert reader.feed("abcdefghij") == "abcdef"[:6]
    assert reader.feed("", final=True) == "ghij"


def test_what_makes_backtracking_engines_hang_is_searched_at_once():
    detector = PatternDetector("x", ["(?:a?){30}a{30}b"])
    text = "a" * 100_000
    assert masked(text, detector, mask) == text

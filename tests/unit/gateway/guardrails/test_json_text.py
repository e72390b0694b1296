import json

from hypothesis import example, given
from hypothesis import strategies as st

from litemaas.domain.guardrails.entities import Action, Side
from litemaas.domain.guardrails.patterns import PatternDetector
from litemaas.domain.guardrails.tally import Tally
from litemaas.gateway.guardrails.json_text import JsonTextReader
from litemaas.gateway.guardrails.readers import Guard, Guards
from support.cutting import cuts, fed

DETECTOR = PatternDetector("x", [r"\d{6,12}", "geheim|sécret"])
TEXT = st.text('geheim sécret 123456"\\\n{}:,é日\U0001f600', max_size=30)
VALUE = st.recursive(
    st.one_of(TEXT, st.integers(0, 10**10), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def reader() -> JsonTextReader:
    guards = Guards([Guard("x", Action.MASK, DETECTOR, quick=True)], Side.OUTPUT, Tally(), "a test")
    return JsonTextReader(guards.reader())


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [one for pair in value.items() for part in pair for one in strings(part)]
    if isinstance(value, list):
        return [one for part in value for one in strings(part)]
    return [value] if isinstance(value, str) else []


@given(VALUE, st.booleans(), st.sampled_from([None, 2]), cuts(20))
@example({"card": 4111111111, "note": 'a "geheim" \U0001f600'}, True, None, [1])
def test_json_stays_json_and_no_string_has_what_is_masked(value, escaped, indent, sizes):
    text = json.dumps(value, ensure_ascii=escaped, indent=indent)
    masked = fed(reader().feed, text, sizes)
    read = json.loads(masked)
    assert type(read) is type(value) or isinstance(value, int | float)
    assert not any("geheim" in one or "sécret" in one for one in strings(read))


@given(st.one_of(VALUE.map(json.dumps), st.text('{}[]:," \\u12d83c\n geheim', max_size=60)), cuts(9))
@example('"\\ud83d\\ude00 \\ud83d x \\uZZZZ \\x', [1])
@example("1234567" * 400, [7])
def test_a_json_text_is_masked_the_same_however_it_comes(text, sizes):
    assert fed(reader().feed, text, sizes) == reader().feed(text, final=True)


def test_an_escape_hides_nothing():
    assert reader().feed('{"a": "g\\u0065heim"}', final=True) == '{"a": "[x]"}'


def test_a_number_that_is_masked_becomes_a_string():
    assert reader().feed('{"a": 1234567, "b": 7}', final=True) == '{"a": "[x]", "b": 7}'

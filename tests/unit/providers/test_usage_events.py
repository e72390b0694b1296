"""The usage of a stream is what its events tell together."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.providers.usage import Usage
from litemaas.providers.usage_events import read_message_event, read_response_event

counts = st.integers(0, 10**6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["usage", "message", "x"]), inner),
    max_leaves=6,
)


def read(reader, *events: dict) -> Usage | None:
    usage = None
    for event in events:
        usage = reader(json.dumps(event).encode(), usage)
    return usage


def started(**usage: int) -> dict:
    return {"type": "message_start", "message": {"id": "m", "usage": usage}}


def delta(**usage: int | None) -> dict:
    return {"type": "message_delta", "delta": {}, "usage": usage}


@given(counts, counts, counts, counts)
def test_a_message_s_input_is_told_first_and_its_output_last(plain, read_cache, written, output):
    begun = started(
        input_tokens=plain, cache_read_input_tokens=read_cache, cache_creation_input_tokens=written, output_tokens=1
    )
    whole = Usage(plain + read_cache + written, output, read_cache, written)
    assert read(read_message_event, begun, delta(output_tokens=output)) == whole
    half = read(read_message_event, begun)
    assert (half.input, half.estimated) == (whole.input, True)


def test_a_later_word_of_the_input_holds():
    last = delta(input_tokens=9, cache_read_input_tokens=None, output_tokens=4)
    usage = read(read_message_event, started(input_tokens=5, cache_read_input_tokens=2, output_tokens=1), last)
    assert usage == Usage(11, 4, 2)


def test_a_response_tells_all_in_its_last_event():
    created = {"type": "response.created", "response": {"id": "r", "usage": None}}
    ended = {"type": "response.completed", "response": {"usage": {"input_tokens": 5, "output_tokens": 4}}}
    assert read(read_response_event, created) is None
    assert read(read_response_event, created, {"type": "response.output_text.delta", "delta": "a"}, ended) == Usage(
        5, 4
    )


@pytest.mark.parametrize("reader", [read_message_event, read_response_event])
@given(event=json_values | st.binary().map(lambda data: data.decode("latin-1")))
def test_other_events_change_nothing_and_break_nothing(reader, event):
    known = Usage(3, 2)
    usage = reader(json.dumps(event).encode(), known)
    assert usage == known or (isinstance(event, dict) and {"usage", "message"} & event.keys())

"""A stream is passed on unchanged, however its bytes are cut, but for the usage that the client did not ask for."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.gateway.calls.streaming import StreamReader
from litemaas.gateway.endpoints.estimates import tokens_of
from litemaas.providers.usage import Usage
from support.upstream import USAGE, chunk, events

TOLD = Usage(11, 7)


def feed(data: bytes, cuts: list[int], *, hides_usage: bool) -> tuple[StreamReader, bytes]:
    reader = StreamReader(hides_usage=hides_usage)
    borders = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(borders)]
    return reader, b"".join(map(reader.feed, pieces)) + reader.flush()


contents = st.lists(
    st.sampled_from(["Hello", "", "\n\n", '"usage"', '"usage":null', "data: ", "\r\n\r\n", "ü"]) | st.text(max_size=9),
    max_size=6,
)
cuts = st.lists(st.integers(0, 2000), max_size=12)
ends = st.sampled_from([b"\n\n", b"\r\n\r\n"])


@given(contents, cuts, ends, st.booleans())
def test_what_is_passed_on_does_not_depend_on_where_the_bytes_are_cut(contents, cuts, end, hides_usage):
    told = [chunk(content, usage=None) for content in contents]
    data = events(*told, chunk(usage=USAGE), end=end)
    reader, passed_on = feed(data, cuts, hides_usage=hides_usage)
    assert reader.usage == TOLD
    assert passed_on == (events(*told, end=end) if hides_usage else data)
    assert reader.tokens >= len(contents)


@given(cuts, st.booleans())
def test_a_stream_may_end_its_lines_in_both_ways(cuts, hides_usage):
    usage = events(chunk(usage=USAGE))
    before, after = b": ping\r\n\r\n" + events(chunk("Hello", usage=None), end=b"\n\r\n") + b"\n", b"data: [DONE]\n\n"
    reader, passed_on = feed(before + usage.removesuffix(after) + after, cuts, hides_usage=hides_usage)
    assert reader.usage == TOLD
    assert passed_on == (before + after if hides_usage else before + usage.removesuffix(after) + after)


@given(st.binary(max_size=300), cuts)
def test_bytes_that_are_no_events_are_passed_on_too(data, cuts):
    _, passed_on = feed(data, cuts, hides_usage=True)
    assert passed_on == data


def test_a_whole_event_is_passed_on_at_once():
    reader = StreamReader(hides_usage=True)
    whole = b"data: " + json.dumps(chunk("Hello")).encode() + b"\n\n"
    assert reader.feed(whole[:20]) == b""
    assert reader.feed(whole[20:] + b"data: {") == whole
    assert reader.flush() == b"data: {"


def test_usage_in_a_chunk_with_choices_is_read_and_passed_on():
    data = events(chunk("Hello"), chunk("", usage=USAGE))
    reader, passed_on = feed(data, [], hides_usage=True)
    assert (reader.usage, passed_on) == (TOLD, data)


def test_of_several_usages_the_last_counts():
    running = [chunk("a", usage={"prompt_tokens": 11, "completion_tokens": count}) for count in range(1, 8)]
    reader, _ = feed(events(*running), [], hides_usage=False)
    assert reader.usage == TOLD


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": -5}, {"prompt_tokens": "many"}, 7])
def test_usage_that_cannot_be_believed_is_no_usage(usage):
    reader, _ = feed(events(chunk("a"), chunk(usage=usage)), [], hides_usage=False)
    assert reader.usage is None


def test_a_usage_of_zero_is_a_usage():
    reader, _ = feed(events(chunk(usage={"prompt_tokens": 0, "completion_tokens": 0})), [], hides_usage=True)
    assert reader.usage == Usage(0, 0)


def test_usage_in_a_last_event_without_an_end_is_read_and_hidden():
    data = b"data: " + json.dumps(chunk(usage=USAGE)).encode()
    reader, passed_on = feed(data, [5, 30], hides_usage=True)
    assert (reader.usage, passed_on) == (TOLD, b"")


def test_an_endless_event_is_not_kept_for_ever():
    reader = StreamReader(hides_usage=True)
    assert sum(len(reader.feed(b"x" * 1_000_000)) for _ in range(20)) >= 14_000_000


def test_an_event_of_many_pieces_is_joined_once():
    """Pictures come as one event of megabytes; to look through all of it at each packet took forty seconds."""
    reader, piece = StreamReader(hides_usage=False), b"x" * 1000
    assert reader.feed(b"data: ") == b""
    kept = [reader.feed(piece) for _ in range(3000)]
    assert not any(kept)
    assert len(reader.feed(b"\n") + reader.feed(b"\n")) == 3_000_008
    assert reader.tokens == 1


@pytest.mark.parametrize("bulk", [1, 5, 20, 100])
def test_tokens_are_counted_alike_however_many_a_server_puts_into_an_event(bulk):
    reader = StreamReader(hides_usage=False)
    for _ in range(1000 // bulk):
        reader.feed(b"data: %b\n\n" % json.dumps(chunk("four" * bulk, usage=None)).encode())
    assert reader.tokens == 1000


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_no_event_with_more_text_than_a_token_passes_for_one(lengths):
    reader = StreamReader(hides_usage=False)
    for length in lengths:
        reader.feed(b"data: %b\n\n" % json.dumps(chunk("x" * length, usage=None)).encode())
    assert reader.tokens == sum(map(tokens_of, lengths))

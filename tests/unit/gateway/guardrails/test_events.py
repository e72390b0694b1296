"""Streams of all kinds that are known, cut anywhere: what a client puts together is the masked whole."""

import json
from itertools import zip_longest

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.domain.guardrails.entities import Action, Side
from litemaas.domain.guardrails.errors import GuardrailBlockedError, GuardrailFailedError
from litemaas.domain.guardrails.findings import Detector
from litemaas.domain.guardrails.masking import masked
from litemaas.domain.guardrails.patterns import PatternDetector
from litemaas.domain.guardrails.secrets import SecretDetector
from litemaas.domain.guardrails.tally import Tally
from litemaas.gateway.guardrails.events import EventReader
from litemaas.gateway.guardrails.readers import Guard, Guards
from litemaas.gateway.guardrails.values import ValueReader
from support.cutting import cuts

SECRET = "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"
DETECTOR = SecretDetector()
TEXTS = st.lists(st.sampled_from([SECRET, SECRET[:9], " and ", "日本", "g", '"\\\n']), max_size=6).map("".join)


def reading(action: Action = Action.MASK, detector: Detector = DETECTOR) -> EventReader:
    guards = Guards([Guard("x", action, detector, quick=True)], Side.OUTPUT, Tally(), "a test")
    return EventReader(ValueReader(guards, answers=True))


def sse(*events: dict, named: bool = False) -> bytes:
    return b"".join(
        (f"event: {event['type']}\n" if named else "").encode() + f"data: {json.dumps(event)}\n\n".encode()
        for event in events
    )


def parts(text: str, sizes: list[int]) -> list[str]:
    cut, at = [], 0
    while at < len(text):
        cut.append(text[at : at + sizes[len(cut) % len(sizes)]])
        at += len(cut[-1])
    return cut


def passed(stream: bytes, sizes: list[int], reader: EventReader | None = None) -> list[dict]:
    reader = reader or reading()
    told, at = b"", 0
    while at < len(stream):
        size = sizes[at % len(sizes)] * 7
        told += reader.feed(stream[at : at + size])
        at += size
    told += reader.end()
    lines = [line[6:] for line in told.split(b"\n") if line.startswith(b"data: ")]
    return [msgspec.json.decode(line) for line in lines if line != b"[DONE]"]


def whole(text: str) -> str:
    return masked(text, DETECTOR, lambda finding: f"[{finding.kind}]")


@given(TEXTS, TEXTS, cuts(9))
def test_choices_of_a_chat_are_texts_of_their_own(first, second, sizes):
    pairs = zip_longest(parts(first, sizes), parts(second, sizes))
    chunks = [chat(index, {"content": one}) for pair in pairs for index, one in enumerate(pair) if one is not None]
    chunks += [chat(index, {}, finish="stop") for index in (0, 1)]
    told = passed(sse(*chunks) + b"data: [DONE]\n\n", sizes)
    for index, text in ((0, first), (1, second)):
        choices = [one for event in told for one in event["choices"] if one["index"] == index]
        assert "".join(one["delta"].get("content", "") for one in choices) == whole(text)
        assert choices[-1]["finish_reason"] == "stop"


def chat(index: int, delta: dict, finish: str | None = None) -> dict:
    choice = {"index": index, "delta": delta, "finish_reason": finish, "logprobs": {"content": [SECRET]}}
    return {"id": "c", "object": "chat.completion.chunk", "choices": [choice]}


@given(TEXTS, cuts(9))
def test_arguments_of_a_tool_stay_json(text, sizes):
    arguments = json.dumps({"text": text, "n": 1})
    first = {"index": 0, "id": "call", "type": "function", "function": {"name": "f", "arguments": ""}}
    deltas = [{"tool_calls": [first]}] + [
        {"tool_calls": [{"index": 0, "function": {"arguments": one}}]} for one in parts(arguments, sizes)
    ]
    told = passed(sse(*(chat(0, one) for one in deltas), chat(0, {}, finish="tool_calls")), sizes)
    calls = [one for event in told for one in event["choices"][0]["delta"].get("tool_calls", [])]
    assert {one["index"] for one in calls} == {0}
    assert json.loads("".join(one["function"]["arguments"] for one in calls)) == {"text": whole(text), "n": 1}
    assert [one["id"] for one in calls if "id" in one] == ["call"]
    assert SECRET not in json.dumps(told)


def test_what_is_held_back_comes_before_what_follows_it():
    call = {"index": 0, "id": "call", "type": "function", "function": {"name": "weather", "arguments": '{"a":1}'}}
    deltas = [{"reasoning_content": "Let me see"}, {"content": "I will ask"}, {"tool_calls": [call]}]
    chunks = [chat(0, delta) for delta in deltas] + [chat(0, {}, finish="tool_calls")]
    told = passed(sse(*chunks), [50], reading(detector=PatternDetector("x", [r"\d{30}"])))
    said = [
        (name, text)
        for event in told
        for name, text in event["choices"][0]["delta"].items()
        if text and name != "tool_calls"
    ]
    assert said == [("reasoning_content", "Let me see"), ("content", "I will ask")]
    first = next(n for n, event in enumerate(told) if "tool_calls" in event["choices"][0]["delta"])
    assert told[first]["choices"][0]["delta"]["tool_calls"][0]["function"]["name"] == "weather"
    assert "I will ask" in json.dumps(told[:first])


@given(TEXTS, cuts(9))
def test_a_completion_is_masked(text, sizes):
    chunks = [{"choices": [{"index": 0, "text": one, "finish_reason": None}]} for one in parts(text, sizes)]
    chunks.append({"choices": [{"index": 0, "text": "", "finish_reason": "stop"}]})
    told = passed(sse(*chunks), sizes)
    assert "".join(event["choices"][0]["text"] for event in told) == whole(text)


@given(TEXTS, cuts(9))
def test_a_response_says_the_same_in_pieces_and_whole_and_counts_on(text, sizes):
    place = {"item_id": "m", "output_index": 0, "content_index": 0}
    kind = "response.output_text"
    events = [{"type": f"{kind}.delta", "delta": one, "logprobs": [], **place} for one in parts(text, sizes)]
    events.append({"type": f"{kind}.done", "text": text, **place})
    item = {"type": "message", "id": "m", "content": [{"type": "output_text", "text": text}]}
    events.append({"type": "response.completed", "response": {"id": "r", "output": [item]}})
    told = passed(sse(*(event | {"sequence_number": number} for number, event in enumerate(events)), named=True), sizes)
    assert "".join(event["delta"] for event in told if event["type"] == f"{kind}.delta") == whole(text)
    assert told[-2]["text"] == whole(text)
    assert told[-1]["response"]["output"][0]["content"][0]["text"] == whole(text)
    assert [event["sequence_number"] for event in told] == list(range(len(told)))


@given(TEXTS, TEXTS, cuts(9))
def test_blocks_of_a_message_are_masked(text, argument, sizes):
    delta = {"type": "content_block_delta"}
    arguments = json.dumps({"a": argument})
    events = [
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(delta | {"index": 0, "delta": {"type": "text_delta", "text": one}} for one in parts(text, sizes)),
        {"type": "content_block_stop", "index": 0},
        *(
            delta | {"index": 1, "delta": {"type": "input_json_delta", "partial_json": one}}
            for one in parts(arguments, sizes)
        ),
        {"type": "content_block_stop", "index": 1},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 3}},
        {"type": "message_stop"},
    ]
    told = passed(sse(*events, named=True), sizes)
    deltas = [event for event in told if event["type"] == "content_block_delta"]
    assert "".join(one["delta"]["text"] for one in deltas if one["index"] == 0) == whole(text)
    pieces = [one["delta"] for one in deltas if one["index"] == 1]
    assert json.loads("".join(one["partial_json"] for one in pieces)) == {"a": whole(argument)}
    assert {one["type"] for one in pieces} == {"input_json_delta"}
    assert [event["type"] for event in told[-3:]] == ["content_block_stop", "message_delta", "message_stop"]


@given(TEXTS, cuts(9))
def test_a_blocked_stream_says_nothing_of_what_is_blocked(text, sizes):
    chunks = b"".join(sse(chat(0, {"content": one})) for one in parts(f"{text} {SECRET} and more", sizes))
    reader, told = reading(Action.BLOCK), []
    for raw in chunks.split(b"\n\n"):
        try:
            told.append(reader.feed(raw + b"\n\n"))
        except GuardrailBlockedError:
            break
    else:
        pytest.fail("the secret was not found")
    assert f" {SECRET}" not in "".join(
        json.loads(event[6:])["choices"][0]["delta"]["content"] for event in told if event.startswith(b"data")
    )


def test_comments_and_other_events_pass_as_they_are():
    stream = b': ping\n\nevent: ping\ndata: {"type": "ping"}\n\ndata: [1,"x"]\n\ndata: [DONE]\n\n'
    assert reading().feed(stream.replace(b"\n", b"\r\n")) == (
        b': ping\n\nevent: ping\ndata: {"type":"ping"}\n\ndata: [1,"x"]\n\ndata: [DONE]\n\n'
    )


@pytest.mark.parametrize("broken", [b"data: {\n\n", b'data: "\xff"\n\n', b"data: " + b"[" * 20_000 + b"\n\n"])
def test_an_event_that_cannot_be_read_does_not_pass(broken):
    with pytest.raises(GuardrailFailedError):
        reading().feed(broken)


def test_an_event_without_end_is_not_kept_for_ever():
    reader = reading()
    for _ in range(8):
        assert reader.feed(b"x" * 1024 * 1024) == b""
    with pytest.raises(GuardrailFailedError, match="too large"):
        reader.feed(b"x")

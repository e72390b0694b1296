"""Anthropic's events out of a chat's chunks, read by the code with which the official SDK reads them."""

import json

from anthropic.lib.streaming._messages import accumulate_event
from anthropic.types import RawMessageStreamEvent
from hypothesis import given
from pydantic import TypeAdapter

from litemaas.gateway.dialects.messages.events import MessageStream
from litemaas.providers.usage import Usage
from support.chat_streams import chats, cuts, delta, pieces, told

USAGE = Usage(input=20, output=7, cached_input=5, cache_write=3)
_event = TypeAdapter(RawMessageStreamEvent)


def streamed(stream: MessageStream, parts: list[bytes], usage: Usage = USAGE) -> list[dict]:
    return told(stream.begin() + b"".join(map(stream.feed, parts)) + stream.end(usage))


def accumulated(events: list[dict]):
    """The message that the SDK makes of events; they must be Anthropic's to the letter."""
    snapshot = None
    for event in events:
        if event["type"] != "ping":
            snapshot = accumulate_event(event=_event.validate_python(event), current_snapshot=snapshot)
    return snapshot


@given(chats(), cuts)
def test_the_sdk_reads_what_the_model_said_however_it_came(said, at):
    message = accumulated(streamed(MessageStream("msg_1", "m", with_thoughts=True), pieces(said.chunks, at)))
    assert "".join(block.text for block in message.content if block.type == "text") == said.text
    assert "".join(block.thinking for block in message.content if block.type == "thinking") == said.thought
    calls = [(block.id, block.name, block.input) for block in message.content if block.type == "tool_use"]
    assert sorted(calls, key=lambda call: call[0]) == list(said.calls.values())
    assert message.stop_reason == ("tool_use" if said.calls else "end_turn")
    assert message.usage.model_dump(exclude_none=True) == {
        "input_tokens": 12,
        "cache_creation_input_tokens": 3,
        "cache_read_input_tokens": 5,
        "output_tokens": 7,
    }


@given(chats(), cuts)
def test_blocks_follow_one_another_and_each_is_closed(said, at):
    events = streamed(MessageStream("msg_1", "m", with_thoughts=True), pieces(said.chunks, at))
    assert [event["type"] for event in events[:2]] == ["message_start", "ping"]
    assert [event["type"] for event in events[-2:]] == ["message_delta", "message_stop"]
    opened = None
    count = 0
    for event in events[2:-2]:
        if event["type"] == "content_block_start":
            assert opened is None
            assert event["index"] == count
            opened, count = count, count + 1
        elif event["type"] == "content_block_stop":
            assert event["index"] == opened
            opened = None
        else:
            assert (event["type"], event["index"]) == ("content_block_delta", opened)
    assert opened is None


def test_a_server_without_index_and_ids_is_understood():
    chunks = [
        delta(tool_calls=[{"function": {"name": "first", "arguments": '{"a":'}}]),
        delta(tool_calls=[{"function": {"arguments": "1}"}}]),
        delta("stop"),
    ]
    message = accumulated(streamed(MessageStream("msg_1", "m"), pieces(chunks, [])))
    (block,) = message.content
    assert (block.name, block.input, message.stop_reason) == ("first", {"a": 1}, "tool_use")
    assert block.id


def test_text_after_a_call_is_told_after_it():
    call = {"index": 0, "id": "c", "function": {"name": "f", "arguments": "{}"}}
    chunks = [delta(content="a"), delta(tool_calls=[call]), delta(content="b"), delta("tool_calls")]
    message = accumulated(streamed(MessageStream("msg_1", "m"), pieces(chunks, [])))
    assert [block.type for block in message.content] == ["text", "tool_use", "text"]
    assert message.content[2].text == "b"


def test_thoughts_are_left_out_for_who_did_not_ask_for_them():
    chunks = [delta(reasoning="hm"), delta(content="a")]
    message = accumulated(streamed(MessageStream("msg_1", "m"), pieces(chunks, [])))
    assert [block.type for block in message.content] == ["text"]


def test_the_sequence_that_ended_the_answer_is_told_if_it_is_the_client_s():
    chunks = [delta(content="a"), delta("stop")]
    chunks[1]["choices"][0]["stop_reason"] = "END"
    stream = MessageStream("msg_1", "m", stop_sequences=["END"])
    message = accumulated(streamed(stream, pieces(chunks, [])))
    assert (message.stop_reason, message.stop_sequence) == ("stop_sequence", "END")


def test_a_stream_that_breaks_ends_with_an_error_and_nothing_after_it():
    broken = json.dumps({"error": {"message": "it broke", "code": "upstream_failed"}}).encode()
    stream = MessageStream("msg_1", "m")
    events = streamed(stream, [*pieces([delta(content="a")], []), b"data: " + broken + b"\n\n"])
    assert events[-1] == {
        "type": "error",
        "error": {"type": "api_error", "message": "it broke", "code": "upstream_failed"},
    }

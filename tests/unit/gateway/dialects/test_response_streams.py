"""The events of OpenAI's responses out of a chat's chunks, read by the code with which the official SDK reads them."""

import json

import openai
from hypothesis import given
from openai.lib.streaming.responses._responses import ResponseStreamState
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from litemaas.gateway.dialects.responses.events import ResponseStream
from litemaas.gateway.dialects.responses.requests import ResponsesRequest
from litemaas.providers.usage import Usage
from support.chat_streams import chats, cuts, delta, pieces, told

USAGE = Usage(input=20, output=7, cached_input=5, reasoning=2)
_event = TypeAdapter(ResponseStreamEvent)


def streamed(parts: list[bytes], usage: Usage = USAGE) -> list[dict]:
    stream = ResponseStream(ResponsesRequest(model="m", input="Hi"), "resp_1", 1)
    return told(stream.begin() + b"".join(map(stream.feed, parts)) + stream.end(usage))


def accumulated(events: list[dict]):
    """The response that the SDK makes of events; they must be OpenAI's to the letter."""
    state = ResponseStreamState(input_tools=openai.omit, text_format=openai.omit)
    for event in events:
        state.handle_event(_event.validate_python(event))
    return state._completed_response


@given(chats(), cuts)
def test_the_sdk_reads_what_the_model_said_however_it_came(said, at):
    events = streamed(pieces(said.chunks, at))
    response = accumulated(events)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert response.output_text == said.text
    calls = {(item.call_id, item.name, item.arguments) for item in response.output if item.type == "function_call"}
    assert {(call_id, name, repr(json.loads(given))) for call_id, name, given in calls} == {
        (call_id, name, repr(given)) for call_id, name, given in said.calls.values()
    }
    assert (response.status, response.usage.total_tokens) == ("completed", 27)
    assert response.usage.input_tokens_details.cached_tokens == 5


@given(chats(), cuts)
def test_the_pieces_of_an_item_are_the_item(said, at):
    events = streamed(pieces(said.chunks, at))
    done = {event["output_index"]: event["item"] for event in events if event["type"] == "response.output_item.done"}
    assert [done[index] for index in range(len(done))] == events[-1]["response"]["output"]
    for kind, key in (("response.output_text", "text"), ("response.function_call_arguments", "arguments")):
        for event in events:
            if event["type"] == f"{kind}.done":
                parts = [
                    one["delta"]
                    for one in events
                    if one["type"] == f"{kind}.delta" and one["item_id"] == event["item_id"]
                ]
                assert "".join(parts) == event[key]


def test_an_answer_that_was_cut_short_is_incomplete():
    (*_, last) = streamed(pieces([delta(content="a"), delta("length")], []))
    assert last["type"] == "response.incomplete"
    assert last["response"]["incomplete_details"] == {"reason": "max_output_tokens"}


def test_an_answer_without_a_word_is_an_empty_text():
    response = accumulated(streamed(pieces([delta("stop")], [])))
    assert (response.output[0].type, response.output_text) == ("message", "")


def test_a_refusal_is_told_as_one():
    response = accumulated(streamed(pieces([delta(refusal="No"), delta(refusal="."), delta("stop")], [])))
    assert response.output[0].content[0].refusal == "No."


def test_a_stream_that_breaks_ends_with_an_error_and_nothing_after_it():
    broken = json.dumps({"error": {"message": "it broke", "code": "upstream_failed"}}).encode()
    events = streamed([*pieces([delta(content="a")], []), b"data: " + broken + b"\n\n"])
    assert [event["type"] for event in events[-2:]] == ["error", "response.failed"]
    assert (events[-2]["message"], events[-2]["code"]) == ("it broke", "upstream_failed")
    assert events[-1]["response"]["error"]["message"] == "it broke"

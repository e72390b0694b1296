"""Streams of model servers: nothing is added, nothing lost, and nothing depends on how the bytes came."""

from fuzz.cutting import Choices
from litemaas.gateway.calls.streaming import StreamReader
from litemaas.providers.usage_events import read_chat_event, read_message_event, read_response_event

SEEDS = (
    b'data: {"choices":[{"delta":{"content":"a"}}],"usage":null}\n\ndata: {"choices":[],"usage":{}}\n\n\x01\x03\x00',
    b'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\ndata: [DONE]\n\n\x01\x03\x00\x00',
    b'event: message_start\r\ndata: {"message":{"usage":{"input_tokens":9}}}\r\n\r\n\x05\x01\x01',
    b'data: {"type":"response.completed","response":{"usage":{"input_tokens":1,"output_tokens":2}}}\n\n\x05\x09\x02',
)
_KINDS = (read_chat_event, read_message_event, read_response_event)


def check(data: bytes) -> None:
    """Read a stream whole and in pieces."""
    choices = Choices(data)
    hides, kind = bool(choices.number(2)), _KINDS[choices.number(3)]
    pieces = choices.pieces()
    stream = b"".join(pieces)
    whole = StreamReader(hides_usage=hides, read_event=kind)
    told = whole.feed(stream) + whole.flush()
    cut = StreamReader(hides_usage=hides, read_event=kind)
    pieced = b"".join(map(cut.feed, pieces)) + cut.flush()
    if not hides:
        assert told == pieced == stream
    assert (pieced, cut.usage) == (told, whole.usage)

"""What the events of a stream say a call used, for each dialect: chat tells it at once, others in their own places.

A reader takes the JSON of one event and the usage known so far, and returns the usage known now. One that is marked as
estimated is half of the truth: the beginning of the stream told the input, and the end with the output has not come.
"""

from collections.abc import Callable
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from litemaas.providers.usage import Usage, read_usage

EventReader = Callable[[bytes, Usage | None], Usage | None]

_Count = Annotated[int, Meta(ge=0, lt=2**31)] | None


class _ResponseEvent(Struct, gc=False):
    response: Raw = Raw()


class _DeltaUsage(Struct, gc=False):
    input_tokens: _Count = None
    output_tokens: _Count = None
    cache_creation_input_tokens: _Count = None
    cache_read_input_tokens: _Count = None


class _MessageEvent(Struct, gc=False):
    message: Raw = Raw()
    usage: _DeltaUsage | None = None


_response_event = msgspec.json.Decoder(_ResponseEvent).decode
_message_event = msgspec.json.Decoder(_MessageEvent).decode
_UNREADABLE = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


def read_chat_event(event: bytes, _: Usage | None) -> Usage | None:
    """Usage in a chunk of a chat or text completion."""
    return read_usage(event)


def read_response_event(event: bytes, known: Usage | None) -> Usage | None:
    """Usage in an event of OpenAI's responses: in the whole response that the last event carries."""
    try:
        response = _response_event(event).response
    except _UNREADABLE:
        return known
    return read_usage(bytes(response)) or known


def read_message_event(event: bytes, known: Usage | None) -> Usage | None:
    """Usage in an event of Anthropic's messages.

    `message_start` tells the input; `message_delta` the output so far, and nowadays the input once more. Its counts are
    cumulative, so the last one holds.
    """
    try:
        told = _message_event(event)
    except _UNREADABLE:
        return known
    if bytes(told.message):
        begun = read_usage(bytes(told.message))
        return known if begun is None else msgspec.structs.replace(begun, estimated=True)
    if told.usage is None or told.usage.output_tokens is None:
        return known
    known = known or Usage()
    read = _either(told.usage.cache_read_input_tokens, known.cached_input)
    written = _either(told.usage.cache_creation_input_tokens, known.cache_write)
    plain = _either(told.usage.input_tokens, known.input - known.cached_input - known.cache_write)
    return Usage(plain + read + written, told.usage.output_tokens, read, written)


def _either(told: int | None, known: int) -> int:
    return known if told is None else told

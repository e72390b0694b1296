"""Usage of an answer whose upstream did not tell it: marked as estimated wherever it is shown."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from litemaas.domain.admission import Asked
from litemaas.providers.usage import Usage, read_usage

UsageReader = Callable[[Asked, bytes], Usage]

_BYTES_PER_TOKEN = 4
LONGEST_TOKEN_BYTES = 16
"""Nearly all tokens are shorter."""


class _Message(Struct):
    content: Any = None


class _Choice(Struct):
    message: _Message | None = None
    text: str | None = None


class _Answer(Struct):
    choices: list[_Choice] = []


class _Added(Struct):
    delta: Any = None
    text: str | None = None


class _Event(_Added):
    choices: list[_Added] | None = None


_answer = msgspec.json.Decoder(_Answer)
_event = msgspec.json.Decoder(_Event)
_TEXTS = frozenset(
    ("delta", "content", "text", "arguments", "partial_json", "thinking", "reasoning", "reasoning_content", "refusal")
)


def told_or_estimated(asked: Asked, body: bytes) -> Usage:
    """Usage of a whole answer: what it tells, else our estimate."""
    return read_usage(body) or estimate_answer(asked, body)


def told_or_measured(asked: Asked, body: bytes) -> Usage:
    """Usage of a whole answer that is no chat: what it tells, else by its size."""
    size = len(body) if asked.generates else 0
    return read_usage(body) or Usage(estimate_input(asked), -(-size // _BYTES_PER_TOKEN), estimated=True)


def nothing_used(_: Asked, __: bytes) -> Usage:
    """Usage of an answer that no model had to be run for."""
    return Usage()


def estimate_input(asked: Asked) -> int:
    """Input tokens of a request, by the common four bytes a token."""
    return max(1, asked.input_bytes // _BYTES_PER_TOKEN)


def estimate_answer(asked: Asked, body: bytes) -> Usage:
    """Usage of a whole answer that tells none."""
    size = 0
    if asked.generates:
        try:
            for choice in _answer.decode(body).choices:
                content = choice.text if choice.message is None else choice.message.content
                size += len(str(content or "").encode())
        except msgspec.DecodeError:
            size = len(body)
    return Usage(estimate_input(asked), -(-size // _BYTES_PER_TOKEN), estimated=True)


def estimate_stream(asked: Asked, tokens: int) -> Usage:
    """Usage of a stream that told none, or was cut short, by the `tokens` that were counted in its events."""
    return Usage(estimate_input(asked), tokens if asked.generates else 0, estimated=True)


def added_text(content: bytes) -> int:
    """Bytes of text that an event of a stream adds to the answer, in any dialect; 0 if it is none that we know.

    Events that repeat what others have told, as OpenAI's responses do, add nothing: new is only what stands in a
    `delta`, or in the `text` of a choice.
    """
    try:
        event = _event.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0
    added = _text_size(event.delta, "delta")
    for choice in event.choices or ():
        added += _text_size(choice.delta, "delta") + len((choice.text or "").encode())
    return added


def tokens_of(text: int) -> int:
    """Tokens of so many bytes in one event: servers that send one at a time seldom send a longer one."""
    return 1 if text <= LONGEST_TOKEN_BYTES else -(-text // _BYTES_PER_TOKEN)


def _text_size(value: object, name: str) -> int:
    """Bytes of what a model wrote in a part of an event; not its pictures, signatures and names of things."""
    if isinstance(value, str):
        return len(value.encode()) if name in _TEXTS else 0
    if isinstance(value, list):
        return sum(_text_size(one, name) for one in value)
    if isinstance(value, dict):
        return sum(_text_size(one, key) for key, one in value.items())
    return 0

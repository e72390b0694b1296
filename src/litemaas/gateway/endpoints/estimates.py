"""Usage of an answer whose upstream did not tell it: marked as estimated wherever it is shown."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from litemaas.domain.admission import Asked
from litemaas.providers.usage import Usage, read_usage

UsageReader = Callable[[Asked, bytes], Usage]

_BYTES_PER_TOKEN = 4


class _Message(Struct):
    content: Any = None


class _Choice(Struct):
    message: _Message | None = None
    text: str | None = None


class _Answer(Struct):
    choices: list[_Choice] = []


_answer = msgspec.json.Decoder(_Answer)


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


def estimate_stream(asked: Asked, events: int) -> Usage:
    """Usage of a stream that told none, or was cut short: servers send a token or more with each event."""
    return Usage(estimate_input(asked), events if asked.generates else 0, estimated=True)

"""How OpenAI's API words an answer: a chat and a text completion differ only in this."""

import time
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import uuid4

from litemaas.providers.demo import CHAT_MODEL
from litemaas.providers.demo.chat_model import Ending


class Shape(Protocol):
    """One endpoint's wording. A finish reason of None means that more is to come."""

    whole_object: str
    chunk_object: str
    id_prefix: str

    def opening(self, index: int) -> dict[str, Any] | None:
        """Return what a stream says before a choice's text, if anything."""

    def part(self, index: int, text: str, reason: str | None) -> dict[str, Any]:
        """Return a choice in a stream's chunk."""

    def whole(self, index: int, text: str, reason: str | None) -> dict[str, Any]:
        """Return a choice in an answer that is not streamed."""


class ChatShape:
    """`/v1/chat/completions`."""

    whole_object = "chat.completion"
    chunk_object = "chat.completion.chunk"
    id_prefix = "chatcmpl-"

    def opening(self, index: int) -> dict[str, Any] | None:
        """Return the chunk that names the speaker."""
        return self._choice(index, "delta", {"role": "assistant", "content": ""}, None)

    def part(self, index: int, text: str, reason: str | None) -> dict[str, Any]:
        """Return some text as a delta."""
        return self._choice(index, "delta", {"content": text} if text else {}, reason)

    def whole(self, index: int, text: str, reason: str | None) -> dict[str, Any]:
        """Return the text as a message."""
        return self._choice(index, "message", {"role": "assistant", "content": text, "refusal": None}, reason)

    @staticmethod
    def _choice(index: int, name: str, message: dict[str, Any], reason: str | None) -> dict[str, Any]:
        return {"index": index, name: message, "logprobs": None, "finish_reason": reason}


class TextShape:
    """`/v1/completions`."""

    whole_object = chunk_object = "text_completion"
    id_prefix = "cmpl-"

    def opening(self, index: int) -> dict[str, Any] | None:  # noqa: ARG002 - the protocol's signature
        """Return nothing: the first chunk carries text."""
        return None

    def part(self, index: int, text: str, reason: str | None) -> dict[str, Any]:
        """Return some text."""
        return {"index": index, "text": text, "logprobs": None, "finish_reason": reason}

    whole = part


class Envelope:
    """What all chunks of an answer share."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._id = f"{shape.id_prefix}{uuid4().hex}"
        self._created = int(time.time())

    def whole(self, choices: Sequence[dict[str, Any]], usage: dict[str, Any]) -> dict[str, Any]:
        """Return an answer that is not streamed."""
        return self._wrap(self._shape.whole_object, choices) | {"usage": usage}

    def chunk(self, choices: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return one chunk of a stream."""
        return self._wrap(self._shape.chunk_object, choices)

    def _wrap(self, kind: str, choices: Sequence[dict[str, Any]]) -> dict[str, Any]:
        return {"id": self._id, "object": kind, "created": self._created, "model": CHAT_MODEL, "choices": choices}


def usage(endings: Sequence[Ending], choices_per_prompt: int) -> dict[str, Any]:
    """Return the tokens of all choices; a prompt counts once, however many choices continue it, as at OpenAI."""
    read = endings[::choices_per_prompt]
    prompt_tokens = sum(ending.prompt_tokens for ending in read)
    completion_tokens = sum(ending.completion_tokens for ending in endings)
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        "prompt_tokens_details": {"cached_tokens": sum(ending.cached_tokens for ending in read)},
    }

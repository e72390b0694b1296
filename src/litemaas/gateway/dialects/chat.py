"""What model servers answer to a chat, whole or in chunks, as far as other dialects can tell it."""

from typing import Any

import msgspec
from msgspec import Struct


class FunctionCall(Struct, gc=False):
    """A function that the model wants called; of a chunk, the part that has come.

    Attributes:
        arguments: JSON as text; some servers give the object itself.
    """

    name: str | None = None
    arguments: str | dict[str, Any] | None = None

    @property
    def given(self) -> str:
        """The arguments as text."""
        told = self.arguments
        return _encode(told).decode() if isinstance(told, dict) else told or ""


class ToolCall(Struct, gc=False):
    """A call of a tool; chunks tell by `index`, or by `id` alone, which one they go on with."""

    index: int | None = None
    id: str | None = None
    function: FunctionCall | None = None


class Delta(Struct, gc=False):
    """What the model said: all of it, or what a chunk adds.

    Attributes:
        content: Text, or parts of it, as Mistral's reasoning models have it.
        reasoning_content: What it thought; vLLM's newer name for it is `reasoning`.
    """

    content: str | list[Any] | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[ToolCall] | None = None

    @property
    def thought(self) -> str:
        """What the model thought, under either name."""
        return self.reasoning_content or self.reasoning or ""

    @property
    def text(self) -> str:
        """What the model said."""
        told = self.content
        if not isinstance(told, list):
            return told or ""
        texts = (part.get("text") for part in told if isinstance(part, dict) and part.get("type") == "text")
        return "".join(text for text in texts if isinstance(text, str))


class Choice(Struct, gc=False):
    """An answer, or a chunk's part of it.

    Attributes:
        stop_reason: Of vLLM: the stop sequence that ended the answer.
    """

    index: int = 0
    message: Delta | None = None
    delta: Delta | None = None
    finish_reason: str | None = None
    stop_reason: Any = None


class ChatAnswer(Struct, gc=False):
    """A chat completion, or a chunk of one; `error` is what a stream ends with when something went wrong."""

    choices: list[Choice] | None = None
    error: Any = None


_decode = msgspec.json.Decoder(ChatAnswer).decode
_encode = msgspec.json.Encoder().encode


def read_answer(body: bytes) -> ChatAnswer | None:
    """Read an answer or a chunk; None: it is none."""
    try:
        return _decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def first_choice(answer: ChatAnswer) -> Choice | None:
    """The choice that counts: other dialects have one answer."""
    return next((choice for choice in answer.choices or () if choice.index == 0), None)


class ToolCalls:
    """Tells which tool call a part belongs to, for servers with and without an index."""

    def __init__(self) -> None:
        self._keys: dict[str, int] = {}
        self._last = -1

    def place(self, call: ToolCall) -> int:
        """A number for the call that `call` is a part of: the same for all its parts."""
        if call.index is not None:
            self._last = call.index
        elif call.id:
            self._last = self._keys.setdefault(call.id, max((self._last, *self._keys.values())) + 1)
        else:
            self._last = max(self._last, 0)
        return self._last

"""Streams, from a chat's chunks to Anthropic's events.

Anthropic's content blocks follow one another; a chat's chunks may go back to an earlier tool call at any time. So the
first tool call is passed on as it comes and stays open to the end, and what comes besides it is kept until then. Text
and thoughts before it are passed on as they come.
"""

from collections.abc import Collection
from typing import Any

from litemaas.gateway.dialects.chat import Choice, Delta, ToolCall, ToolCalls, first_choice, read_answer
from litemaas.gateway.dialects.messages.answers import empty_message, stop_reason, told_usage, tool_use_id
from litemaas.gateway.dialects.messages.errors import error_event
from litemaas.gateway.dialects.sse import EventSplitter, event
from litemaas.providers.usage import Usage

_TEXT = {"type": "text", "text": ""}
_THINKING = {"type": "thinking", "thinking": "", "signature": ""}


class _Call:
    """A tool call, as far as it has come; `pieces` of its arguments wait until it is the open block."""

    def __init__(self) -> None:
        self.id: str | None = None
        self.name: str | None = None
        self.pieces: list[str] = []


class MessageStream:
    """Translates one stream.

    Args:
        message_id: The message's.
        model: As the client named it.
        stop_sequences: Those of the request.
        with_thoughts: The client can take what the model thought.
    """

    def __init__(
        self, message_id: str, model: str, *, stop_sequences: Collection[str] = (), with_thoughts: bool = False
    ) -> None:
        self._message_id = message_id
        self._model = model
        self._stop_sequences = stop_sequences
        self._with_thoughts = with_thoughts
        self._splitter = EventSplitter()
        self._places = ToolCalls()
        self._calls: dict[int, _Call] = {}
        self._open: str | int | None = None  # the kind of the open block, or the place of its tool call
        self._index = -1
        self._kept = ""  # text that came beside an open tool call
        self._last = Choice()
        self._failed = False

    def begin(self) -> bytes:
        """What a stream begins with; how much input was used is told at its end."""
        start = {"type": "message_start", "message": empty_message(self._message_id, self._model)}
        return event("message_start", start) + event("ping", {"type": "ping"})

    def feed(self, data: bytes) -> bytes:
        """Take a piece of the chat's stream; returns what the client gets for it."""
        return b"".join(map(self._read, self._splitter.feed(data)))

    def end(self, usage: Usage) -> bytes:
        """What a stream ends with; nothing if it has ended in an error."""
        rest = self.feed(b"\n")
        if self._failed:
            return rest
        rest += self._catch_up() + self._close()
        reason, sequence = stop_reason(self._last, self._stop_sequences, called=bool(self._calls))
        delta = {"stop_reason": reason, "stop_sequence": sequence}
        rest += event("message_delta", {"type": "message_delta", "delta": delta, "usage": told_usage(usage)})
        return rest + event("message_stop", {"type": "message_stop"})

    def _read(self, data: bytes) -> bytes:
        if self._failed:
            return b""
        chunk = read_answer(data)
        if chunk is None:
            return b""  # the [DONE] at the end, or what no client could read either
        if chunk.error is not None:
            self._failed = True
            return error_event(chunk.error)
        choice = first_choice(chunk)
        if choice is None:
            return b""
        if choice.finish_reason is not None:
            self._last = choice
        return b"" if choice.delta is None else self._say(choice.delta)

    def _say(self, delta: Delta) -> bytes:
        told = b""
        if self._with_thoughts and delta.thought:
            told += self._write("thinking", _THINKING, {"type": "thinking_delta", "thinking": delta.thought})
        if text := delta.text or delta.refusal:
            if isinstance(self._open, int):
                self._kept += text
            else:
                told += self._write("text", _TEXT, {"type": "text_delta", "text": text})
        return told + b"".join(map(self._call, delta.tool_calls or ()))

    def _write(self, kind: str, block: dict[str, str], delta: dict[str, str]) -> bytes:
        """Go on with the open block of this kind, or begin one; beside an open tool call, thoughts are let go."""
        if isinstance(self._open, int):
            return b""
        return (b"" if self._open == kind else self._begin(kind, block)) + self._delta(delta)

    def _call(self, part: ToolCall) -> bytes:
        place = self._places.place(part)
        call = self._calls.setdefault(place, _Call())
        call.id = call.id or part.id
        if part.function is not None:
            call.name = call.name or part.function.name
            call.pieces.append(part.function.given)
        if self._open == place:
            return self._arguments(call)
        if isinstance(self._open, int) or not call.name or not call.id:
            return b""
        return self._begin_call(place, call)

    def _begin_call(self, place: int, call: _Call) -> bytes:
        block = {
            "type": "tool_use",
            "id": call.id or tool_use_id(self._message_id, place),
            "name": call.name or "",
            "input": {},
        }
        return self._begin(place, block) + self._arguments(call)

    def _arguments(self, call: _Call) -> bytes:
        text, call.pieces = "".join(call.pieces), []
        return self._delta({"type": "input_json_delta", "partial_json": text}) if text else b""

    def _catch_up(self) -> bytes:
        """What was kept: tool calls that came beside the open one, or whose id never came, and text."""
        told = b""
        opened = self._open if isinstance(self._open, int) else None
        for place, call in sorted(self._calls.items()):
            if place != opened and call.name:
                told += self._begin_call(place, call)
        if self._kept:
            told += self._begin("text", _TEXT) + self._delta({"type": "text_delta", "text": self._kept})
        return told

    def _begin(self, kind: str | int, block: dict[str, Any]) -> bytes:
        closed = self._close()
        self._open = kind
        self._index += 1
        start = {"type": "content_block_start", "index": self._index, "content_block": block}
        return closed + event("content_block_start", start)

    def _delta(self, delta: dict[str, str]) -> bytes:
        return event("content_block_delta", {"type": "content_block_delta", "index": self._index, "delta": delta})

    def _close(self) -> bytes:
        if self._open is None:
            return b""
        self._open = None
        return event("content_block_stop", {"type": "content_block_stop", "index": self._index})

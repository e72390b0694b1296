"""Streams, from a chat's chunks to the events of OpenAI's responses.

Items of the output carry their number with each event, so they may grow at the same time, as a chat's do.
"""

from typing import Any

from litemaas.gateway.dialects.chat import Delta, ToolCall, ToolCalls, first_choice, read_answer
from litemaas.gateway.dialects.responses.answers import frame, how_it_ended, told_usage
from litemaas.gateway.dialects.responses.growing import GrowingCall, GrowingItem, GrowingText
from litemaas.gateway.dialects.responses.requests import ResponsesRequest
from litemaas.gateway.dialects.sse import EventSplitter, event
from litemaas.providers.usage import Usage


class ResponseStream:
    """Translates one stream.

    Args:
        request: What was asked.
        response_id: The response's.
        created_at: Unix time.
    """

    def __init__(self, request: ResponsesRequest, response_id: str, created_at: int) -> None:
        self._response = frame(request, response_id, created_at)
        self._id = response_id
        self._splitter = EventSplitter()
        self._places = ToolCalls()
        self._texts: dict[str, GrowingText] = {}
        self._calls: dict[int, GrowingCall] = {}
        self._output: list[GrowingItem] = []
        self._sequence = 0
        self._finish_reason: str | None = None
        self._failed = False

    def begin(self) -> bytes:
        """What a stream begins with."""
        begun = {"response": self._response}
        return self._event("response.created", begun) + self._event("response.in_progress", begun)

    def feed(self, data: bytes) -> bytes:
        """Take a piece of the chat's stream; returns what the client gets for it."""
        return b"".join(map(self._read, self._splitter.feed(data)))

    def end(self, usage: Usage) -> bytes:
        """What a stream ends with; nothing if it has ended in an error."""
        rest = self.feed(b"\n")
        if self._failed:
            return rest
        for call in self._calls.values():
            if not call.begun and call.name:
                rest += self._begin(call)
        if not self._output:
            rest += self._begin(self._text("text"))
        for item in self._output:
            rest += self._events(item, item.end())
        ended = how_it_ended(self._finish_reason)
        whole = self._response | ended | {"output": self._items(), "usage": told_usage(usage)}
        return rest + self._event(f"response.{ended['status']}", {"response": whole})

    def _read(self, data: bytes) -> bytes:
        if self._failed:
            return b""
        chunk = read_answer(data)
        if chunk is None:
            return b""  # the [DONE] at the end, or what no client could read either
        if chunk.error is not None:
            return self._fail(chunk.error)
        choice = first_choice(chunk)
        if choice is None:
            return b""
        self._finish_reason = choice.finish_reason or self._finish_reason
        return b"" if choice.delta is None else self._say(choice.delta)

    def _say(self, delta: Delta) -> bytes:
        told = b""
        for kind, text in (("reasoning", delta.thought), ("text", delta.text), ("refusal", delta.refusal)):
            if text:
                item = self._text(kind)
                told += self._begin(item) + self._events(item, item.add(text))
        return told + b"".join(map(self._call, delta.tool_calls or ()))

    def _text(self, kind: str) -> GrowingText:
        item = self._texts.get(kind)
        if item is None:
            item = self._texts[kind] = GrowingText(kind, f"{'rs' if kind == 'reasoning' else 'msg'}_{self._id}_{kind}")
        return item

    def _call(self, part: ToolCall) -> bytes:
        place = self._places.place(part)
        call = self._calls.get(place)
        if call is None:
            call = self._calls[place] = GrowingCall(f"fc_{self._id}_{place}")
        call.call_id = call.call_id or part.id
        arguments = ""
        if part.function is not None:
            call.name = call.name or part.function.name
            arguments = part.function.given
        if not call.begun and not (call.name and call.call_id):
            call.keep(arguments)
            return b""
        told = self._begin(call)
        return told + self._events(call, call.add(arguments)) if arguments else told

    def _begin(self, item: GrowingItem) -> bytes:
        """Tell of an item when it is new, with what of it was kept."""
        if item.begun:
            return b""
        item.begun = True
        item.index = len(self._output)
        self._output.append(item)
        return self._events(item, item.begin())

    def _items(self) -> list[dict[str, Any]]:
        return [item.whole("completed") for item in self._output]

    def _fail(self, told: Any) -> bytes:
        self._failed = True
        error = told if isinstance(told, dict) else {"message": str(told)}
        message, code = str(error.get("message", "")), error.get("code")
        failed = self._response | {
            "status": "failed",
            "error": {"code": "server_error", "message": message},
            "output": self._items(),
        }
        told_code = code if isinstance(code, str) else None
        return self._event("error", {"code": told_code, "message": message, "param": None}) + self._event(
            "response.failed", {"response": failed}
        )

    def _events(self, item: GrowingItem, told: list[tuple[str, dict[str, Any]]]) -> bytes:
        return b"".join(self._event(name, {"output_index": item.index, **fields}) for name, fields in told)

    def _event(self, name: str, fields: dict[str, Any]) -> bytes:
        number, self._sequence = self._sequence, self._sequence + 1
        return event(name, {"type": name, "sequence_number": number, **fields})

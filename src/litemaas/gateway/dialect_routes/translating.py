"""A client that asked in another dialect: what the model answers to the chat is told to it in its own."""

from typing import Protocol

from litemaas.domain.settlement import new_call_id
from litemaas.gateway.calls.answers import error_answer
from litemaas.gateway.slow_lane.inference_app import QueuedClient
from litemaas.providers.errors import AnswerBroken
from litemaas.providers.usage import Usage

_ERROR = 400


class StreamTranslator(Protocol):
    """Translates one stream."""

    def begin(self) -> bytes:
        """What a stream begins with."""

    def feed(self, data: bytes) -> bytes:
        """Take a piece of the chat's stream; returns what the client gets for it."""

    def end(self, usage: Usage) -> bytes:
        """What a stream ends with; nothing if it has ended in an error."""


class Translation(Protocol):
    """Translates what is answered to one request."""

    def whole(self, body: bytes, usage: Usage, call_id: str) -> bytes | None:
        """A whole answer; None: `body` is no chat completion."""

    def stream(self, call_id: str) -> StreamTranslator:
        """A streamed one."""


class TranslatingClient(QueuedClient):
    """Tells what is answered to a chat in the dialect of who asked; errors stay as they are."""

    def __init__(self, translation: Translation) -> None:
        super().__init__()
        self._translation = translation
        self._stream: StreamTranslator | None = None

    def respond(self, status: int, header_lines: bytes, body: bytes) -> None:
        """The whole answer at once."""
        if status >= _ERROR:
            super().respond(status, header_lines, body)
            return
        try:
            told = self._translation.whole(body, self._usage(), self._call_id())
        except RecursionError:  # nested too deeply for us, if not for the model
            told = None
        if told is None:
            error = AnswerBroken("The model's server did not answer with a chat completion.")
            super().respond(*error_answer(error, self._call_id()))
        else:
            super().respond(status, header_lines, told)

    def begin_stream(self, header_lines: bytes) -> None:
        """A 200 whose body follows."""
        super().begin_stream(header_lines)
        self._stream = self._translation.stream(self._call_id())
        super().stream(self._stream.begin())

    def stream(self, data: bytes) -> None:
        """A piece of it."""
        if self._stream is not None and (told := self._stream.feed(data)):
            super().stream(told)

    def end_stream(self) -> None:
        """All of it was sent, and what it used is known."""
        if self._stream is not None:
            super().stream(self._stream.end(self._usage()))
        super().end_stream()

    def _usage(self) -> Usage:
        return (self.exchange.figures()[0] if self.exchange is not None else None) or Usage()

    def _call_id(self) -> str:
        return new_call_id(0) if self.exchange is None else self.exchange.call_id

"""Listens in on the answer to a call, and keeps it if it is whole."""

from collections.abc import Callable

from litemaas.gateway.calls.client import Client
from litemaas.storage.answer_store import StoredAnswer

MISS = b"x-litemaas-cache: miss\r\n"

_OK = 200
_MAX_ANSWER_BYTES = 1024 * 1024
_ENDS = (b"[DONE]", b"message_stop")
"""What the last event of a stream says; one that broke ends otherwise."""

_CUT_SHORT = (b'"length"', b'"max_tokens"')
"""The reason that an answer gives for its end, where a bound ended it."""

_CONTENT_TYPE = b"content-type: "


class RecordingClient:
    """Passes an answer on to `client`, and to `keep` if all of it came.

    Args:
        bounded: The client bounded the answer itself. If it did not, one that was cut short by a bound was so by this
            key's money: others may have more.
    """

    def __init__(self, client: Client, keep: Callable[[StoredAnswer], None], *, bounded: bool) -> None:
        self._client = client
        self._keep = keep
        self._bounded = bounded
        self._content_type = b""
        self._answer = b""
        self._pieces: list[bytes] | None = None
        self._size = 0

    async def see(self, answer: bytes) -> bytes:
        """See a whole answer as the model gave it, before guardrails do: those of others let others see of it."""
        self._answer = answer
        return answer

    def respond(self, status: int, header_lines: bytes, body: bytes) -> None:
        """The whole answer at once, as this client may see it."""
        self._client.respond(status, header_lines + MISS, body)
        if status == _OK and len(self._answer) <= _MAX_ANSWER_BYTES and self._is_whole(self._answer):
            self._keep(StoredAnswer(_content_type(header_lines), self._answer))

    def begin_stream(self, header_lines: bytes) -> None:
        """A 200 whose body follows piece by piece."""
        self._content_type = _content_type(header_lines)
        self._pieces = []
        self._client.begin_stream(header_lines + MISS)

    def stream(self, data: bytes) -> None:
        """A piece of it."""
        if self._pieces is not None:
            self._size += len(data)
            if self._size > _MAX_ANSWER_BYTES:
                self._pieces = None
            else:
                self._pieces.append(data)
        self._client.stream(data)

    def end_stream(self) -> None:
        """All of it was sent."""
        self._client.end_stream()
        if self._pieces is not None:
            body = b"".join(self._pieces)
            last = body.rstrip().rpartition(b"\n\n")[2]
            if any(end in last for end in _ENDS) and self._is_whole(body):
                self._keep(StoredAnswer(self._content_type, body))

    def break_off(self) -> None:
        """It cannot be completed; the client must notice."""
        self._client.break_off()

    def _is_whole(self, body: bytes) -> bool:
        return self._bounded or not any(reason in body for reason in _CUT_SHORT)


def _content_type(header_lines: bytes) -> bytes:
    for line in header_lines.split(b"\r\n"):
        if line[: len(_CONTENT_TYPE)].lower() == _CONTENT_TYPE:
            return line[len(_CONTENT_TYPE) :]
    return b"application/json"

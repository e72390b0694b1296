"""Who asked: the other end of a call, whichever lane it came in on."""

from typing import Protocol


class Client(Protocol):
    """Takes the answer to one call. Header lines are ready for the wire, each ended by CR LF."""

    def respond(self, status: int, header_lines: bytes, body: bytes) -> None:
        """The whole answer at once."""

    def begin_stream(self, header_lines: bytes) -> None:
        """A 200 whose body follows piece by piece."""

    def stream(self, data: bytes) -> None:
        """A piece of it."""

    def end_stream(self) -> None:
        """All of it was sent."""

    def break_off(self) -> None:
        """It cannot be completed; the client must notice."""


class _Gone:
    """A client that has left: whatever is told it is lost."""

    def respond(self, status: int, header_lines: bytes, body: bytes) -> None:
        """Nothing."""

    def begin_stream(self, header_lines: bytes) -> None:
        """Nothing."""

    def stream(self, data: bytes) -> None:
        """Nothing."""

    def end_stream(self) -> None:
        """Nothing."""

    def break_off(self) -> None:
        """Nothing."""


GONE: Client = _Gone()

REASONS = {
    200: b"200 OK",
    400: b"400 Bad Request",
    401: b"401 Unauthorized",
    403: b"403 Forbidden",
    404: b"404 Not Found",
    408: b"408 Request Timeout",
    409: b"409 Conflict",
    413: b"413 Content Too Large",
    422: b"422 Unprocessable Content",
    429: b"429 Too Many Requests",
    431: b"431 Request Header Fields Too Large",
    500: b"500 Internal Server Error",
    502: b"502 Bad Gateway",
    503: b"503 Service Unavailable",
    504: b"504 Gateway Timeout",
}


def status_line(status: int) -> bytes:
    """Status and reason as they stand in a status line."""
    return REASONS.get(status) or b"%d " % status

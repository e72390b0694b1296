"""One request to an upstream, and who is told of its answer."""

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from litemaas.providers.errors import UpstreamError


class Timeouts(Struct, frozen=True, gc=False):
    """Patience in seconds.

    Attributes:
        connect: TCP and TLS.
        first_byte: From the request to the first byte of the answer.
        idle: Between two pieces of the answer.
        total: From the request to the end of the answer.
    """

    connect: float
    first_byte: float
    idle: float
    total: float


class AnswerHead(Struct, frozen=True):
    """Status and headers of an answer; names in lower case, of several headers of a name the last."""

    status: int
    headers: dict[bytes, bytes]
    content_type: bytes = b"application/json"
    retry_after: bytes | None = None

    @classmethod
    def of(cls, status: int, headers: Iterable[tuple[bytes, bytes]]) -> "AnswerHead":
        """From header names as they came."""
        fields = {name.lower(): value for name, value in headers}
        return cls(status, fields, fields.get(b"content-type", b"application/json"), fields.get(b"retry-after"))


NO_PATIENCE = Timeouts(0.0, 0.0, 0.0, 0.0)
"""Of a call whose patience is still to be told."""


class Line(Protocol):
    """What a call has to its upstream while it lasts."""

    def drop(self, call: "UpstreamCall") -> None:
        """End it at once because `call` wants nothing more."""

    def pause(self) -> None:
        """Read no more for now."""

    def resume(self) -> None:
        """Read on."""


class UpstreamCall:
    """A request; subclasses say what happens with its answer.

    Attributes:
        request: The whole request, head and body, as it goes over the wire.
        sent_at: Coarse monotonic time at which it was written.
        resent: It was already given a second connection.
    """

    __slots__ = ("cancelled", "connection", "request", "resent", "sent_at", "timeouts")

    def __init__(self, request: bytes = b"", timeouts: Timeouts = NO_PATIENCE) -> None:
        self.request = request
        self.timeouts = timeouts
        self.connection: Line | None = None
        self.cancelled = False
        self.resent = False
        self.sent_at = 0.0

    def answer_began(self, head: AnswerHead) -> None:
        """Status line and headers are there."""
        raise NotImplementedError

    def answer_piece(self, data: bytes) -> None:
        """A piece of the body."""
        raise NotImplementedError

    def answer_ended(self) -> None:
        """The body is complete."""
        raise NotImplementedError

    def answer_failed(self, error: UpstreamError) -> None:
        """There will be no (more) answer."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Stop: the connection is closed and nothing more is told."""
        self.cancelled = True
        if self.connection is not None:
            self.connection.drop(self)

    def pause(self) -> None:
        """Read no more of the answer for now."""
        if self.connection is not None:
            self.connection.pause()

    def resume(self) -> None:
        """Read on."""
        if self.connection is not None:
            self.connection.resume()

"""One request to an upstream, and who is told of its answer."""

from typing import TYPE_CHECKING, NamedTuple

from litemaas.providers.errors import UpstreamError

if TYPE_CHECKING:
    from litemaas.providers.upstream.connection import UpstreamConnection


class Timeouts(NamedTuple):
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


class UpstreamCall:
    """A request; subclasses say what happens with its answer.

    Attributes:
        request: The whole request, head and body, as it goes over the wire.
        sent_at: Coarse monotonic time at which it was written.
        resent: It was already given a second connection.
    """

    __slots__ = ("cancelled", "connection", "request", "resent", "sent_at", "timeouts")

    def __init__(self, request: bytes, timeouts: Timeouts) -> None:
        self.request = request
        self.timeouts = timeouts
        self.connection: UpstreamConnection | None = None
        self.cancelled = False
        self.resent = False
        self.sent_at = 0.0

    def answer_began(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Status line and headers are there; header names are in lower case."""
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

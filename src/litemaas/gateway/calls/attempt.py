"""One try of a call at one deployment: what was sent there, and what has come back so far."""

import time
from typing import TYPE_CHECKING

from litemaas.gateway.calls.answers import retry_line
from litemaas.gateway.calls.course import Course
from litemaas.gateway.calls.relaying import PieceReader
from litemaas.gateway.calls.streaming import StreamReader
from litemaas.gateway.upstreams.wire import Wire
from litemaas.providers.errors import AnswerBroken, UpstreamError
from litemaas.providers.upstream import AnswerHead, UpstreamCall

if TYPE_CHECKING:
    from litemaas.gateway.calls.delivery import Delivery

Reader = StreamReader | PieceReader
_OK_BELOW = 300
_EVENT_STREAM = b"text/event-stream"


class Attempt(UpstreamCall):
    """Passes a stream on as it comes, and keeps another answer until it is whole.

    Attributes:
        course: Of the call.
        wire: The way to the deployment.
        status: Of the answer; 0: none has begun.
        header_lines: Of the answer, those that the client should see, each ended by CR LF.
        submitted_at: Unix time.
        first_byte_at: Unix time of the first byte of the answer's body; None: it has not come.
        pieces: The body, unless it is a stream.
        reader: Reads the stream; None: it is none.
    """

    __slots__ = (
        "_delivery",
        "_size",
        "content_type",
        "course",
        "first_byte_at",
        "header_lines",
        "pieces",
        "reader",
        "status",
        "submitted_at",
        "wire",
    )

    def __init__(self, delivery: "Delivery", course: Course, wire: Wire) -> None:
        UpstreamCall.__init__(self)
        self._delivery = delivery
        self.course = course
        self.wire = wire
        self.status = self._size = 0
        self.content_type = b"application/json"
        self.header_lines = b""
        self.submitted_at = time.time()
        self.first_byte_at: float | None = None
        self.pieces: list[bytes] = []
        self.reader: Reader | None = None

    def succeeded(self) -> bool:
        """Tell whether the answer that has begun is no refusal."""
        return self.status < _OK_BELOW

    def answer_began(self, head: AnswerHead) -> None:  # noqa: D102
        self.status = head.status
        self.content_type = head.content_type
        if head.retry_after is not None:
            self.header_lines = retry_line(head.retry_after)
        delivery = self._delivery
        if head.status >= _OK_BELOW:
            return
        if delivery.request.stream and self.content_type.startswith(_EVENT_STREAM):
            endpoint, hides_usage = delivery.endpoint, delivery.request.hides_usage
            self.reader = StreamReader(hides_usage=hides_usage, read_event=endpoint.read_event)
            delivery.begin_stream(self)
        elif delivery.endpoint.relays:
            self.reader = PieceReader()
            delivery.begin_stream(self)

    def answer_piece(self, data: bytes) -> None:  # noqa: D102
        if self.first_byte_at is None:
            self.first_byte_at = time.time()
        if self.reader is not None:
            if passed_on := self.reader.feed(data):
                self._delivery.client.stream(passed_on)
            return
        self._size += len(data)
        if self._size > self._delivery.max_answer_bytes:
            self.cancel()
            self.answer_failed(AnswerBroken("The model's answer is too large."))
        else:
            self.pieces.append(data)

    def answer_ended(self) -> None:  # noqa: D102
        if self.reader is not None and (rest := self.reader.flush()):
            self._delivery.client.stream(rest)
        self._delivery.answered(self)

    def answer_failed(self, error: UpstreamError) -> None:  # noqa: D102
        self._delivery.not_answered(self, error)

"""One connection to an upstream, and the call that has it at the moment."""

import asyncio
from typing import Protocol, cast

import httptools

from litemaas.providers.errors import AnswerBroken, AnswerTimedOut, UpstreamError
from litemaas.providers.upstream.call import AnswerHead, UpstreamCall
from litemaas.providers.upstream.recurring_head import RecurringHead

_LENGTHS = frozenset((b"content-length", b"transfer-encoding"))
_INFORMATIONAL = 200
_OK = b"HTTP/1.1 200"
_MAX_BYTES = 1 << 24  # of an answer that comes in one piece; no read is as large
_MAX_SILENT_BYTES = 1 << 18  # of heads, informational answers and trailers in a row
_ENCODING = b"content-encoding"
_AS_IT_IS = b"identity"


class Owner(Protocol):
    """The pool, as its connections see it."""

    now: float
    """Coarse monotonic clock, moved on by the pool's sweep."""

    known: tuple[RecurringHead, AnswerHead] | None
    """The head of the last answer that came whole; the next one's is mostly the same."""

    def write(self, transport: asyncio.Transport, request: bytes) -> None:
        """Write a call's request, now or at the end of this turn of the event loop."""

    def returned(self, connection: "UpstreamConnection") -> None:
        """The connection can take another call."""

    def lost(self, connection: "UpstreamConnection", call: UpstreamCall | None) -> None:
        """The connection is gone; `call` had not seen a byte and may have another one."""


class UpstreamConnection(asyncio.Protocol):
    """Speaks HTTP/1.1 as a client, one call at a time.

    Attributes:
        call: Who has the connection.
        reused: It has served a call before.
        last_seen: Coarse time of the last byte in or out.
    """

    __slots__ = (
        "_answering",
        "_began",
        "_complete",
        "_head",
        "_headers",
        "_parser",
        "_paused",
        "_reusable",
        "_silent_bytes",
        "_skip",
        "_transport",
        "call",
        "last_seen",
        "owner",
        "reused",
    )

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.call: UpstreamCall | None = None
        self.reused = False
        self.last_seen = owner.now
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._head: AnswerHead | None = None
        self._answering = False  # between the first byte of an answer and its end
        self._began = False  # the call was told of status and headers
        self._silent_bytes = 0  # read since the last piece of a body
        self._skip = False  # an informational answer (1xx) is passing
        self._reusable = False
        self._complete: UpstreamCall | None = None  # the call whose answer has just ended
        self._paused = False

    @property
    def address(self) -> str:
        """The IP address of the other end."""
        return str(cast("asyncio.Transport", self._transport).get_extra_info("peername")[0])

    # --- the call's side ---

    def send(self, call: UpstreamCall) -> None:
        """Send the call's request; the connection is the call's from now on."""
        self.call = call
        call.connection = self
        call.sent_at = self.last_seen = self.owner.now
        self._began = self._answering = False
        self._silent_bytes = 0
        self.owner.write(cast("asyncio.Transport", self._transport), call.request)

    def drop(self, call: UpstreamCall) -> None:
        """Close at once because `call` wants nothing more."""
        if self.call is call:
            self.call = None
            call.connection = None
            self.close()

    def close(self) -> None:
        """Close without waiting for anything."""
        if self._transport is not None:
            self._transport.abort()

    def pause(self) -> None:
        """Stop reading."""
        if not self._paused and self._transport is not None and not self._transport.is_closing():
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._paused and self._transport is not None and not self._transport.is_closing():
            self._paused = False
            self.last_seen = self.owner.now
            self._transport.resume_reading()

    def check_patience(self, now: float) -> None:
        """End the call if its upstream has been silent for too long."""
        call = self.call
        if call is None:
            return
        if now - call.sent_at > call.timeouts.total:
            self._fail(AnswerTimedOut(f"The model did not finish its answer within {call.timeouts.total:g} s."))
        elif self._paused:
            self.last_seen = now  # the client is slow, not the upstream
        elif not self._answering and now - self.last_seen > call.timeouts.first_byte:
            self._fail(AnswerTimedOut(f"The model did not answer within {call.timeouts.first_byte:g} s."))
        elif self._answering and now - self.last_seen > call.timeouts.idle:
            self._fail(AnswerTimedOut(f"The model's answer stopped for more than {call.timeouts.idle:g} s."))

    # --- asyncio.Protocol ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # noqa: D102
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:  # noqa: D102
        self.last_seen = self.owner.now
        if self.call is None:
            self.close()  # nobody asked: whatever it is, the next answer would be shifted
            return
        if not self._answering and self.owner.known is not None:
            recurring, head = self.owner.known
            body = recurring.body_of(data, _MAX_BYTES)
            if body is not None:
                self._take_whole(self.call, head, body)
                return
        begins, self._answering = not self._answering, True
        self._silent_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            if self._complete is None:
                self._fail(AnswerBroken("The model's server sent something that is not HTTP."))
                return
            self._reusable = False
        if self._silent_bytes > _MAX_SILENT_BYTES and self._complete is None:
            self._fail(AnswerBroken("The head of the model server's answer does not come to an end."))
        if self._complete is not None:
            if begins and self._reusable:
                self._remember(data)
            self._hand_over(self._complete)

    def _take_whole(self, call: UpstreamCall, head: AnswerHead, body: bytes) -> None:
        """Pass an answer on whose head is known, without the parser."""
        call.answer_began(head)
        if body:
            call.answer_piece(body)
        if self.call is call:  # it did not lose its patience meanwhile
            self._reusable = True
            self._hand_over(call)

    def _remember(self, data: bytes) -> None:
        """Know the head of a whole answer again."""
        if self._head is not None and b"content-length" in self._head.headers and data.startswith(_OK):
            recurring = RecurringHead(data[: data.index(b"\r\n\r\n") + 4])
            self.owner.known = (recurring, self._head)

    def _hand_over(self, call: UpstreamCall) -> None:
        self._complete = self.call = call.connection = None
        self._answering = self._began = False
        if self._reusable:
            self.reused = True
            self.resume()
            self.owner.returned(self)
        else:
            self.close()
        call.answer_ended()

    def eof_received(self) -> None:  # noqa: D102
        return

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: D102
        call, self.call = self.call, None
        if call is None:
            self.owner.lost(self, None)
            return
        call.connection = None
        if self._began and exc is None and not (self._head and _LENGTHS & self._head.headers.keys()):
            self.owner.lost(self, None)
            call.answer_ended()  # RFC 9112, 6.3: such a body ends with the connection
        elif not self._answering and self.reused and not call.resent:
            self.owner.lost(self, call)  # it died of old age while we wrote
        else:
            self.owner.lost(self, None)
            call.answer_failed(AnswerBroken("The model's server closed the connection in the middle of its answer."))

    # --- httptools ---

    def on_message_begin(self) -> None:  # noqa: D102
        if self._complete is not None:
            self._reusable = False  # a second answer that nobody asked for: the next one would be shifted
        self._headers = []

    def on_header(self, name: bytes, value: bytes) -> None:  # noqa: D102
        if not self._began:  # else it is a trailer
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:  # noqa: D102
        status = self._parser.get_status_code()
        self._skip = status < _INFORMATIONAL
        if self._skip or self._complete is not None or self.call is None:
            return
        head = AnswerHead.of(status, self._headers)
        if head.headers.get(_ENCODING, _AS_IT_IS).lower() != _AS_IT_IS:
            self._fail(AnswerBroken("The model's server encoded its answer, which it was not asked to."))
            return
        self._began = True
        self._head = head
        self.call.answer_began(head)

    def on_body(self, body: bytes) -> None:  # noqa: D102
        self._silent_bytes = 0
        if self.call is not None and self._complete is None:
            self.call.answer_piece(body)

    def on_message_complete(self) -> None:  # noqa: D102
        if not self._skip and self._complete is None:
            # llhttp forgets this flag as soon as the callback is over.
            self._reusable = self._parser.should_keep_alive()
            self._complete = self.call

    def _fail(self, error: UpstreamError) -> None:
        call, self.call = self.call, None
        self.close()
        if call is not None:
            call.connection = None
            call.answer_failed(error)

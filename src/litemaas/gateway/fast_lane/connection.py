"""The fast lane: one client connection, HTTP/1.1, hot routes only.

A request whose first bytes are not those of a hot route or of a probe, or whose body is chunked, is handed with its
bytes to the slow lane, which keeps the connection for the rest of its life. One request at a time: what a client
pipelines waits here, unread, until its turn. Pauses both ways keep memory bounded: a client that does not read stops
its upstream, one that does not write is closed.
"""

import asyncio
import time
from collections.abc import Callable
from typing import cast

from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.settlement import new_call_id
from litemaas.gateway.calls.answers import JSON_TYPE, error_answer
from litemaas.gateway.calls.client import status_line
from litemaas.gateway.calls.exchange import Exchange
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.endpoints.rows import BY_PATH, Endpoint
from litemaas.gateway.errors import BadRequestError, BodyTooLargeError, wire_error
from litemaas.gateway.fast_lane.probes import LIVENESS, READINESS
from litemaas.gateway.http.patience import IDLE_SECONDS, LINGER_SECONDS, MAX_HEAD_BYTES, READ_SECONDS
from litemaas.gateway.http.request_head import RequestHead
from litemaas.providers.upstream.recurring_head import RecurringHead

_HEAD_END = b"\r\n\r\n"
_HIGH_WATER = 256 * 1024
_CLOSE_LINE = b"connection: close\r\n"
_UNSEEN_BYTES = 64 * 1024
"""Of a body that is taken before anybody looks at the key."""

_STARTS: dict[bytes, tuple[str, Endpoint | None]] = {
    **{f"POST {path} HTTP/1.".encode(): (path, endpoint) for path, endpoint in BY_PATH.items()},
    **{f"GET {path} HTTP/1.".encode(): (path, None) for path in (*LIVENESS, *READINESS)},
}
_LONGEST_START = max(map(len, _STARTS))

SlowLane = Callable[[], asyncio.Protocol]
Probe = Callable[[str], tuple[int, bytes]]


class Lane:
    """What the connections of one listener share.

    Attributes:
        max_body_bytes: Of a request.
        connections: All that are open here; those handed over are the slow lane's.
        now: Coarse monotonic clock.
        draining: No connection takes another request.
        date_line: The `Date` header of this second.
    """

    def __init__(self, gateway: Gateway, slow_lane: SlowLane, probe: Probe) -> None:
        self.gateway = gateway
        self.probe = probe
        self.slow_lane = slow_lane
        self.max_body_bytes = gateway.settings.requests.max_body_bytes
        self.connections: set[Connection] = set()
        self.now = 0.0
        self.draining = False
        self.date_line = b""

    def sweep(self, now: float, date_line: bytes) -> None:
        """Move the clock on and close connections that keep us waiting."""
        self.now = now
        self.date_line = date_line
        for connection in list(self.connections):
            connection.check_patience(now)

    def drain(self) -> None:
        """Let each connection end its call, and close it then; one that is new may still bring its first."""
        self.draining = True
        for connection in list(self.connections):
            connection.close_if_idle()

    def close_unused(self) -> None:
        """Close connections that have brought nothing."""
        for connection in list(self.connections):
            connection.close_if_idle(new=True)


class Connection(asyncio.Protocol):
    """One client connection. It is the `Client` of its calls."""

    __slots__ = (
        "_buffer",
        "_choked",
        "_discarding",
        "_exchange",
        "_head",
        "_keep_alive",
        "_known",
        "_lane",
        "_paused",
        "_pieces",
        "_ready",
        "_received",
        "_room_taken",
        "_route",
        "_seen_at",
        "_takes_chunks",
        "_transport",
        "_unsent",
    )

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._buffer = b""  # bytes of a request that is not complete, or of pipelined ones
        self._head: RequestHead | None = None
        self._pieces: list[bytes] = []  # of the body of the request whose head was read
        self._received = 0
        self._room_taken = 0  # for the body of the request that is on its way or being answered
        self._route: tuple[str, Endpoint | None] = ("", None)
        self._known: RequestHead | None = None  # of the last request; the next one's is mostly the same
        self._ready: RecurringHead | None = None  # its head, while nothing else is to be heeded when bytes come
        self._exchange: Exchange | None = None
        self._keep_alive = True
        self._takes_chunks = True
        self._discarding = False
        self._paused = False  # we do not read
        self._choked = False  # the client does not read
        self._seen_at = lane.now
        self._unsent: list[bytes] = []  # of a stream, in this turn of the event loop

    # --- asyncio.Protocol ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # noqa: D102
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=_HIGH_WATER)
        self._lane.connections.add(self)

    def data_received(self, data: bytes) -> None:  # noqa: D102
        ready, self._ready = self._ready, None
        if ready is not None and (body := ready.body_of(data, self._lane.max_body_bytes)) is not None:
            self._begin(cast("RequestHead", self._known), body)
        elif self._head is not None:
            self._seen_at = self._lane.now
            self._read_body(data)
        elif self._discarding:
            return
        else:
            if self._buffer:  # the patience for a head is counted from its first byte
                data = self._buffer + data
                self._buffer = b""
            else:
                self._seen_at = self._lane.now
            if self._exchange is None and not self._choked:
                self._read(data)
            else:
                self._hold_back(data)

    def eof_received(self) -> bool | None:  # noqa: D102
        return None  # a client that has stopped writing has left: closes the transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002, D102
        self._lane.connections.discard(self)
        self._unsent.clear()
        if self._room_taken:
            self._give_room_back()
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.client_left()

    def pause_writing(self) -> None:  # noqa: D102
        self._choked = True
        self._ready = None
        if self._exchange is not None:
            self._exchange.pause()

    def resume_writing(self) -> None:  # noqa: D102
        self._choked = False
        if self._exchange is not None:
            self._exchange.resume()
        else:
            self._read_on()

    # --- reading ---

    def _read(self, data: bytes) -> None:
        if self._recognise(data):
            end = data.find(_HEAD_END)
            if end >= 0:
                self._read_head(data, end + len(_HEAD_END))
            elif len(data) > MAX_HEAD_BYTES:
                self._reject(BadRequestError("The request's headers are larger than 64 KiB."))
            else:
                self._buffer = data

    def _read_head(self, data: bytes, end: int) -> None:
        try:
            self._known = head = RequestHead(data[:end])
        except BadRequestError as error:
            self._reject(error)
            return
        limit = self._lane.max_body_bytes
        if head.length > limit:
            self._reject(BodyTooLargeError(f"The request is larger than {limit >> 20} MiB."))
        elif head.chunked:
            self._hand_over(data)
        elif head.length > _UNSEEN_BYTES and not self._makes_room(head):
            return
        else:
            self._head = head
            if head.expects_continue and len(data) == end:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._read_body(data[end:])

    def _makes_room(self, head: RequestHead) -> bool:
        """Set memory aside for a large body; refuse at once whoever may not call, and everybody where none is left."""
        gateway = self._lane.gateway
        try:
            gateway.caller(head.key_digest, self._route[0])
            gateway.room.take(head.length)
        except LiteMaaSError as error:
            self._reject(error)
            return False
        self._room_taken = head.length
        return True

    def _give_room_back(self) -> None:
        self._lane.gateway.room.give_back(self._room_taken)
        self._room_taken = 0

    def _read_body(self, data: bytes) -> None:
        self._received += len(data)
        self._pieces.append(data)
        head = cast("RequestHead", self._head)
        surplus = self._received - head.length
        if surplus < 0:
            return
        body = b"".join(self._pieces)
        self._pieces = []
        self._received = 0
        if surplus:
            self._hold_back(body[head.length :])
            body = body[: head.length]
        self._head = None
        self._begin(head, body)

    def _begin(self, head: RequestHead, body: bytes) -> None:
        """Answer a request that is complete."""
        path, endpoint = self._route
        lane = self._lane
        self._keep_alive = head.keep_alive and not lane.draining
        self._takes_chunks = head.takes_chunks
        if endpoint is None:
            status, answer = lane.probe(path)
            self.respond(status, JSON_TYPE, answer)
            return
        self._exchange = exchange = Exchange(lane.gateway, self, endpoint, head.request_id, head.hints)
        exchange.begin(head.key_digest, path, body)

    def _recognise(self, data: bytes) -> bool:
        """Tell whether a hot request begins; another one is handed over."""
        first_line_end = data.find(b"HTTP/1.", 0, _LONGEST_START)
        if first_line_end > 0:
            route = _STARTS.get(data[: first_line_end + 7])
            if route is not None:
                self._route = route
                return True
        elif len(data) < _LONGEST_START and any(start.startswith(data) for start in _STARTS):
            self._buffer = data
            return False
        self._hand_over(data)
        return False

    def _hold_back(self, data: bytes) -> None:
        """Keep what belongs to the next request, and read no more until its turn."""
        self._buffer = data
        if not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def _hand_over(self, data: bytes) -> None:
        """Give the connection and the bytes read so far to the slow lane, for good."""
        self._lane.connections.discard(self)
        protocol = self._lane.slow_lane()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        self._transport.resume_reading()  # if we have stopped; from now on it is the slow lane's to say
        protocol.data_received(data)

    def _reject(self, error: Exception) -> None:
        """Answer a request that cannot be read.

        Our side is closed, and what the client still sends is thrown away for a while: closing both at once would reset
        the connection, and the client might never see the answer (RFC 9112, 9.6).
        """
        self._lane.gateway.counters.count_refused(wire_error(error).code)
        self._discarding = True
        self._keep_alive = False
        self._buffer = b""
        self.respond(*error_answer(error, new_call_id(time.time())))

    # --- Client ---

    def respond(self, status: int, header_lines: bytes, body: bytes) -> None:
        """The whole answer at once."""
        end = b"content-length: %d\r\n\r\n" % len(body)
        if not self._keep_alive:
            end = _CLOSE_LINE + end
        self._transport.write(
            b"".join((b"HTTP/1.1 ", status_line(status), b"\r\n", header_lines, self._lane.date_line, end, body))
        )
        self._answered()

    def begin_stream(self, header_lines: bytes) -> None:
        """A 200 whose body follows piece by piece."""
        framing = b"transfer-encoding: chunked\r\n"
        if not self._takes_chunks:
            framing = b""
            self._keep_alive = False  # the body ends with the connection
        self._send_soon(
            b"HTTP/1.1 200 OK\r\n%b%b%bcache-control: no-cache\r\n%b\r\n"
            % (header_lines, self._lane.date_line, b"" if self._keep_alive else _CLOSE_LINE, framing)
        )

    def stream(self, data: bytes) -> None:
        """A piece of it."""
        self._send_soon(b"%x\r\n%b\r\n" % (len(data), data) if self._takes_chunks else data)

    def end_stream(self) -> None:
        """All of it was sent."""
        if self._takes_chunks:
            self._unsent.append(b"0\r\n\r\n")
        self._send_unsent()
        self._answered()

    def break_off(self) -> None:
        """The answer cannot be completed: without its last chunk the client will notice."""
        self._exchange = None
        self._send_unsent()
        self._transport.abort()

    def _send_soon(self, data: bytes) -> None:
        """Send at the end of this turn of the event loop, together with what other streams send (see `Outbox`)."""
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._send_unsent)
        self._unsent.append(data)

    def _send_unsent(self) -> None:
        unsent = self._unsent
        if unsent:
            data = unsent[0] if len(unsent) == 1 else b"".join(unsent)
            unsent.clear()
            self._transport.write(data)

    def _answered(self) -> None:
        self._exchange = None
        self._seen_at = self._lane.now
        if self._room_taken:
            self._give_room_back()
        if self._discarding:
            self._transport.write_eof()
            asyncio.get_running_loop().call_later(LINGER_SECONDS, self._transport.close)
            return
        if not self._keep_alive:
            self._transport.close()
        elif self._paused:
            self._read_on()
        elif not self._choked and self._known is not None:
            self._ready = self._known.recurring

    def _read_on(self) -> None:
        """Take up what was held back, unless the client still has to read its last answer."""
        if self._paused and not self._choked:
            asyncio.get_running_loop().call_soon(self._read_next)

    def _read_next(self) -> None:
        """Read what was held back; only then more of the socket, which comes behind it."""
        if self._paused and not self._choked and self._exchange is None and not self._transport.is_closing():
            data, self._buffer = self._buffer, b""
            self._paused = False
            self.data_received(data)
            if not self._paused and self in self._lane.connections and not self._transport.is_closing():
                self._transport.resume_reading()

    # --- patience ---

    def check_patience(self, now: float) -> None:
        """Close a connection whose client neither reads nor writes for too long."""
        if self._exchange is not None:
            return
        waited = now - self._seen_at
        if waited > (READ_SECONDS if self._buffer or self._head is not None else IDLE_SECONDS):
            self._transport.abort()

    def close_if_idle(self, *, new: bool = False) -> None:
        """Close unless a call is in flight or on its way in; what has brought nothing yet only if `new` ones should."""
        self._keep_alive = False
        at_work = self._exchange is not None or self._head is not None or self._buffer
        if not at_work and (new or self._known is not None):
            self._transport.close()

"""A connection of the slow lane: uvicorn's, as strict and as impatient with its client as the fast lane's.

uvicorn waits for ever for a head that does not end, keeps all of it, writes a warning for each request that is no HTTP,
and leaves `Host` to the application. All of that is in the hands of whoever can reach the port, so it is decided here.
"""

import asyncio
import time
from typing import TYPE_CHECKING, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from litemaas.domain.settlement import new_call_id
from litemaas.gateway.calls.answers import error_answer
from litemaas.gateway.calls.client import status_line
from litemaas.gateway.errors import BadRequestError
from litemaas.gateway.http.patience import LINGER_SECONDS, MAX_HEAD_BYTES

if TYPE_CHECKING:
    from uvicorn.config import Config
    from uvicorn.server import ServerState


class SlowConnection(HttpToolsProtocol):
    """One client connection.

    Args:
        config: With the application; its `timeout_keep_alive` is how long a connection may ask nothing.
        state: What the connections of the lane share.
        read_seconds: How long a head may take, and how long a body may pause.
    """

    def __init__(self, config: "Config", state: "ServerState", read_seconds: float) -> None:
        super().__init__(config=config, server_state=state, app_state={})
        self._read_seconds = read_seconds
        self._shortest = min(read_seconds, self.timeout_keep_alive)
        self._waiting_since = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._in_head = False
        self._silent_bytes = 0  # of a head or of trailers, which came in several pieces
        self._refused = False

    # --- asyncio.Protocol ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._waiting_since = self.loop.time()
        self._watch = self.loop.call_later(self._shortest, self._check_patience)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        if self._watch is not None:
            self._watch.cancel()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, or refuse what is no HTTP."""
        if self._refused:
            return
        self._unset_keepalive_if_required()
        self._silent_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # RFC 9110, 7.8: an upgrade may be ignored
        except httptools.HttpParserError as error:
            ours = error.__context__
            self._refuse(
                ours if isinstance(ours, BadRequestError) else BadRequestError("The request is not valid HTTP/1.1.")
            )
        else:
            if self._silent_bytes > MAX_HEAD_BYTES:
                self._refuse(BadRequestError("The request's headers are larger than 64 KiB."))

    # --- llhttp ---

    def on_message_begin(self) -> None:
        """The first byte of a head: from here on it must come to its end."""
        super().on_message_begin()
        self._in_head = True
        self._waiting_since = self.loop.time()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; one behind the body is not heeded, whatever it says (RFC 9110, 6.5.1)."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Check what two HTTP servers could understand differently, as `request_head` does.

        Raises:
            BadRequestError: RFC 9112, 3.2 (`Host`) or 6.1 (`Transfer-Encoding`) forbids it.
        """
        self._in_head = False
        self._silent_bytes = 0
        self._waiting_since = self.loop.time()
        names = [name for name, _ in self.headers]
        hosts, version = names.count(b"host"), self.parser.get_http_version()
        if hosts > 1 or (version == "1.1" and hosts == 0):
            raise BadRequestError("The request must have exactly one Host header.")
        if version == "1.0" and b"transfer-encoding" in names:
            raise BadRequestError("HTTP/1.0 knows no Transfer-Encoding.")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._silent_bytes = 0
        self._waiting_since = self.loop.time()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of the request has come."""
        self._silent_bytes = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It is the client's turn again."""
        self._waiting_since = self.loop.time()
        super().on_response_complete()

    # --- patience ---

    def _check_patience(self) -> None:
        now = self.loop.time()
        if not self._waits_for_client():
            self._waiting_since = now
        left = self._waiting_since + self._patience() - now
        if left <= 0:
            self.transport.abort()
        else:
            # What is waited for may change meanwhile: never look later than the shorter patience would end.
            self._watch = self.loop.call_later(min(left, self._shortest), self._check_patience)

    def _waits_for_client(self) -> bool:
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return True
        return cycle.more_body and not self.flow.read_paused and not cycle.waiting_for_100_continue

    def _patience(self) -> float:
        cycle = self.cycle
        reading = self._in_head or (cycle is not None and not cycle.response_complete)
        return self._read_seconds if reading else self.timeout_keep_alive

    # --- refusing ---

    def _refuse(self, error: BadRequestError) -> None:
        """Answer a request that cannot be read, and read no other one.

        A client that sent it behind another request gets that one's answer, and then the end of the connection.
        """
        self._refused = True
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if not cycle.more_body:
                cycle.keep_alive = False
                return
            cycle.disconnected = True  # for the application: the rest of its request will never come
            cycle.message_event.set()
            if cycle.response_started or self.pipeline:
                self.transport.close()
                return
        self._say(error)

    def _say(self, error: BadRequestError) -> None:
        status, lines, body = error_answer(error, new_call_id(time.time()))
        head = b"HTTP/1.1 %b\r\n%bconnection: close\r\ncontent-length: %d\r\n\r\n"
        self.transport.write(head % (status_line(status), lines, len(body)) + body)
        # Closing both ways at once would reset the connection, and the client might never see it (RFC 9112, 9.6).
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

"""Reads the head of a hot request, and refuses what two HTTP servers could understand differently.

httptools (llhttp, strict) already refuses duplicate or malformed lengths, a length beside `Transfer-Encoding`, folded
headers, bare line feeds and NUL. It lets pass what is checked here: no `Host` or two of them (RFC 9112, 3.2), and
`Transfer-Encoding` in HTTP/1.0 (RFC 9112, 6.1).
"""

from collections.abc import Mapping

import httptools

from litemaas.gateway.errors import BadRequestError
from litemaas.gateway.http.authentication import key_digest
from litemaas.providers.upstream.recurring_head import RecurringHead

HINTS = frozenset(("cache-control", "traceparent", "tracestate"))
"""Headers that matter to interceptors and observers, not to the call itself."""

_KEPT = {
    b"authorization": "authorization",
    b"x-litellm-api-key": "x-litellm-api-key",
    b"x-api-key": "x-api-key",
    b"api-key": "api-key",
    b"x-request-id": "x-request-id",
    **{name.encode(): name for name in HINTS},
}
NO_HINTS: Mapping[str, str] = {}
_MAX_REQUEST_ID = 128


class RequestHead:
    """The head of a request.

    Args:
        head: With the blank line that ends it.

    Attributes:
        key_digest: SHA-256 of the key that the client sent; None: it sent none.
        request_id: The client's own id of the call, if it can be echoed.
        length: Of the body, in bytes.
        chunked: The body's length is not known beforehand.
        expects_continue: The client waits for a 100 before it sends the body.
        keep_alive: The connection may serve another request.
        takes_chunks: The answer may be in chunks (RFC 9112, 6.1: not in HTTP/1.0).
        hints: Of the headers in `HINTS` those that were sent.
        recurring: Knows the head again; None: it must be heeded each time.

    Raises:
        BadRequestError: It is not HTTP as it must be.
    """

    __slots__ = (
        "chunked",
        "expects_continue",
        "hints",
        "keep_alive",
        "key_digest",
        "length",
        "recurring",
        "request_id",
        "takes_chunks",
    )

    def __init__(self, head: bytes) -> None:
        parsed = _ParsedHead(head)
        self.chunked = parsed.chunked
        self.length = parsed.length
        self.expects_continue = parsed.expects_continue
        self.keep_alive = parsed.keep_alive
        self.takes_chunks = parsed.version != "1.0"
        self.key_digest = key_digest(parsed.kept)
        self.request_id = echoable(parsed.kept.get("x-request-id"))
        self.hints = {name: parsed.kept[name] for name in HINTS & parsed.kept.keys()} or NO_HINTS
        self.recurring = None if self.expects_continue else RecurringHead(head)


def echoable(request_id: str | None) -> str | None:
    """The client's own id of a call, if a header and a log line can carry it."""
    usable = request_id and len(request_id) <= _MAX_REQUEST_ID and request_id.isascii() and request_id.isprintable()
    return request_id if usable else None


class _ParsedHead:
    """What llhttp tells of a head."""

    __slots__ = (
        "_hosts",
        "_parser",
        "chunked",
        "complete",
        "expects_continue",
        "keep_alive",
        "kept",
        "length",
        "version",
    )

    def __init__(self, head: bytes) -> None:
        self._hosts = 0
        self.kept: dict[str, str] = {}
        self.length = 0
        self.chunked = self.complete = self.expects_continue = self.keep_alive = False
        self._parser = parser = httptools.HttpRequestParser(self)
        try:
            parser.feed_data(head)
        except httptools.HttpParserUpgrade:
            pass  # RFC 9110, 7.8: an upgrade may be ignored
        except httptools.HttpParserError as error:
            raise BadRequestError("The request is not valid HTTP/1.1.") from error
        self.version = parser.get_http_version()
        if not self.complete or self._hosts > 1 or (self.version == "1.1" and self._hosts == 0):
            raise BadRequestError("The request must have exactly one Host header.")
        if self.chunked and self.version == "1.0":
            raise BadRequestError("HTTP/1.0 knows no Transfer-Encoding.")
        if self.version == "1.0" or not (self.length or self.chunked):  # RFC 9110, 10.1.1
            self.expects_continue = False

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        kept = _KEPT.get(name)
        if kept is not None:
            if value:
                self.kept[kept] = value.decode("latin-1")
        elif name == b"content-length":
            self.length = int(value)
        elif name == b"host":
            self._hosts += 1
        elif name == b"transfer-encoding":
            self.chunked = True
        elif name == b"expect":
            self.expects_continue = value.lower() == b"100-continue"

    def on_headers_complete(self) -> None:
        self.complete = True
        self.keep_alive = self._parser.should_keep_alive()

"""Reads the head of a hot request, and refuses what two HTTP servers could understand differently.

httptools (llhttp, strict) already refuses duplicate or malformed lengths, a length beside `Transfer-Encoding`, folded
headers, bare line feeds and NUL. It lets pass what is checked here: no `Host` or two of them (RFC 9112, 3.2), and
`Transfer-Encoding` in HTTP/1.0 (RFC 9112, 6.1).
"""

import httptools

from litemaas.gateway.authentication import key_text
from litemaas.gateway.errors import BadRequestError

_KEPT = {
    b"authorization": "authorization",
    b"x-litellm-api-key": "x-litellm-api-key",
    b"x-api-key": "x-api-key",
    b"api-key": "api-key",
    b"x-request-id": "x-request-id",
}
_MAX_REQUEST_ID = 128


class RequestHead:
    """The head of one request.

    Attributes:
        length: Bytes of the body.
        chunked: The body's length is not known beforehand.
        expects_continue: The client waits for a 100 before it sends the body.
        keep_alive: The connection may serve another request.
    """

    __slots__ = ("_hosts", "_kept", "_parser", "chunked", "complete", "expects_continue", "keep_alive", "length")

    def __init__(self, head: bytes) -> None:
        """Parse `head`, which ends with its blank line.

        Raises:
            BadRequestError: It is not HTTP as it must be.
        """
        self._hosts = 0
        self._kept: dict[str, str] = {}
        self.length = 0
        self.chunked = False
        self.complete = False
        self.expects_continue = False
        self.keep_alive = False
        self._parser = parser = httptools.HttpRequestParser(self)
        try:
            parser.feed_data(head)
        except httptools.HttpParserUpgrade:
            pass  # RFC 9110, 7.8: an upgrade may be ignored
        except httptools.HttpParserError as error:
            raise BadRequestError("The request is not valid HTTP/1.1.") from error
        version = parser.get_http_version()
        if not self.complete or self._hosts > 1 or (version == "1.1" and self._hosts == 0):
            raise BadRequestError("The request must have exactly one Host header.")
        if self.chunked and version == "1.0":
            raise BadRequestError("HTTP/1.0 knows no Transfer-Encoding.")

    def on_header(self, name: bytes, value: bytes) -> None:  # noqa: D102
        name = name.lower()
        kept = _KEPT.get(name)
        if kept is not None:
            if value:
                self._kept[kept] = value.decode("latin-1")
        elif name == b"content-length":
            self.length = int(value)
        elif name == b"host":
            self._hosts += 1
        elif name == b"transfer-encoding":
            self.chunked = True
        elif name == b"expect":
            self.expects_continue = True

    def on_headers_complete(self) -> None:  # noqa: D102
        self.complete = True
        self.keep_alive = self._parser.should_keep_alive()

    @property
    def key(self) -> str | None:
        """The key that the client sent."""
        return key_text(self._kept)

    @property
    def request_id(self) -> str | None:
        """The client's own id of the call, if it can be echoed."""
        text = self._kept.get("x-request-id")
        return text if text and len(text) <= _MAX_REQUEST_ID and text.isascii() and text.isprintable() else None

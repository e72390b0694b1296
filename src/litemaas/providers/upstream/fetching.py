"""A whole request and answer as one coroutine, for everything that is not on the hot path."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from litemaas.providers.errors import AnswerBroken, UpstreamError
from litemaas.providers.upstream.call import AnswerHead, Timeouts, UpstreamCall
from litemaas.providers.upstream.pool import Origin, Upstreams

_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_BYTES = 8 * 1024 * 1024


class Response(NamedTuple):
    """An answer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class CollectedCall(UpstreamCall):
    """A call whose answer is collected.

    Attributes:
        answer: The whole answer, or why there is none.
    """

    __slots__ = ("_body", "_headers", "_status", "answer")

    def __init__(self, request: bytes, timeouts: Timeouts) -> None:
        super().__init__(request, timeouts)
        self.answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    def answer_began(self, head: AnswerHead) -> None:  # noqa: D102
        self._status = head.status
        self._headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers.items()}

    def answer_piece(self, data: bytes) -> None:  # noqa: D102
        self._body += data
        if len(self._body) > _MAX_BYTES:
            self.cancel()
            self.answer_failed(AnswerBroken("The answer is larger than 8 MiB."))

    def answer_ended(self) -> None:  # noqa: D102
        if not self.answer.done():
            self.answer.set_result(Response(self._status, self._headers, bytes(self._body)))

    def answer_failed(self, error: UpstreamError) -> None:  # noqa: D102
        if not self.answer.done():
            self.answer.set_exception(error)


def split_url(url: str) -> tuple[Origin, str]:
    """Origin and path (with query) of an http or https URL.

    Raises:
        ValueError: It is not one; the message says what is missing.
    """
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError(f"{url!r} must begin with http:// or https://.")
    if not parts.hostname or parts.username or parts.password:
        raise ValueError(f"{url!r} must name a host, without user and password.")
    path = parts.path or "/"
    return (
        Origin(parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme]),
        f"{path}?{parts.query}" if parts.query else path,
    )


def host_header(origin: Origin) -> str:
    """The value of `Host` (RFC 9110, 7.2)."""
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    return host if origin.port == _DEFAULT_PORTS[origin.scheme] else f"{host}:{origin.port}"


async def fetch(
    upstreams: Upstreams,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    timeout: float = 30.0,  # noqa: ASYNC109 - the pool enforces it, not a cancel scope
) -> Response:
    """Make one request.

    `timeout` counts seconds for each step and for the whole.

    Raises:
        ValueError: `url` is not one, or a header would break the request.
        UpstreamError: There was no answer.
    """
    origin, path = split_url(url)
    lines = {"Host": host_header(origin), "Accept": "*/*", "Accept-Encoding": "identity", **(headers or {})}
    if body is not None:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    if any(character in f"{path}{''.join(lines)}{''.join(lines.values())}" for character in "\r\n\0") or " " in path:
        raise ValueError("A header or the URL contains a character that must not be there.")
    request = f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + (body or b"")
    call = CollectedCall(request, Timeouts(timeout, timeout, timeout, timeout))
    upstreams.submit(origin, call)
    try:
        return await call.answer
    finally:
        call.cancel()

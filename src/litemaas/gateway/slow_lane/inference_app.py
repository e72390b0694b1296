"""Inference on the slow lane: the same exchange, for a client that FastAPI serves.

A connection that asked anything else first stays with uvicorn, so inference must work there too; and so must request
bodies of unknown length.
"""

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.settlement import new_call_id
from litemaas.gateway.calls.answers import error_answer
from litemaas.gateway.calls.exchange import Exchange
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.endpoints.rows import BY_PATH
from litemaas.gateway.errors import BodyTooLargeError, wire_error
from litemaas.gateway.http.authentication import key_digest
from litemaas.gateway.http.request_head import HINTS, echoable

_HIGH_WATER = 64


class QueuedClient:
    """Turns the exchange's calls into ASGI messages, in order."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[dict[str, object] | None] = asyncio.Queue()
        self.exchange: Exchange | None = None

    def respond(self, status: int, header_lines: bytes, body: bytes) -> None:
        """The whole answer at once."""
        headers = [*_pairs(header_lines), (b"content-length", b"%d" % len(body))]
        self.messages.put_nowait({"type": "http.response.start", "status": status, "headers": headers})
        self.messages.put_nowait({"type": "http.response.body", "body": body})
        self.messages.put_nowait(None)

    def begin_stream(self, header_lines: bytes) -> None:
        """A 200 whose body follows."""
        headers = [*_pairs(header_lines), (b"cache-control", b"no-cache")]
        self.messages.put_nowait({"type": "http.response.start", "status": 200, "headers": headers})

    def stream(self, data: bytes) -> None:
        """A piece of it; a client that is slow makes the upstream wait."""
        self.messages.put_nowait({"type": "http.response.body", "body": data, "more_body": True})
        if self.messages.qsize() > _HIGH_WATER and self.exchange is not None:
            self.exchange.pause()

    def end_stream(self) -> None:
        """All of it was sent."""
        self.messages.put_nowait({"type": "http.response.body", "body": b""})
        self.messages.put_nowait(None)

    def break_off(self) -> None:
        """It cannot be completed."""
        self.messages.put_nowait(None)  # uvicorn closes a response that was not ended


class InferenceApp:
    """ASGI application for the hot routes."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope, receive)
        await self.answer(request, send, QueuedClient(), caller_digest(request))

    async def answer(
        self, request: Request, send: Send, client: QueuedClient, digest: bytes | None, path: str = ""
    ) -> None:
        """Let an exchange answer a request.

        Args:
            request: What was asked, its body not read yet.
            send: Takes the ASGI messages of the answer.
            client: Makes them.
            digest: Whose rights count, see `AdmissionService.rights`; None: nobody's.
            path: The inference route, if it is not the request's own path.
        """
        path = path or request.scope["path"]
        body = await self.read(request, send, client, digest, path)
        if body is None:
            return
        client.exchange = exchange = Exchange(self._gateway, client, BY_PATH[path], request_id(request), hints(request))
        exchange.begin(digest, path, body)
        await self.deliver(request, send, client)

    async def read(
        self, request: Request, send: Send, client: QueuedClient, digest: bytes | None, path: str = ""
    ) -> bytes | None:
        """The body of a request, see `answer`; None: the client has left, or was told why it is not read.

        Of who may not call nothing is read: keeping what strangers send would fill our memory.
        """
        limit = self._gateway.settings.requests.max_body_bytes
        body = bytearray()
        try:
            self._gateway.caller(digest, path or request.scope["path"])
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise BodyTooLargeError(f"The request is larger than {limit >> 20} MiB.")
        except ClientDisconnect:
            return None
        except LiteMaaSError as error:
            self._gateway.counters.count_refused(wire_error(error).code)
            client.respond(*error_answer(error, request_id(request) or new_call_id(0)))
            await _send_all(client, send)
            return None
        return bytes(body)

    async def deliver(self, request: Request, send: Send, client: QueuedClient) -> None:
        """Send what `client` is told, until it has its answer or has left."""
        leaving = asyncio.create_task(_until_gone(request))
        sending = asyncio.create_task(_send_all(client, send))
        try:
            await asyncio.wait((leaving, sending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not sending.done() and client.exchange is not None:
                client.exchange.client_left()
            leaving.cancel()
            sending.cancel()


def caller_digest(request: Request) -> bytes | None:
    """SHA-256 of the key that a request carries; None: it carries none."""
    return key_digest({name.lower(): value for name, value in request.headers.items()})


def request_id(request: Request) -> str | None:
    """The client's own id of its call."""
    return echoable(request.headers.get("x-request-id"))


def hints(request: Request) -> dict[str, str]:
    """Of the headers in `HINTS` those that the client sent."""
    return {name: request.headers[name] for name in HINTS if name in request.headers}


async def _send_all(client: QueuedClient, send: Send) -> None:
    while (message := await client.messages.get()) is not None:
        await send(message)
        if client.exchange is not None and client.messages.empty():
            client.exchange.resume()


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _pairs(header_lines: bytes) -> list[tuple[bytes, bytes]]:
    pairs = []
    for line in header_lines.split(b"\r\n"):
        name, separator, value = line.partition(b": ")
        if separator:
            pairs.append((name, value))
    return pairs

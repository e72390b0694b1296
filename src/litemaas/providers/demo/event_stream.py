"""Server-sent events as an ASGI response that closes its source however it ends.

Starlette's `StreamingResponse` leaves a generator to the garbage collector when its task is cancelled between two
events; here a generation would then go on for nobody.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec
from starlette.types import Receive, Scope, Send

from litemaas.providers.demo.errors import ApiError

_HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store")]


class EventStream:
    """Sends JSON objects as events, then `[DONE]`, as OpenAI's streams end.

    An `ApiError` once the stream has begun becomes an event with its JSON, since the status is sent already.
    """

    def __init__(self, events: AsyncGenerator[object, None]) -> None:
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Send the response."""
        async with aclosing(self._events):
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            try:
                async for event in self._events:
                    await _send_event(send, msgspec.json.encode(event))
            except ApiError as error:
                await _send_event(send, msgspec.json.encode(error.body()))
            await _send_event(send, b"[DONE]")
            await send({"type": "http.response.body", "body": b""})


async def _send_event(send: Send, content: bytes) -> None:
    await send({"type": "http.response.body", "body": b"data: %b\n\n" % content, "more_body": True})

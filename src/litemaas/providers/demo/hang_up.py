"""Stops working for clients that hung up.

A server must watch the connection while it works, and ASGI reports a hang-up only to whoever calls `receive`. So the
outermost application reads the body, with its limit, watches, and cancels the inner application's task; what that task
holds open closes on the way out.
"""

import asyncio
from contextlib import suppress

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from litemaas.providers.demo.errors import ApiError

_MAX_BODY_BYTES = 8 << 20


class StopAtHangUp:
    """Wraps an ASGI application; cancels its task when the client goes away."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request, then let the application answer it for as long as the client listens."""
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > _MAX_BODY_BYTES:
                error = ApiError(413, f"The body of the request is larger than {_MAX_BODY_BYTES} bytes.")
                await JSONResponse(error.body(), error.status, headers={"connection": "close"})(scope, receive, send)
                return
        await self._answer(bytes(body), scope, receive, send)

    async def _answer(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return unread.pop() if unread else await asyncio.Future()

        answer = asyncio.ensure_future(self._application(scope, replay, send))
        hang_up = asyncio.ensure_future(_hang_up(receive))
        try:
            await asyncio.wait((answer, hang_up), return_when=asyncio.FIRST_COMPLETED)
        finally:
            hang_up.cancel()
            answer.cancel()
            with suppress(asyncio.CancelledError):
                await answer


async def _hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

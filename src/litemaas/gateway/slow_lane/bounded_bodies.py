"""Counts what an application is sent, until it has answered."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from litemaas.gateway.http.body_room import BodyRoom


class BoundedBodies:
    """ASGI middleware for an application that keeps bodies in memory.

    Where there is no room, receiving raises `NoRoomError`, which the application tells its client.
    """

    def __init__(self, app: ASGIApp, room: BodyRoom) -> None:
        self._app = app
        self._room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        taken = 0

        async def receive_within_bounds() -> Message:
            nonlocal taken
            message = await receive()
            size = len(message.get("body", b""))
            if size:
                self._room.take(size)
                taken += size
            return message

        try:
            await self._app(scope, receive_within_bounds, send)
        finally:
            self._room.give_back(taken)

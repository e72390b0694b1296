"""Chats of people who are logged in to the portal: the same exchange as any call, with the rights of a user.

No key is involved. A stream ends with an event of ours that tells what the call used and cost, which clients of the
OpenAI interface would not understand and therefore do not get.
"""

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from litemaas.domain.keys.entities import session_digest
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.http.body_room import BodyRoom
from litemaas.gateway.slow_lane.bounded_bodies import BoundedBodies
from litemaas.gateway.slow_lane.inference_app import InferenceApp, QueuedClient

_PATH = "/v1/chat/completions"
_encode = msgspec.json.Encoder().encode


class _Figures(Struct):
    """What the last event tells; cost in US dollars."""

    input_tokens: int
    output_tokens: int
    cost: str
    first_token_ms: int | None
    duration_ms: int
    estimated: bool


class _PlaygroundClient(QueuedClient):
    """Adds the event at the end of a stream, when the call is settled."""

    def end_stream(self) -> None:
        if self.exchange is not None:
            usage, record = self.exchange.figures()
            figures = _Figures(
                usage.input if usage else 0,
                usage.output if usage else 0,
                format(record.cost.normalize(), "f"),
                record.first_byte_ms,
                record.duration_ms,
                estimated=bool(usage and usage.estimated),
            )
            self.stream(b"event: litemaas\ndata: %b\n\n" % _encode(figures))
        super().end_stream()


class _Chat(Response):
    """Is answered by an exchange."""

    def __init__(self, app: InferenceApp, room: BodyRoom, user_id: str) -> None:
        super().__init__()
        self._app = app
        self._room = room
        self._user_id = user_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await BoundedBodies(self._chat, self._room)(scope, receive, send)

    async def _chat(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await self._app.answer(request, send, _PlaygroundClient(), session_digest(self._user_id), _PATH)


class Playground:
    """Answers chat requests of users; the request's body must not have been read."""

    def __init__(self, gateway: Gateway) -> None:
        self._app = InferenceApp(gateway)
        self._room = gateway.room

    async def __call__(self, user_id: str, _: Request) -> Response:
        """The answer to a chat request, with the rights of this user."""
        return _Chat(self._app, self._room, user_id)

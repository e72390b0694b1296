"""`/v1/messages`: the official `anthropic` SDK against any model.

A model that Anthropic serves gets the body as it is; any other gets the chat that asks the same, and its answer is told
in Anthropic's form. Either way one exchange leads the call, as it leads a chat.
"""

import re
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request

from litemaas.gateway.calls.demands import Demands
from litemaas.gateway.calls.exchange import Exchange
from litemaas.gateway.dialect_routes.dialect_app import DialectApp, Way
from litemaas.gateway.dialect_routes.mentions import check_container
from litemaas.gateway.dialect_routes.natives import called_model, takes_messages
from litemaas.gateway.dialect_routes.translating import TranslatingClient
from litemaas.gateway.dialects.messages.errors import error_body, error_event
from litemaas.gateway.dialects.messages.translation import MessagesTranslation
from litemaas.gateway.endpoints.call_request import CallRequest
from litemaas.gateway.endpoints.rows import MESSAGES, MESSAGES_AS_CHAT
from litemaas.gateway.slow_lane.inference_app import QueuedClient

_ERROR = 400
_OUR_ERROR_EVENT = b'data: {"error":'  # Anthropic's own events begin with their name
_BETA = "anthropic-beta"
_BETAS = re.compile(r"[\w.,-]{1,1024}")
_REQUEST_ID = b"x-request-id: "


class _Metadata(Struct):
    user_id: str | None = None


class _Body(Struct):
    container: Any = None


_decode_body = msgspec.json.Decoder(_Body).decode
_decode_metadata = msgspec.json.Decoder(_Metadata).decode


class MessagesClient(QueuedClient):
    """Tells errors in Anthropic's form, and what Anthropic's server says as it is."""

    def respond(self, status: int, header_lines: bytes, body: bytes) -> None:
        """The whole answer at once."""
        told = error_body(status, body) if status >= _ERROR else body
        super().respond(status, with_request_id(header_lines), told)

    def begin_stream(self, header_lines: bytes) -> None:
        """A 200 whose body follows."""
        super().begin_stream(with_request_id(header_lines))

    def stream(self, data: bytes) -> None:
        """A piece of it."""
        if data.startswith(_OUR_ERROR_EVENT):
            data = error_event(msgspec.json.decode(data.removeprefix(b"data: "))["error"])
        super().stream(data)


class MessagesExchange(Exchange):
    """Leads a call whose body stays in Anthropic's form."""

    __slots__ = ()

    def read(self, body: bytes) -> CallRequest:
        """What is asked in `body`, with its end user, who has another place than in a chat."""
        request = super().read(body)
        if "metadata" in request.fields:
            try:
                request.end_user = _decode_metadata(request.fields["metadata"]).user_id
            except msgspec.DecodeError:
                request.end_user = None  # the upstream's to refuse
        return request


class TranslatedMessagesClient(TranslatingClient, MessagesClient):
    """Tells in Anthropic's form what a model answered to a chat."""


class MessagesApp(DialectApp):
    """ASGI application for `/v1/messages`."""

    def client(self) -> MessagesClient:
        """Who is told of what goes wrong before a way is chosen."""
        return MessagesClient()

    async def choose(self, request: Request, digest: bytes | None, body: bytes) -> Way:
        """Choose between native and translated."""
        model = called_model(self.gateway, digest, body)
        if model is None:
            return Way(MESSAGES, MessagesClient(), body)
        if takes_messages(model):
            check_container(_decode_body(body).container)
            lines = "".join(f"{name}: {value}\r\n" for name, value in beta(request).items())
            demands = Demands(head_lines=lines, stands_in=takes_messages)
            return Way(MESSAGES, MessagesClient(), body, demands, MessagesExchange)
        translation = MessagesTranslation(body)
        return Way(MESSAGES_AS_CHAT, TranslatedMessagesClient(translation), translation.chat)


def beta(request: Request) -> dict[str, str]:
    """The header that switches on what Anthropic tries out, if the client sent one."""
    named = request.headers.get(_BETA, "").replace(" ", "")
    return {_BETA: named} if _BETAS.fullmatch(named) else {}


def with_request_id(header_lines: bytes) -> bytes:
    """Header lines with the call's id also where Anthropic's SDK looks for it."""
    _, found, rest = header_lines.partition(_REQUEST_ID)
    return b"%brequest-id: %b\r\n" % (header_lines, rest.partition(b"\r\n")[0]) if found else header_lines

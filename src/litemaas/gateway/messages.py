"""`/v1/messages`: the official `anthropic` SDK against any model.

A model that Anthropic serves gets the body as it is; any other gets the chat that asks the same, and its answer is told
in Anthropic's form. Either way one exchange leads the call, as it leads a chat.
"""

import re
from typing import NamedTuple

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.settlement import new_call_id
from litemaas.gateway.answers import error_answer
from litemaas.gateway.demands import Demands
from litemaas.gateway.dialects.messages.answers import message
from litemaas.gateway.dialects.messages.errors import error_body, error_event
from litemaas.gateway.dialects.messages.events import MessageStream
from litemaas.gateway.dialects.messages.requests import MessagesRequest, chat_request, read_messages_request
from litemaas.gateway.endpoints import MESSAGES, MESSAGES_AS_CHAT, Endpoint
from litemaas.gateway.errors import wire_error
from litemaas.gateway.exchange import Exchange
from litemaas.gateway.gateway import Gateway
from litemaas.gateway.natives import takes_messages
from litemaas.gateway.slow_lane import InferenceApp, QueuedClient, caller_digest, request_id
from litemaas.providers.errors import AnswerBroken
from litemaas.providers.usage import Usage

_ERROR = 400
_OUR_ERROR_EVENT = b'data: {"error":'  # Anthropic's own events begin with their name
_BETA = "anthropic-beta"
_BETAS = re.compile(r"[\w.,-]{1,1024}")
_REQUEST_ID = b"x-request-id: "


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


class TranslatingClient(MessagesClient):
    """Tells in Anthropic's form what a model answered to a chat.

    Args:
        request: What was asked.
    """

    def __init__(self, request: MessagesRequest) -> None:
        super().__init__()
        self._request = request
        self._stream: MessageStream | None = None

    def respond(self, status: int, header_lines: bytes, body: bytes) -> None:
        """The whole answer at once."""
        if status >= _ERROR:
            super().respond(status, header_lines, body)
            return
        asked = self._request
        told = message(
            body,
            self._usage(),
            message_id=self._message_id(),
            model=asked.model,
            stop_sequences=asked.stop_sequences or (),
            with_thoughts=asked.wants_thoughts,
        )
        if told is None:
            error = AnswerBroken("The model's server did not answer with a chat completion.")
            super().respond(*error_answer(error, self._message_id()))
        else:
            super().respond(status, header_lines, told)

    def begin_stream(self, header_lines: bytes) -> None:
        """A 200 whose body follows."""
        super().begin_stream(header_lines)
        asked = self._request
        self._stream = MessageStream(
            self._message_id(),
            asked.model,
            stop_sequences=asked.stop_sequences or (),
            with_thoughts=asked.wants_thoughts,
        )
        super().stream(self._stream.begin())

    def stream(self, data: bytes) -> None:
        """A piece of it."""
        if self._stream is not None and (told := self._stream.feed(data)):
            super().stream(told)

    def end_stream(self) -> None:
        """All of it was sent, and what it used is known."""
        if self._stream is not None:
            super().stream(self._stream.end(self._usage()))
        super().end_stream()

    def _usage(self) -> Usage:
        usage = self.exchange.figures()[0] if self.exchange is not None else None
        return usage or Usage()

    def _message_id(self) -> str:
        return f"msg_{self.exchange.call_id}" if self.exchange is not None else ""


class _Named(Struct):
    model: str = ""


class _Way(NamedTuple):
    """How a request is to be answered."""

    endpoint: Endpoint
    client: MessagesClient
    body: bytes
    demands: Demands


class MessagesApp:
    """ASGI application for `/v1/messages`."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._lane = InferenceApp(gateway)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope, receive)
        client = MessagesClient()
        body = await self._lane.read(request, send, client)
        if body is None:
            return
        digest = caller_digest(request)
        try:
            way = self._choose(request, digest, body)
        except LiteMaaSError as error:
            self._gateway.counters.count_refused(wire_error(error).code)
            client.respond(*error_answer(error, request_id(request) or new_call_id(0)))
        else:
            client = way.client
            client.exchange = exchange = Exchange(self._gateway, client, way.endpoint, request_id(request))
            exchange.begin(digest, scope["path"], way.body, way.demands)
        await self._lane.deliver(request, send, client)

    def _choose(self, request: Request, digest: bytes | None, body: bytes) -> _Way:
        """Choose between native and translated; what may not run at all, the exchange is to refuse."""
        try:
            named = msgspec.json.decode(body, type=_Named).model
            model = self._gateway.admissions.rights(digest or b"").permit(named).model
        except (LiteMaaSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _Way(MESSAGES, MessagesClient(), body, Demands())
        if takes_messages(model):
            lines = "".join(f"{name}: {value}\r\n" for name, value in beta(request).items())
            return _Way(MESSAGES, MessagesClient(), body, Demands(head_lines=lines, stands_in=takes_messages))
        asked = read_messages_request(body)
        return _Way(MESSAGES_AS_CHAT, TranslatingClient(asked), chat_request(asked), Demands())


def beta(request: Request) -> dict[str, str]:
    """The header that switches on what Anthropic tries out, if the client sent one."""
    named = request.headers.get(_BETA, "").replace(" ", "")
    return {_BETA: named} if _BETAS.fullmatch(named) else {}


def with_request_id(header_lines: bytes) -> bytes:
    """Header lines with the call's id also where Anthropic's SDK looks for it."""
    _, found, rest = header_lines.partition(_REQUEST_ID)
    return b"%brequest-id: %b\r\n" % (header_lines, rest.partition(b"\r\n")[0]) if found else header_lines

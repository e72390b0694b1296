"""What routes in other dialects have in common: a body is read, a way chosen for it, and an exchange leads the call."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.settlement import new_call_id
from litemaas.gateway.calls.answers import error_answer
from litemaas.gateway.calls.demands import NO_DEMANDS, Demands
from litemaas.gateway.calls.exchange import Exchange
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.endpoints.rows import Endpoint
from litemaas.gateway.errors import wire_error
from litemaas.gateway.slow_lane.inference_app import InferenceApp, QueuedClient, caller_digest, hints, request_id


class Way(NamedTuple):
    """How a request is to be answered.

    Attributes:
        endpoint: What the exchange takes it for.
        client: Who is told of the answer, and how.
        body: What the exchange is to send.
        exchange: Leads the call.
    """

    endpoint: Endpoint
    client: QueuedClient
    body: bytes
    demands: Demands = NO_DEMANDS
    exchange: type[Exchange] = Exchange


class DialectApp:
    """ASGI application for one route; subclasses choose the way."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self._lane = InferenceApp(gateway)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope, receive)
        client = self.client()
        digest = caller_digest(request)
        body = await self._lane.read(request, send, client, digest)
        if body is None:
            return
        try:
            endpoint, client, body, demands, exchange = await self.choose(request, digest, body)
        except LiteMaaSError as error:
            self.gateway.counters.count_refused(wire_error(error).code)
            client.respond(*error_answer(error, request_id(request) or new_call_id(0)))
        else:
            client.exchange = exchange(self.gateway, client, endpoint, request_id(request), hints(request))
            client.exchange.begin(digest, scope["path"], body, demands)
        await self._lane.deliver(request, send, client)

    def client(self) -> QueuedClient:
        """Who is told of what goes wrong before a way is chosen."""
        return QueuedClient()

    async def choose(self, request: Request, digest: bytes | None, body: bytes) -> Way:
        """Choose the way; what may not run at all, the exchange is to refuse.

        Raises:
            LiteMaaSError: There is none.
        """
        raise NotImplementedError

"""The routes whose requests are forms, for the slow lane's application."""

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.settlement import new_call_id
from litemaas.gateway.calls.answers import error_answer
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.errors import wire_error
from litemaas.gateway.slow_lane.inference_app import InferenceApp, QueuedClient, caller_digest, hints, request_id
from litemaas.gateway.uploads.calls import UploadExchange
from litemaas.gateway.uploads.durations import Duration, duration_of
from litemaas.gateway.uploads.forms import Form
from litemaas.gateway.uploads.reading import read_form
from litemaas.gateway.uploads.routes import UPLOADS
from litemaas.gateway.uploads.spooling import Spools


class UploadApp(InferenceApp):
    """ASGI application for them."""

    def __init__(self, gateway: Gateway, spools: Spools) -> None:
        super().__init__(gateway)
        self._spools = spools

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; who may not call is refused before anything of the form is kept."""
        request = Request(scope, receive)
        client = QueuedClient()
        try:
            self._gateway.caller(caller_digest(request), scope["path"])
            form = await read_form(request.headers.get("content-type"), request.stream(), self._spools)
        except ClientDisconnect:
            return
        except LiteMaaSError as error:
            self._gateway.counters.count_refused(wire_error(error).code)
            client.respond(*error_answer(error, new_call_id(0)))
            await self.deliver(request, send, client)
            return
        try:
            await self._answer(request, send, client, form)
        finally:
            form.close()

    async def _answer(self, request: Request, send: Send, client: QueuedClient, form: Form) -> None:
        route = UPLOADS[request.scope["path"]]
        duration = await asyncio.to_thread(_duration, form) if route.hears else None
        exchange = UploadExchange(self._gateway, client, route, form, duration, request_id(request), hints(request))
        client.exchange = exchange
        exchange.begin(caller_digest(request), request.scope["path"], b"")
        await self.deliver(request, send, client)


def _duration(form: Form) -> Duration:
    each = [duration_of(file.spool.file, file.spool.size) for file in form.files]
    return Duration(sum(one.most for one in each), sum(one.likely for one in each))

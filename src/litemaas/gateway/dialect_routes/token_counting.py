"""`/v1/messages/count_tokens`: how much input a request would be, without making it.

Anthropic's server is asked where it serves the model; for any other model it is our estimate, and a header says so. A
count costs nothing and is not in the ledger, but it needs a key that may call the model, and counts as a request.
"""

import msgspec
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from litemaas.domain.admission import Asked
from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.rights import Permit, Rights
from litemaas.domain.serving import Target
from litemaas.domain.settlement import new_call_id
from litemaas.gateway.calls.answers import JSON_TYPE, error_answer
from litemaas.gateway.calls.demands import NO_DEMANDS
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.calls.interceptors import Call
from litemaas.gateway.calls.kept_files import bind_to_keeper, files_named
from litemaas.gateway.calls.upstream_requests import UpstreamAnswer, ask
from litemaas.gateway.dialect_routes.messages import MessagesClient, beta
from litemaas.gateway.dialect_routes.natives import takes_messages
from litemaas.gateway.endpoints.call_request import CallRequest, read_request
from litemaas.gateway.endpoints.estimates import estimate_input
from litemaas.gateway.endpoints.rows import MESSAGES
from litemaas.gateway.errors import wire_error
from litemaas.gateway.slow_lane.inference_app import InferenceApp, caller_digest, request_id
from litemaas.providers.errors import UpstreamError

_PATH = f"{MESSAGES.path}/count_tokens"
_OK = 200
_NO_STORE = {"cache-control": "no-store"}
_ESTIMATED = b"x-litemaas-estimated: true\r\n"
_encode = msgspec.json.Encoder().encode


class TokenCountingApp:
    """ASGI application for `/v1/messages/count_tokens`."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._lane = InferenceApp(gateway)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope, receive)
        client = MessagesClient()
        body = await self._lane.read(request, send, client, caller_digest(request))
        if body is None:
            return
        call_id = request_id(request) or new_call_id(0)
        try:
            counted, lines = await self._count(request, body)
        except (LiteMaaSError, UpstreamError) as error:
            self._gateway.counters.count_refused(wire_error(error).code)
            client.respond(*error_answer(error, call_id))
        else:
            lines = b"%b%bx-request-id: %b\r\n" % (JSON_TYPE, lines, call_id.encode())
            client.respond(counted.status, lines, counted.body)
        await self._lane.deliver(request, send, client)

    async def _count(self, request: Request, body: bytes) -> tuple[UpstreamAnswer, bytes]:
        """The answer, with header lines that it needs besides."""
        rights = self._gateway.caller(caller_digest(request), request.scope["path"])
        admissions = self._gateway.admissions
        asked = read_request(MESSAGES, body)
        admission = await admissions.admit_free(rights, Asked(asked.asked.model, 0, generates=False))
        try:
            model = admission.permit.model
            if takes_messages(model):
                await bind_to_keeper(NO_DEMANDS, files_named(asked.fields), rights, model, self._gateway.objects)
                asked = await self._seen(rights, admission.permit, asked)
                return await self._ask(model.targets[0], request, asked), b""
            return UpstreamAnswer(_OK, _encode({"input_tokens": estimate_input(asked.asked)})), _ESTIMATED
        finally:
            admissions.release(admission)

    async def _seen(self, rights: Rights, permit: Permit, asked: CallRequest) -> CallRequest:
        """The request as interceptors let it go to a server; none may answer it."""
        call = Call(rights, permit, MESSAGES, asked, _NO_STORE, lambda _: None)
        for interceptor in self._gateway.interceptors:
            if interceptor.applies(rights, permit):
                await interceptor.before(call)
        return call.request

    async def _ask(self, target: Target, request: Request, asked: CallRequest) -> UpstreamAnswer:
        body = _encode({**asked.fields, "model": target.deployment.upstream_model})
        return await ask(self._gateway, target, "POST", _PATH, body=body, headers=beta(request))

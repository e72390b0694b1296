"""What can be done with a response that its upstream keeps: read it, its input items, cancel it, delete it.

Only its owner can, through the deployment that made it. None of it costs anything; each counts as a request.
"""

from urllib.parse import quote

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from litemaas.domain.admission import Asked
from litemaas.domain.errors import LiteMaaSError, UnavailableError
from litemaas.domain.rights import Rights
from litemaas.domain.serving import Target
from litemaas.domain.settlement import new_call_id
from litemaas.domain.upstream_objects.entities import UpstreamObject
from litemaas.domain.upstream_objects.errors import ObjectNotFoundError
from litemaas.gateway.calls.answers import JSON_TYPE, error_answer
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.calls.kept_files import owner
from litemaas.gateway.calls.upstream_requests import UpstreamAnswer, ask
from litemaas.gateway.endpoints.rows import RESPONSES
from litemaas.gateway.errors import BadRequestError, wire_error
from litemaas.gateway.slow_lane.inference_app import InferenceApp, QueuedClient, caller_digest, request_id
from litemaas.providers.errors import UpstreamError
from litemaas.storage.postgres import PASSING_ERRORS

_OK_BELOW = 300


class StoredResponseApp:
    """ASGI application for one of the routes below `/v1/responses/{id}`.

    Args:
        gateway: Whose calls they are.
        below: What follows the id, e.g. `/input_items`.
    """

    def __init__(self, gateway: Gateway, below: str = "") -> None:
        self._gateway = gateway
        self._objects = gateway.objects
        self._below = below
        self._lane = InferenceApp(gateway)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request, client = Request(scope, receive), QueuedClient()
        call_id = request_id(request) or new_call_id(0)
        try:
            answer = await self._answer(request)
        except PASSING_ERRORS:
            client.respond(*error_answer(UnavailableError("The database does not answer. Try again."), call_id))
        except (LiteMaaSError, UpstreamError) as error:
            self._gateway.counters.count_refused(wire_error(error).code)
            client.respond(*error_answer(error, call_id))
        else:
            client.respond(answer.status, b"%bx-request-id: %b\r\n" % (JSON_TYPE, call_id.encode()), answer.body)
        await self._lane.deliver(request, send, client)

    async def _answer(self, request: Request) -> UpstreamAnswer:
        rights = self._gateway.caller(caller_digest(request), request.scope["path"])
        admissions = self._gateway.admissions
        if request.query_params.get("stream", "false") != "false":
            raise BadRequestError("A kept response is read whole; leave 'stream' out.", param="stream")
        thing = await self._objects.find("response", request.path_params["response_id"], owner(rights))
        target = _keeper(rights, thing)
        admissions.release(await admissions.admit_free(rights, Asked(thing.model, 0, generates=False)))
        path = f"{RESPONSES.path}/{quote(thing.id, safe='')}{self._below}"
        if query := request.scope["query_string"].decode("latin-1"):
            path += f"?{query}"
        answer = await ask(self._gateway, target, request.method, path)
        if request.method == "DELETE" and answer.status < _OK_BELOW:
            await self._objects.forget(thing)
        return answer


def _keeper(rights: Rights, thing: UpstreamObject) -> Target:
    """The deployment that keeps a response, if the caller may still call its model."""
    for target in rights.permit(thing.model).model.targets:
        if target.deployment.id == thing.deployment_id:
            return target
    raise ObjectNotFoundError("The deployment that kept this response is gone.", param="id")

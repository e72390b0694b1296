"""What the routes of files and batches share: who calls, and how they are answered."""

import asyncpg
import msgspec
from msgspec import Struct
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from litemaas.domain.admission import Asked
from litemaas.domain.errors import LiteMaaSError, UnavailableError
from litemaas.domain.rights import Rights
from litemaas.domain.serving import Target
from litemaas.domain.settlement import new_call_id
from litemaas.domain.upstream_objects.entities import Kind, UpstreamObject
from litemaas.domain.upstream_objects.errors import ObjectNotFoundError
from litemaas.gateway.calls.answers import JSON_TYPE, error_answer
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.calls.kept_files import owner
from litemaas.gateway.calls.upstream_requests import UpstreamAnswer
from litemaas.gateway.errors import wire_error
from litemaas.gateway.slow_lane.inference_app import InferenceApp, QueuedClient, caller_digest, request_id
from litemaas.providers.errors import AnswerBroken, UpstreamError
from litemaas.storage.postgres import PASSING_ERRORS


class Kept(Struct, frozen=True):
    """A thing that an upstream keeps, and the deployment that does."""

    thing: UpstreamObject
    target: Target


class KeptApp:
    """ASGI application for one route; subclasses say how it is answered.

    Args:
        gateway: Whose calls they are.

    Attributes:
        objects: Whose a thing is, and who keeps it.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.objects = gateway.objects
        self._lane = InferenceApp(gateway)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request, client = Request(scope, receive), QueuedClient()
        call_id = request_id(request) or new_call_id(0)
        try:
            answer = await self.answer(request, self.gateway.caller(caller_digest(request), scope["path"]), client)
        except ClientDisconnect:
            return
        except (asyncpg.PostgresError, *PASSING_ERRORS):
            client.respond(*error_answer(UnavailableError("The database does not answer. Try again."), call_id))
        except msgspec.MsgspecError:
            told = AnswerBroken("The model's server said yes, and nothing that can be understood.")
            client.respond(*error_answer(told, call_id))
        except (LiteMaaSError, UpstreamError) as error:
            self.gateway.counters.count_refused(wire_error(error).code)
            client.respond(*error_answer(error, call_id))
        else:
            if answer is not None:
                client.respond(answer.status, b"%bx-request-id: %b\r\n" % (JSON_TYPE, call_id.encode()), answer.body)
        await self._lane.deliver(request, send, client)

    async def answer(self, request: Request, rights: Rights, client: QueuedClient) -> UpstreamAnswer | None:
        """The answer to a request; None: `client` is told of it.

        Raises:
            LiteMaaSError: It is refused.
            UpstreamError: The upstream does not answer.
        """
        raise NotImplementedError

    async def count(self, rights: Rights, model: str) -> None:
        """Count a request that costs nothing.

        Raises:
            RefusedError, NotFoundError: It may not be made.
        """
        admissions = self.gateway.admissions
        admissions.release(await admissions.admit_free(rights, Asked(model, 0, generates=False)))

    async def find(self, rights: Rights, kind: Kind, object_id: str) -> Kept:
        """A thing of the caller's, whose model they may still call.

        Raises:
            ObjectNotFoundError: There is none, or its deployment is gone.
        """
        thing = await self.objects.find(kind, object_id, owner(rights))
        kept = self.keeper(rights, thing)
        if kept is None:
            raise ObjectNotFoundError(f"The deployment that kept this {kind} is gone.", param="id")
        return kept

    def keeper(self, rights: Rights, thing: UpstreamObject) -> Kept | None:
        """The deployment that keeps `thing`; None: it is gone.

        Raises:
            ModelNotAllowedError, UnknownModelError: Its model may not be called any more.
        """
        for target in rights.permit(thing.model).model.targets:
            if target.deployment.id == thing.deployment_id:
                return Kept(thing, target)
        return None

"""`/v1/responses`: OpenAI's newer way to ask, against any model.

An upstream that serves it gets the body as it is, and may keep the response for its caller. Any other upstream gets the
chat that asks the same, and keeps nothing.
"""

from starlette.requests import Request

from litemaas.domain.upstream_objects.service import UpstreamObjects
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.dialect_routes.dialect_app import DialectApp, Way
from litemaas.gateway.dialect_routes.keeping import KeepingClient
from litemaas.gateway.dialect_routes.mentions import demands_of, read_body
from litemaas.gateway.dialect_routes.natives import called_model, takes_responses
from litemaas.gateway.dialect_routes.translating import TranslatingClient
from litemaas.gateway.dialects.responses.translation import ResponsesTranslation
from litemaas.gateway.endpoints.rows import RESPONSES, RESPONSES_AS_CHAT
from litemaas.gateway.slow_lane.inference_app import QueuedClient


class ResponsesApp(DialectApp):
    """ASGI application for `/v1/responses`.

    Args:
        gateway: Whose calls they are.
        objects: Where it is written whose a kept response is.
    """

    def __init__(self, gateway: Gateway, objects: UpstreamObjects) -> None:
        super().__init__(gateway)
        self._objects = objects

    async def choose(self, request: Request, digest: bytes | None, body: bytes) -> Way:  # noqa: ARG002 - others need it
        """Choose between native and translated."""
        model = called_model(self.gateway, digest, body)
        if model is None or digest is None:
            return Way(RESPONSES, QueuedClient(), body)
        if not takes_responses(model):
            translation = ResponsesTranslation(body)
            return Way(RESPONSES_AS_CHAT, TranslatingClient(translation), translation.chat)
        fields = read_body(body)
        demands = await demands_of(fields, self.gateway.admissions.rights(digest), model, self._objects)
        client = QueuedClient() if fields.get("store") is False else KeepingClient(self._objects)
        return Way(RESPONSES, client, body, demands)

"""`/v1/responses`: OpenAI's newer way to ask, against any model.

An upstream that serves it gets the body as it is, and may keep the response for its caller. Any other upstream gets the
chat that asks the same, and keeps nothing.
"""

from starlette.requests import Request

from litemaas.gateway.dialect_routes.dialect_app import DialectApp, Way
from litemaas.gateway.dialect_routes.keeping import KeepingClient
from litemaas.gateway.dialect_routes.mentions import demands_of, read_body
from litemaas.gateway.dialect_routes.natives import called_model, takes_responses
from litemaas.gateway.dialect_routes.translating import TranslatingClient
from litemaas.gateway.dialects.responses.translation import ResponsesTranslation
from litemaas.gateway.endpoints.rows import RESPONSES, RESPONSES_AS_CHAT
from litemaas.gateway.slow_lane.inference_app import QueuedClient


class ResponsesApp(DialectApp):
    """ASGI application for `/v1/responses`."""

    async def choose(self, request: Request, digest: bytes | None, body: bytes) -> Way:  # noqa: ARG002 - others need it
        """Choose between native and translated."""
        model = called_model(self.gateway, digest, body)
        if model is None or digest is None:
            return Way(RESPONSES, QueuedClient(), body)
        if not takes_responses(model):
            translation = ResponsesTranslation(body)
            return Way(RESPONSES_AS_CHAT, TranslatingClient(translation), translation.chat)
        fields, objects = read_body(body), self.gateway.objects
        demands = await demands_of(fields, self.gateway.admissions.rights(digest), model, objects)
        client = QueuedClient() if fields.get("store") is False else KeepingClient(objects)
        return Way(RESPONSES, client, body, demands)

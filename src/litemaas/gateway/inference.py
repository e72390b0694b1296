"""Every inference route of the slow lane's application, from whatever module answers it."""

from starlette.routing import Route
from starlette.types import ASGIApp

from litemaas.gateway.batches.routes import batch_routes
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.dialect_routes.messages import MessagesApp
from litemaas.gateway.dialect_routes.responses import ResponsesApp
from litemaas.gateway.dialect_routes.stored_responses import StoredResponseApp
from litemaas.gateway.dialect_routes.token_counting import TokenCountingApp
from litemaas.gateway.endpoints.rows import BY_PATH, MESSAGES, RESPONSES
from litemaas.gateway.slow_lane.bounded_bodies import BoundedBodies
from litemaas.gateway.slow_lane.inference_app import InferenceApp
from litemaas.gateway.uploads.app import UploadApp
from litemaas.gateway.uploads.routes import UPLOADS
from litemaas.gateway.uploads.spooling import Spools


def inference_routes(gateway: Gateway) -> list[Route]:
    """All routes that models answer."""
    spools = Spools(gateway.settings.uploads)
    chat = BoundedBodies(InferenceApp(gateway), gateway.room)
    routes = [Route(path, chat, methods=["POST"]) for path in BY_PATH]
    for path, app in (
        (MESSAGES.path, MessagesApp(gateway)),
        (f"{MESSAGES.path}/count_tokens", TokenCountingApp(gateway)),
        (RESPONSES.path, ResponsesApp(gateway)),
    ):
        routes += _routes(path, BoundedBodies(app, gateway.room))
    for method, below in (("GET", ""), ("DELETE", ""), ("GET", "/input_items"), ("POST", "/cancel")):
        routes += _routes(f"{RESPONSES.path}/{{response_id}}{below}", StoredResponseApp(gateway, below), method)
    uploads = UploadApp(gateway, spools)
    routes += [Route(path, uploads, methods=["POST"]) for path in UPLOADS]
    return routes + batch_routes(gateway, spools)


def _routes(path: str, app: ASGIApp, method: str = "POST") -> list[Route]:
    """A route with and without `/v1`."""
    return [Route(prefix + path, app, methods=[method]) for prefix in ("/v1", "")]

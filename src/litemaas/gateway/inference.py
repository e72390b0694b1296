"""Every inference route of the slow lane's application, from whatever module answers it."""

from starlette.routing import Route
from starlette.types import ASGIApp

from litemaas.gateway.endpoints import BY_PATH, MESSAGES
from litemaas.gateway.gateway import Gateway
from litemaas.gateway.messages import MessagesApp
from litemaas.gateway.slow_lane import InferenceApp
from litemaas.gateway.token_counting import TokenCountingApp


def inference_routes(gateway: Gateway) -> list[Route]:
    """All routes that models answer."""
    chat = InferenceApp(gateway)
    routes = [Route(path, chat, methods=["POST"]) for path in BY_PATH]
    routes += _routes(MESSAGES.path, MessagesApp(gateway))
    routes += _routes(f"{MESSAGES.path}/count_tokens", TokenCountingApp(gateway))
    return routes


def _routes(path: str, app: ASGIApp, method: str = "POST") -> list[Route]:
    """A route with and without `/v1`."""
    return [Route(prefix + path, app, methods=[method]) for prefix in ("/v1", "")]

"""The slow lane's server: uvicorn's protocol, made stricter, for connections that the fast lane hands over."""

import asyncio

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from litemaas.gateway.http.patience import IDLE_SECONDS, READ_SECONDS
from litemaas.gateway.slow_lane.connection import SlowConnection


class UvicornLane:
    """Makes the protocol of one connection at each call.

    Args:
        app: What is served.
        read_seconds: How long a request's head may take, and how long its body may pause.
        idle_seconds: How long a connection may ask nothing.
    """

    def __init__(self, app: ASGIApp, read_seconds: float = READ_SECONDS, idle_seconds: int = IDLE_SECONDS) -> None:
        self._state = ServerState()
        self._read_seconds = read_seconds
        self._config = Config(
            app,
            http=HttpToolsProtocol,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=idle_seconds,
        )
        self._config.load()

    def __call__(self) -> asyncio.Protocol:
        """A protocol that serves the application."""
        return SlowConnection(self._config, self._state, self._read_seconds)

    def shut_down(self) -> None:
        """Let each connection end its request, and close it then."""
        for connection in list(self._state.connections):
            connection.shutdown()

    async def drain(self) -> None:
        """Wait until all requests have ended."""
        while self._state.tasks:
            await asyncio.wait(self._state.tasks)

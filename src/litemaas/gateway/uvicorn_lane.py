"""The slow lane's server: stock uvicorn protocol objects for connections that the fast lane hands over."""

import asyncio

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

_KEEP_ALIVE_SECONDS = 90


class UvicornLane:
    """Makes the protocol of one connection at each call."""

    def __init__(self, app: ASGIApp) -> None:
        self._state = ServerState()
        self._config = Config(
            app,
            http=HttpToolsProtocol,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        self._config.load()

    def __call__(self) -> asyncio.Protocol:
        """A protocol that serves the application."""
        return HttpToolsProtocol(config=self._config, server_state=self._state, app_state={})

    def shut_down(self) -> None:
        """Let each connection end its request, and close it then."""
        for connection in list(self._state.connections):
            connection.shutdown()

    async def drain(self) -> None:
        """Wait until all requests have ended."""
        while self._state.tasks:
            await asyncio.wait(self._state.tasks)

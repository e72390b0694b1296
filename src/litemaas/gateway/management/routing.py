"""Routes whose writes are in force here before they are answered."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from litemaas.gateway.management.access import platform_of

_READS = frozenset({"GET", "HEAD"})


class ManagementRoute(APIRoute):
    """A route that brings the snapshot up to date before it answers a write."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, with the catching up behind it."""
        handle = super().get_route_handler()
        if self.methods is not None and self.methods <= _READS:
            return handle

        async def handle_and_catch_up(request: Request) -> Response:
            response = await handle(request)
            await platform_of(request).snapshot.catch_up()
            return response

        return handle_and_catch_up

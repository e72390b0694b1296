"""Routes whose writes are in force here before they are answered, and whose callers are known before they are read."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from litemaas.bodies import bounded
from litemaas.gateway.management.access import caller_key, operator, platform_of

_READS = frozenset({"GET", "HEAD"})
_MOST_BODY_BYTES = 4 * 1024 * 1024
"""The largest is a picture of 2 MiB, in base64."""


class ManagementRoute(APIRoute):
    """A route that brings the snapshot up to date before it answers a write.

    A write's body is read only if its sender may write: FastAPI would keep it for anybody, and look at the key later.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, with the guard before it and the catching up behind it."""
        handle = super().get_route_handler()
        if self.methods is not None and self.methods <= _READS:
            return handle

        async def guard_handle_and_catch_up(request: Request) -> Response:
            platform = platform_of(request)
            await operator(request, platform, caller_key(request))
            response = await handle(bounded(request, _MOST_BODY_BYTES))
            await platform.snapshot.catch_up()
            return response

        return guard_handle_and_catch_up

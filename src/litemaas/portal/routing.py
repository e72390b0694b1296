"""Routes of the portal: guarded before anything of the request is read, and in force here before they are answered."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from litemaas.bodies import bounded
from litemaas.domain.sessions.entities import LoggedIn
from litemaas.domain.sessions.errors import CrossSiteRequestError, NotLoggedInError, RoleNotAllowedError
from litemaas.portal.caller import browser_secret, find_caller
from litemaas.portal.permissions import ANYBODY, Permission, allows
from litemaas.portal.portal import portal_of

CSRF_HEADER = "x-csrf-token"
_EXTENSION = "x-permission"
_READS = frozenset({"GET", "HEAD"})
_MOST_BODY_BYTES = 1024 * 1024
_MOST_BODY_BYTES_OF_ANYBODY = 16 * 1024
_ANSWER_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
"""What people see is theirs, and JSON is never taken for a page."""


class UnguardedRouteError(Exception):
    """A route declares no permission: everybody could call it, which must be said if it is meant."""


def needs(permission: Permission) -> dict[str, str]:
    """What a route declares as its `openapi_extra`."""
    return {_EXTENSION: permission.value}


def permission_of(route: APIRoute) -> Permission:
    """The permission that a route declares.

    Raises:
        UnguardedRouteError: None.
    """
    declared = (route.openapi_extra or {}).get(_EXTENSION)
    if declared is None:
        raise UnguardedRouteError(f"{route.path} declares no permission. Give it openapi_extra=needs(…).")
    return Permission(declared)


class PortalRoute(APIRoute):
    """A route that lets in whom the table of permissions allows.

    A request that changes something must carry the CSRF token of its browser, which other sites cannot know.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        permission_of(self)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route with the guard before it, and the catching up behind it."""
        handle = super().get_route_handler()
        permission = permission_of(self)
        changes = not (self.methods or set()) <= _READS
        most_bytes = _MOST_BODY_BYTES_OF_ANYBODY if allows(permission, ANYBODY) else _MOST_BODY_BYTES
        reads_itself = self.body_field is None  # a picture, or a chat: each with a bound of its own

        async def guard_and_handle(request: Request) -> Response:
            if changes or not allows(permission, ANYBODY):
                caller = await find_caller(request)
                _check_role(permission, caller)
                if changes:
                    _check_origin(request, caller)
            response = await handle(request if reads_itself else bounded(request, most_bytes))
            for name, value in _ANSWER_HEADERS.items():
                response.headers.setdefault(name, value)
            if changes:
                await portal_of(request.app).platform.snapshot.catch_up()
            return response

        return guard_and_handle


def portal_router(tag: str) -> APIRouter:
    """A router for the routes of one page of the UI."""
    return APIRouter(tags=[tag], route_class=PortalRoute)


def _check_role(permission: Permission, caller: LoggedIn | None) -> None:
    if allows(permission, caller.role if caller else ANYBODY):
        return
    if caller is None:
        raise NotLoggedInError("You are not logged in, or no longer.")
    raise RoleNotAllowedError(f"Your role, {caller.role}, does not include {permission}.")


def _check_origin(request: Request, caller: LoggedIn | None) -> None:
    secret = browser_secret(request, caller)
    token = request.headers.get(CSRF_HEADER, "")
    if secret is None or not portal_of(request.app).signer.is_csrf_token(token, secret):
        raise CrossSiteRequestError("The request does not come from our own pages. Reload the page and try again.")

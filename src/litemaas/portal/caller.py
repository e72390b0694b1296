"""Who calls a route, and what it works with."""

from typing import Annotated

from fastapi import Depends, Request

from litemaas.domain.audit.entities import Actor
from litemaas.domain.sessions.entities import LoggedIn
from litemaas.domain.sessions.errors import NotLoggedInError
from litemaas.portal.hosts import BROWSER_COOKIE, SESSION_COOKIE
from litemaas.portal.portal import Portal, portal_of

_STATE = "logged_in"


def the_portal(request: Request) -> Portal:
    """What the application was given."""
    return portal_of(request.app)


ThePortal = Annotated[Portal, Depends(the_portal)]


async def find_caller(request: Request) -> LoggedIn | None:
    """Whose session the cookie names; looked up once for each request."""
    if not hasattr(request.state, _STATE):
        secret = request.cookies.get(SESSION_COOKIE)
        found = await portal_of(request.app).sessions.find(secret) if secret else None
        setattr(request.state, _STATE, found)
    caller: LoggedIn | None = getattr(request.state, _STATE)
    return caller


async def require_caller(request: Request) -> LoggedIn:
    """Who calls.

    Raises:
        NotLoggedInError: Nobody whom we know.
    """
    caller = await find_caller(request)
    if caller is None:
        raise NotLoggedInError("You are not logged in, or no longer.")
    return caller


def browser_secret(request: Request, caller: LoggedIn | None) -> str | None:
    """The cookie that tokens of this browser are bound to: that of its session, or before the login its own."""
    return request.cookies.get(SESSION_COOKIE if caller else BROWSER_COOKIE)


Caller = Annotated[LoggedIn, Depends(require_caller)]
MaybeCaller = Annotated[LoggedIn | None, Depends(find_caller)]


async def acting(request: Request, caller: Caller) -> Actor:
    """The caller, as the audit log has them."""
    return Actor(caller.user_id, portal_of(request.app).hosts.visitor(request).address)


Acting = Annotated[Actor, Depends(acting)]

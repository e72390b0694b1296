"""`/api/auth/*`: logging in and out, and one's own sessions."""

from datetime import datetime
from hmac import compare_digest
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from litemaas.domain.sessions.errors import IdentityProviderError, WrongPasswordError
from litemaas.portal import login_flow
from litemaas.portal.caller import Acting, Caller, MaybeCaller, ThePortal
from litemaas.portal.fields import Order
from litemaas.portal.hosts import SESSION_COOKIE
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router

router = portal_router("login")

_LONGEST = 1024
_NO_CONTENT = 204


class Password(Order):
    """Name and password of the built-in admin."""

    username: Annotated[str, Field(max_length=_LONGEST)]
    password: Annotated[str, Field(max_length=_LONGEST, repr=False)]


class LoggedOut(BaseModel):
    """Where the browser goes next, to log out at the identity provider too; null: nowhere."""

    redirect: str | None


class OwnSession(BaseModel):
    """One of the caller's sessions."""

    id: UUID
    current: bool
    user_agent: str | None
    address: str | None
    created_at: datetime
    last_seen_at: datetime


class OwnSessions(BaseModel):
    """The caller's sessions, the latest used first."""

    items: list[OwnSession]


@router.post("/auth/password", status_code=_NO_CONTENT, openapi_extra=needs(Permission.ENTER))
async def log_in(portal: ThePortal, request: Request, body: Password) -> Response:
    """Log in as the built-in admin."""
    visitor = portal.hosts.visitor(request)
    await portal.sessions.check_attempt(visitor.address)
    access = portal.platform.settings.access
    right_name = compare_digest(body.username.encode(), access.admin_username.encode())
    right_password = compare_digest(body.password.encode(), access.admin_password.encode())
    if not (access.admin_password and right_name and right_password):
        raise WrongPasswordError("The name or the password is wrong.")
    secret = await portal.logins.enter_as_admin(access.admin_username, visitor)
    await portal.sessions.forgive(visitor.address)
    response = Response(status_code=_NO_CONTENT)
    await login_flow.let_in(portal, request, response, secret)
    return response


@router.get("/auth/login/{provider}", response_class=Response, openapi_extra=needs(Permission.ENTER))
async def go_to_provider(
    portal: ThePortal, request: Request, provider: str, wanted: Annotated[str | None, Query(alias="next")] = None
) -> Response:
    """Redirect to an identity provider; `next` is where in the UI the person wants to go."""
    return await login_flow.begin(portal, request, provider, wanted)


@router.get("/auth/callback", response_class=Response, openapi_extra=needs(Permission.ENTER))
async def come_back(
    portal: ThePortal, request: Request, code: str | None = None, state: str | None = None, iss: str | None = None
) -> Response:
    """Where identity providers send the browser back to."""
    return await login_flow.finish(portal, request, code=code, state=state, issuer=iss)


@router.post("/auth/logout", openapi_extra=needs(Permission.ENTER))
async def log_out(portal: ThePortal, request: Request, response: Response, caller: MaybeCaller) -> LoggedOut:
    """End this session."""
    redirect = None
    if caller is not None:
        await portal.logins.leave(caller, request.cookies[SESSION_COOKIE], portal.hosts.visitor(request))
        redirect = await _end_session_url(portal, request, caller.session.provider)
    portal.hosts.delete_cookie(request, response, SESSION_COOKIE)
    return LoggedOut(redirect=redirect)


@router.get("/auth/sessions", openapi_extra=needs(Permission.OWN_READ))
async def own_sessions(portal: ThePortal, caller: Caller) -> OwnSessions:
    """Where one is logged in."""
    sessions = await portal.sessions.of_user(caller.user_id)
    return OwnSessions(
        items=[
            OwnSession(
                id=one.id,
                current=one.id == caller.session.id,
                user_agent=one.user_agent,
                address=one.address,
                created_at=one.created_at,
                last_seen_at=one.last_seen_at,
            )
            for one in sessions
        ]
    )


@router.delete("/auth/sessions/{session_id}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.OWN_WRITE))
async def end_session(portal: ThePortal, caller: Caller, session_id: UUID) -> None:
    """Log out somewhere else."""
    await portal.sessions.close_one(caller.user_id, session_id)


@router.delete("/auth/sessions", status_code=_NO_CONTENT, openapi_extra=needs(Permission.OWN_WRITE))
async def end_sessions(portal: ThePortal, caller: Caller, actor: Acting) -> None:
    """Log out everywhere, here too."""
    await portal.logins.leave_everywhere(caller, actor)


async def _end_session_url(portal: Portal, request: Request, provider_id: str) -> str | None:
    provider, base = portal.providers.get(provider_id), portal.hosts.base_of(request)
    if provider is None or base is None:
        return None
    try:
        return await provider.end_session_url(f"{base}{login_flow.LOGIN_PAGE}")
    except IdentityProviderError:
        return None  # being logged out here does not depend on it

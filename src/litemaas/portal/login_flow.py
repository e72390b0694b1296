"""A login by way of an identity provider: off to it, and back.

What must be remembered in between travels through the browser, signed, so that any replica may take the browser back.
It is bound to a cookie of this browser, counts once, and is forgotten after ten minutes.
"""

import logging
import time
from datetime import UTC, datetime
from secrets import token_urlsafe
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from msgspec.structs import replace

from litemaas.domain.errors import NotFoundError
from litemaas.domain.sessions.entities import Identity
from litemaas.domain.sessions.errors import EntryRefusedError, IdentityProviderError, LoginStateError
from litemaas.portal.hosts import BROWSER_COOKIE, SESSION_COOKIE, destination
from litemaas.portal.identity.provider import Round
from litemaas.portal.portal import Portal
from litemaas.portal.signing import LoginState
from litemaas.settings import Secret

CALLBACK = "/api/auth/callback"
LOGIN_PAGE = "/ui/login"
_BROWSER_BYTES = 32
_FOUND = 302
_REASONS: dict[type[Exception], str] = {
    LoginStateError: "state",
    IdentityProviderError: "provider",
    EntryRefusedError: "refused",
}
_REFUSED_THERE = "denied"

_log = logging.getLogger(__name__)


def new_browser_secret() -> Secret:
    """A value for the cookie that tells one browser from another before the login."""
    return Secret(token_urlsafe(_BROWSER_BYTES))


async def begin(portal: Portal, request: Request, provider_id: str, wanted: str | None) -> Response:
    """Send the browser to the identity provider; from a host that is not registered there, to the admin host first.

    Raises:
        NotFoundError: There is no such provider.
    """
    provider = portal.providers.get(provider_id)
    if provider is None:
        raise NotFoundError(f"There is no login with {provider_id!r}.", param="provider")
    base = portal.hosts.base_of(request)
    if base is None:
        query = urlencode({"next": destination(wanted)})
        return RedirectResponse(f"{portal.hosts.public_url}/api/auth/login/{provider_id}?{query}", _FOUND)
    browser = request.cookies.get(BROWSER_COOKIE) or new_browser_secret()
    state = portal.signer.begin_login(provider_id, base, destination(wanted), time.time())
    try:
        url = await provider.authorization_url(_round(portal, state, portal.signer.seal(state, browser)))
    except IdentityProviderError as error:
        return _back_to_login(error)
    response = RedirectResponse(url, _FOUND)
    portal.hosts.set_cookie(request, response, BROWSER_COOKIE, browser)
    return response


async def finish(
    portal: Portal, request: Request, *, code: str | None, state: str | None, issuer: str | None
) -> Response:
    """Take the browser back from the identity provider; with a good code it gets a session, a new one in any case."""
    try:
        login = await _reopen(portal, request, state or "")
        if not code:
            _log.info("login with %s was refused there", login.provider)
            return _redirect_to_login(_REFUSED_THERE)
        identity = await _identify(portal, login, code, issuer)
        secret = await portal.logins.enter(identity, portal.hosts.visitor(request))
    except (LoginStateError, IdentityProviderError, EntryRefusedError) as error:
        _log.info("a login failed: %s", error)
        return _back_to_login(error)
    response = RedirectResponse(login.next, _FOUND)
    await let_in(portal, request, response, secret)
    return response


async def let_in(portal: Portal, request: Request, response: Response, secret: Secret) -> None:
    """Give the browser its new session; the one that it had is over, and what it knew before the login is void."""
    old = request.cookies.get(SESSION_COOKIE)
    if old:
        await portal.sessions.close(old)
    portal.hosts.set_cookie(request, response, SESSION_COOKIE, secret)
    portal.hosts.delete_cookie(request, response, BROWSER_COOKIE)
    await portal.platform.snapshot.catch_up()  # the user may be new, and will call models


async def _reopen(portal: Portal, request: Request, text: str) -> LoginState:
    browser = request.cookies.get(BROWSER_COOKIE)
    if not browser:
        raise LoginStateError("This login was begun in another browser.")
    login = portal.signer.open(text, browser, time.time())
    if portal.hosts.base_of(request) != login.base:
        raise LoginStateError("This login was begun under another address.")
    await portal.sessions.use_state(login.id, datetime.fromtimestamp(login.expires_at, UTC))
    return login


async def _identify(portal: Portal, login: LoginState, code: str, issuer: str | None) -> Identity:
    provider = portal.providers.get(login.provider)
    if provider is None:
        raise LoginStateError("This way to log in is no longer offered.")
    return await provider.identify(replace(_round(portal, login), answered_by=issuer), code)


def _round(portal: Portal, state: LoginState, sealed: str = "") -> Round:
    signer = portal.signer
    return Round(f"{state.base}{CALLBACK}", sealed, signer.code_verifier(state), signer.nonce(state))


def _back_to_login(error: Exception) -> Response:
    return _redirect_to_login(_REASONS[type(error)])


def _redirect_to_login(reason: str) -> Response:
    return RedirectResponse(f"{LOGIN_PAGE}?{urlencode({'error': reason})}", _FOUND)

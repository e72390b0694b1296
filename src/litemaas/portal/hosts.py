"""Under which address the browser calls us, and where it may be sent.

An instance has up to two registered addresses, the admin host and the users' host. Identity providers send browsers
back to these only, so that a login that begins on any other host is sent to the admin host first.
"""

from urllib.parse import unquote, urlsplit

from fastapi import Request, Response

from litemaas.domain.sessions.entities import Visitor
from litemaas.settings import PortalSettings

SESSION_COOKIE = "litemaas_session"
BROWSER_COOKIE = "litemaas_browser"
UI = "/ui/"


class Hosts:
    """The addresses of this instance."""

    def __init__(self, settings: PortalSettings) -> None:
        self.public_url = settings.public_url.rstrip("/")
        self._hops = settings.forwarded_hops
        urls = [url.rstrip("/") for url in (settings.public_url, settings.frontend_url) if url]
        self._bases = {urlsplit(url).netloc.lower(): url for url in urls}

    def base_of(self, request: Request) -> str | None:
        """Scheme and host under which the browser called, if registered; where none is, any is as good."""
        if not self._bases:
            return f"{request.url.scheme}://{request.headers.get('host', '')}"
        return self._bases.get(request.headers.get("host", "").lower())

    def visitor(self, request: Request) -> Visitor:
        """Where the request comes from.

        Each proxy in front appends the address that it saw; the last ones are those that our own proxies wrote.
        """
        address = request.client.host if request.client else None
        seen = [one.strip() for one in ",".join(request.headers.getlist("x-forwarded-for")).split(",") if one.strip()]
        if self._hops and len(seen) >= self._hops:
            address = seen[-self._hops]
        return Visitor(address=address, user_agent=request.headers.get("user-agent"))

    def set_cookie(self, request: Request, response: Response, name: str, value: str) -> None:
        """Give the browser a cookie that scripts cannot read and other sites' forms do not send.

        It has no end of its own: the server knows when a session is over.
        """
        response.set_cookie(name, value, httponly=True, samesite="lax", secure=self._is_secure(request), path="/")

    def delete_cookie(self, request: Request, response: Response, name: str) -> None:
        """Take a cookie away."""
        response.delete_cookie(name, httponly=True, samesite="lax", secure=self._is_secure(request), path="/")

    def _is_secure(self, request: Request) -> bool:
        return (self.base_of(request) or str(request.url)).startswith("https:")


def destination(wanted: str | None) -> str:
    """A place in our UI to go to after the login: the one that was asked for, if it is one."""
    if not wanted or not wanted.startswith(UI) or not wanted.isascii() or not wanted.isprintable():
        return UI
    parts = urlsplit(wanted)
    outside = parts.scheme or parts.netloc or "\\" in wanted or ".." in unquote(parts.path).split("/")
    return UI if outside else wanted

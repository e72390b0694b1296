"""JSON from identity providers, over our own client: our authorities, certificate checks always on."""

import logging
import time
from base64 import b64encode
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlsplit

import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_token_request

from litemaas.domain.sessions.errors import IdentityProviderError
from litemaas.portal.identity.provider import Round
from litemaas.providers.errors import UpstreamError
from litemaas.providers.upstream import Upstreams, fetch
from litemaas.settings import Secret

_SECONDS = 10.0
_KEPT_SECONDS = 3600.0
_OK = 200
_FORM = "application/x-www-form-urlencoded"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_log = logging.getLogger(__name__)


def refused(provider: str, reason: str) -> IdentityProviderError:
    """Log why a login failed, and make the error that tells the person no more than they need."""
    _log.warning("login with %s failed: %s", provider, reason)
    return IdentityProviderError("The identity provider did not tell who you are. Try again, or ask an administrator.")


class ClientCredentials(NamedTuple):
    """Our name and secret at a provider."""

    client_id: str
    client_secret: Secret


class Documents:
    """Asks one identity provider.

    Args:
        upstreams: Our HTTP client.
        provider: What the log calls it.
    """

    def __init__(self, upstreams: Upstreams, provider: str) -> None:
        self._upstreams = upstreams
        self._provider = provider
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    async def kept(self, url: str, *, afresh: bool = False) -> dict[str, Any]:
        """A document that seldom changes: what we read in the last hour, unless it is wanted `afresh`."""
        known = self._kept.get(url)
        if known is not None and not afresh and time.monotonic() - known[0] < _KEPT_SECONDS:
            return known[1]
        document = await self.get(url)
        self._kept[url] = (time.monotonic(), document)
        return document

    async def get(self, url: str, access_token: str | None = None) -> dict[str, Any]:
        """The JSON object at `url`.

        Raises:
            IdentityProviderError: There is none.
        """
        headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
        return await self._ask("GET", url, headers, None)

    async def redeem(
        self, url: str, login: Round, code: str, credentials: ClientCredentials, *, in_body: bool
    ) -> dict[str, Any]:
        """Exchange an authorization code for tokens (RFC 6749, 4.1.3).

        Args:
            url: The token endpoint.
            login: What the code belongs to.
            code: What the browser brought back.
            credentials: Our own.
            in_body: Send them as parameters, and not as HTTP Basic (RFC 6749, 2.3.1).

        Raises:
            IdentityProviderError: The provider refuses.
        """
        parameters = {"redirect_uri": login.redirect_uri, "code_verifier": login.code_verifier}
        headers = {"Content-Type": _FORM}
        if in_body:
            parameters |= {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
        else:
            pair = f"{quote_plus(credentials.client_id)}:{quote_plus(credentials.client_secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        body: str = prepare_token_request("authorization_code", code=code, **parameters)
        return await self._ask("POST", url, headers, body.encode())

    def check_address(self, url: str) -> str:
        """`url`, if secrets may go there: https, or this machine.

        Raises:
            IdentityProviderError: They may not.
        """
        parts = urlsplit(url)
        if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            return url
        raise refused(self._provider, f"{url!r} is not an https address")

    async def _ask(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> dict[str, Any]:
        address = self.check_address(url)
        try:
            accepting = {"Accept": "application/json", **headers}
            answer = await fetch(self._upstreams, method, address, headers=accepting, body=body, timeout=_SECONDS)
        except (UpstreamError, ValueError) as error:
            raise refused(self._provider, f"{_bare(address)}: {error}") from error
        if answer.status != _OK:
            raise refused(self._provider, f"{_bare(address)} answers with status {answer.status}")
        try:
            return msgspec.json.decode(answer.body, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise refused(self._provider, f"{_bare(address)} answers with no JSON object") from error


def _bare(url: str) -> str:
    return url.partition("?")[0]

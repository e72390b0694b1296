"""OpenShift's own OAuth server: OAuth 2 without OpenID Connect.

There is no ID token, no userinfo and no key set; who somebody is the API server says, which is another host than the
OAuth server, often under a private authority. Groups are part of the User object, and there is no e-mail address.
https://docs.redhat.com/en/documentation/openshift_container_platform/ (Authentication and authorization)
"""

from typing import Any

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from litemaas.domain.sessions.entities import Identity
from litemaas.portal.identity.documents import ClientCredentials, Documents, refused
from litemaas.portal.identity.provider import Round
from litemaas.providers.upstream import Upstreams
from litemaas.settings import Secret

_SCOPE = "user:info"
_WELL_KNOWN = "/.well-known/oauth-authorization-server"
_ME = "/apis/user.openshift.io/v1/users/~"
_ISSUER = "openshift"


class OpenShift:
    """One cluster.

    Args:
        upstreams: Our HTTP client.
        api_url: The API server.
        client_id: Name of the OAuthClient.
        client_secret: Its secret.
    """

    id = "openshift"
    title = "OpenShift"

    def __init__(self, upstreams: Upstreams, *, api_url: str, client_id: str, client_secret: Secret) -> None:
        self._documents = Documents(upstreams, self.id)
        self._api_url = api_url.rstrip("/")
        self._credentials = ClientCredentials(client_id, client_secret)

    async def authorization_url(self, login: Round) -> str:
        """Where to send the browser.

        Raises:
            IdentityProviderError: The API server does not say.
        """
        url: str = prepare_grant_uri(
            await self._endpoint("authorization_endpoint"),
            client_id=self._credentials.client_id,
            response_type="code",
            redirect_uri=login.redirect_uri,
            scope=_SCOPE,
            state=login.state,
            code_challenge=create_s256_code_challenge(login.code_verifier),
            code_challenge_method="S256",
        )
        return url

    async def identify(self, login: Round, code: str) -> Identity:
        """Who came back with this code, by the API server.

        Raises:
            IdentityProviderError: The code is not good, or the API server does not know its bearer.
        """
        endpoint = await self._endpoint("token_endpoint")
        tokens = await self._documents.redeem(endpoint, login, code, self._credentials, in_body=True)
        user = await self._documents.get(f"{self._api_url}{_ME}", str(tokens.get("access_token", "")))
        metadata: dict[str, Any] = user.get("metadata") or {}
        username = metadata.get("name")
        if user.get("kind") != "User" or not username:
            raise refused(self.id, "the API server does not answer with a User")
        return Identity(
            provider=self.id,
            issuer=_ISSUER,
            subject=str(metadata.get("uid") or username),  # the temporary kube:admin has no uid
            username=str(username),
            name=str(user["fullName"]) if user.get("fullName") else None,
            groups=frozenset(str(group) for group in user.get("groups") or ()),
            proposed_id=str(username),
        )

    async def end_session_url(self, back: str) -> str | None:  # noqa: ARG002 - other providers send people back
        """OpenShift has no place that logs out and leads back."""
        return None

    async def _endpoint(self, name: str) -> str:
        metadata = await self._documents.kept(f"{self._api_url}{_WELL_KNOWN}")
        address = metadata.get(name)
        if not isinstance(address, str):
            raise refused(self.id, f"the API server names no {name}")
        return self._documents.check_address(address)

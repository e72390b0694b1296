"""Any OpenID provider (OpenID Connect Core 1.0, authorization code flow with PKCE)."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from litemaas.domain.sessions.entities import Identity
from litemaas.portal.identity.documents import ClientCredentials, Documents, refused
from litemaas.portal.identity.provider import Round
from litemaas.providers.upstream import Upstreams
from litemaas.settings import Secret

_SCOPE = "openid profile email"
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
_LEEWAY_SECONDS = 60


class OpenIdProvider:
    """One issuer.

    Args:
        provider_id: Which of our providers this is.
        title: What the login page calls it.
        upstreams: Our HTTP client.
        issuer: As the issuer writes itself, to the letter (OpenID Connect Discovery 1.0, 4.3).
        client_id: Our name there.
        client_secret: Our secret there.
        groups_claim: Claim that lists the groups; dots lead into objects.
    """

    def __init__(
        self,
        provider_id: str,
        title: str,
        upstreams: Upstreams,
        *,
        issuer: str,
        client_id: str,
        client_secret: Secret,
        groups_claim: str = "",
    ) -> None:
        self.id = provider_id
        self.title = title
        self._documents = Documents(upstreams, provider_id)
        self._issuer = issuer
        self._credentials = ClientCredentials(client_id, client_secret)
        self._groups_claim = groups_claim

    async def authorization_url(self, login: Round) -> str:
        """Where to send the browser.

        Raises:
            IdentityProviderError: The issuer cannot be reached, or is not who it should be.
        """
        endpoint = await self._endpoint("authorization_endpoint")
        url: str = prepare_grant_uri(
            endpoint,
            client_id=self._credentials.client_id,
            response_type="code",
            redirect_uri=login.redirect_uri,
            scope=_SCOPE,
            state=login.state,
            nonce=login.nonce,
            code_challenge=create_s256_code_challenge(login.code_verifier),
            code_challenge_method="S256",
        )
        return url

    async def identify(self, login: Round, code: str) -> Identity:
        """Who came back with this code, by the ID token.

        Raises:
            IdentityProviderError: The issuer does not say, or the ID token is not for us, not for this login, too old,
                or not signed by the issuer.
        """
        if login.answered_by not in {None, self._issuer}:
            raise refused(self.id, f"the browser came back from {login.answered_by!r}")
        endpoint = await self._endpoint("token_endpoint")
        tokens = await self._documents.redeem(
            endpoint, login, code, self._credentials, in_body=await self._wants_post()
        )
        claims = await self._checked(str(tokens.get("id_token", "")), login.nonce)
        if self._groups_claim and _walk(claims, self._groups_claim) is None:
            claims = {**await self._userinfo(claims, str(tokens.get("access_token", ""))), **claims}
        username = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        verified = claims.get("email_verified") is True
        return Identity(
            provider=self.id,
            issuer=self._issuer,
            subject=str(claims["sub"]),
            username=username,
            name=str(claims["name"]) if claims.get("name") else None,
            email=str(claims["email"]) if verified and claims.get("email") else None,
            hosted_domain=str(claims["hd"]) if claims.get("hd") else None,
            groups=_groups(_walk(claims, self._groups_claim)),
        )

    async def end_session_url(self, back: str) -> str | None:
        """Where the issuer logs people out (OpenID Connect RP-Initiated Logout 1.0), if it does."""
        endpoint = (await self._metadata()).get("end_session_endpoint")
        if not isinstance(endpoint, str):
            return None
        address = self._documents.check_address(endpoint)
        query = urlencode({"client_id": self._credentials.client_id, "post_logout_redirect_uri": back})
        return f"{address}{'&' if '?' in address else '?'}{query}"

    async def _metadata(self) -> dict[str, Any]:
        metadata = await self._documents.kept(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if metadata.get("issuer") != self._issuer:
            raise refused(self.id, f"{self._issuer!r} calls itself {metadata.get('issuer')!r}")
        return metadata

    async def _wants_post(self) -> bool:
        """Tell whether the issuer takes client credentials as parameters only (OpenID Connect Discovery 1.0, 3)."""
        methods = (await self._metadata()).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" not in methods

    async def _endpoint(self, name: str) -> str:
        address = (await self._metadata()).get(name)
        if not isinstance(address, str):
            raise refused(self.id, f"the issuer has no {name}")
        return self._documents.check_address(address)

    async def _checked(self, id_token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token that passed every check (OpenID Connect Core, 3.1.3.7)."""
        registry = jwt.JWTClaimsRegistry(
            now=int(time.time()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self._credentials.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            try:
                token = await self._verified(id_token, afresh=False)
            except (JoseError, ValueError):
                token = await self._verified(id_token, afresh=True)  # the issuer may have new keys
            registry.validate(token.claims)
        except (JoseError, ValueError) as error:
            raise refused(self.id, f"the ID token is not valid: {type(error).__name__}: {error}") from error
        claims = dict(token.claims)
        if (
            isinstance(claims["aud"], list)
            and len(claims["aud"]) > 1
            and claims.get("azp") != self._credentials.client_id
        ):
            raise refused(self.id, "the ID token was made for another client")
        return claims

    async def _verified(self, id_token: str, *, afresh: bool) -> jwt.Token:
        address = await self._endpoint("jwks_uri")
        keys = KeySet.import_key_set(await self._documents.kept(address, afresh=afresh))  # type: ignore[arg-type]  # joserfc checks the shape itself
        return jwt.decode(id_token, keys, algorithms=_ALGORITHMS)

    async def _userinfo(self, claims: Mapping[str, Any], access_token: str) -> dict[str, Any]:
        endpoint = (await self._metadata()).get("userinfo_endpoint")
        if not isinstance(endpoint, str) or not access_token:
            return {}
        told = await self._documents.get(endpoint, access_token)
        if told.get("sub") != claims["sub"]:
            raise refused(self.id, "the userinfo is about somebody else")
        return told


def _walk(claims: Mapping[str, Any], path: str) -> Any:
    if path in claims:  # a claim may have dots in its name, as those that are URLs do
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _groups(claim: Any) -> frozenset[str]:
    if isinstance(claim, str):
        return frozenset({claim})
    return frozenset(str(one) for one in claim) if isinstance(claim, list) else frozenset()

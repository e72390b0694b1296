"""ID tokens that must not be believed (OpenID Connect Core, 3.1.3.7)."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from litemaas.domain.sessions.errors import IdentityProviderError
from litemaas.portal.identity.oidc import OpenIdProvider
from litemaas.portal.identity.provider import Round
from litemaas.providers.upstream import Upstreams
from litemaas.settings import Secret
from support.lying_issuer import CLIENT_ID, NONCE, LyingIssuer

LOGIN = Round("http://admin.test/api/auth/callback", "state", "verifier", NONCE)


@pytest.fixture
async def provider(issuer: LyingIssuer) -> AsyncIterator[OpenIdProvider]:
    upstreams = Upstreams()
    secret = Secret("secret")
    yield OpenIdProvider(
        "oidc", "Test", upstreams, issuer=issuer.url, client_id=CLIENT_ID, client_secret=secret, groups_claim="groups"
    )
    upstreams.close()


async def _refused(provider: OpenIdProvider) -> None:
    with pytest.raises(IdentityProviderError):
        await provider.identify(LOGIN, "code")


async def test_a_right_token_is_believed(provider: OpenIdProvider, issuer: LyingIssuer):
    issuer.claims = {"groups": ["a", "b"], "preferred_username": "ada"}
    identity = await provider.identify(LOGIN, "code")
    assert (identity.subject, identity.issuer, identity.username) == ("1", issuer.url, "ada")
    assert identity.groups == {"a", "b"}


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.test"},
        {"aud": "another"},
        {"aud": None},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"nonce": "of another login"},
        {"nonce": None},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_claim_is_refused(
    provider: OpenIdProvider, issuer: LyingIssuer, claims: dict[str, Any]
):
    issuer.claims = claims
    await _refused(provider)


async def test_a_token_that_another_key_signed_is_refused(provider: OpenIdProvider, issuer: LyingIssuer):
    issuer.published = [RSAKey.generate_key(2048, {"kid": "one"})]
    await _refused(provider)


async def test_a_token_without_a_signature_is_refused(provider: OpenIdProvider, issuer: LyingIssuer):
    issuer.id_token = "eyJhbGciOiJub25lIn0.e30."
    await _refused(provider)


async def test_the_issuers_public_key_is_no_secret_to_sign_with(provider: OpenIdProvider, issuer: LyingIssuer):
    now = int(time.time())
    claims = {"iss": issuer.url, "aud": CLIENT_ID, "sub": "1", "iat": now, "exp": now + 300, "nonce": NONCE}
    parts = ({"alg": "HS256", "kid": "one"}, claims)
    signed = b".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = hmac.digest(issuer.key.as_pem(private=False), signed, "sha256")
    issuer.id_token = f"{signed.decode()}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    await _refused(provider)


async def test_new_keys_of_the_issuer_are_found(provider: OpenIdProvider, issuer: LyingIssuer):
    await provider.identify(LOGIN, "code")
    issuer.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert (await provider.identify(LOGIN, "code")).subject == "1"


async def test_an_issuer_that_calls_itself_otherwise_is_refused(provider: OpenIdProvider, issuer: LyingIssuer):
    issuer.metadata = {"issuer": "https://evil.test"}
    await _refused(provider)


async def test_secrets_do_not_go_to_an_address_without_tls(provider: OpenIdProvider, issuer: LyingIssuer):
    issuer.metadata = {"token_endpoint": "http://idp.test/token"}
    await _refused(provider)


async def test_groups_are_asked_for_where_the_token_does_not_tell_them(provider: OpenIdProvider, issuer: LyingIssuer):
    issuer.userinfo = {"sub": "1", "groups": ["a"]}
    assert (await provider.identify(LOGIN, "code")).groups == {"a"}
    issuer.userinfo = {"sub": "2", "groups": ["a"]}
    await _refused(provider)


async def test_the_hosted_domain_is_the_one_that_the_issuer_vouches_for(provider: OpenIdProvider, issuer: LyingIssuer):
    issuer.claims = {"hd": "example.com", "email": "ada@elsewhere.test", "groups": []}
    assert (await provider.identify(LOGIN, "code")).hosted_domain == "example.com"
    issuer.claims = {"email": "ada@example.com", "groups": []}
    assert (await provider.identify(LOGIN, "code")).hosted_domain is None


async def test_an_address_that_was_not_verified_is_not_kept(provider: OpenIdProvider, issuer: LyingIssuer):
    issuer.claims = {"email": "ada@x.test", "groups": []}
    assert (await provider.identify(LOGIN, "code")).email is None


async def test_client_credentials_go_where_the_issuer_takes_them(provider: OpenIdProvider, issuer: LyingIssuer):
    issuer.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert (await provider.identify(LOGIN, "code")).subject == "1"

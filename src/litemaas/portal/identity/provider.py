"""What every identity provider does for us."""

from typing import Protocol

from msgspec import Struct

from litemaas.domain.sessions.entities import Identity


class Round(Struct, frozen=True):
    """One login on its way through the provider.

    Attributes:
        redirect_uri: Where the provider sends the browser back to.
        state: What it must bring along.
        code_verifier: PKCE (RFC 7636).
        nonce: What the ID token must hold.
        answered_by: The issuer that the browser came back from, if it said so (RFC 9207).
    """

    redirect_uri: str
    state: str
    code_verifier: str
    nonce: str
    answered_by: str | None = None


class IdentityProvider(Protocol):
    """An identity provider."""

    id: str
    title: str

    async def authorization_url(self, login: Round) -> str:
        """Where to send the browser.

        Raises:
            IdentityProviderError: The provider cannot be reached or is not set up right.
        """

    async def identify(self, login: Round, code: str) -> Identity:
        """Who came back with this code.

        Raises:
            IdentityProviderError: The provider does not say, or what it says cannot be trusted.
        """

    async def end_session_url(self, back: str) -> str | None:
        """Where to send the browser to log out there too, if there is such a place; `back` is our page."""

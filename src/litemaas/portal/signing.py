"""What we sign, so that any replica can check it: login states and CSRF tokens.

Each purpose has a key of its own, derived from the one that all replicas share.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import token_urlsafe

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from msgspec import Struct

from litemaas.domain.sessions.errors import LoginStateError

STATE_SECONDS = 600
"""How long somebody may take at the identity provider."""

_ALGORITHM = "HS256"
_ID_BYTES = 18


class LoginState(Struct, frozen=True):
    """What a login carries through the browser and the identity provider.

    Attributes:
        id: Random; PKCE verifier and nonce are derived from it, and are known to nobody but us.
        provider: Where the login was sent.
        base: Scheme and host that the provider sends the browser back to.
        next: Where the person wanted to go.
    """

    id: str
    provider: str
    base: str
    next: str
    expires_at: int


class Signer:
    """Signs and checks.

    Args:
        key: Shared by all replicas.
    """

    def __init__(self, key: str) -> None:
        self._states = OctKey.import_key(_derive(key, b"login state"))
        self._csrf = _derive(key, b"csrf")
        self._derived = _derive(key, b"pkce and nonce")

    def csrf_token(self, secret: str) -> str:
        """The token that requests of the browser with this cookie must carry."""
        return _text(self._csrf, secret)

    def is_csrf_token(self, token: str, secret: str) -> bool:
        """Tell whether `token` is the one of the browser with this cookie."""
        return hmac.compare_digest(token.encode(), self.csrf_token(secret).encode())

    def begin_login(self, provider: str, base: str, destination: str, now: float) -> LoginState:
        """A state for a login that begins at Unix time `now`."""
        return LoginState(token_urlsafe(_ID_BYTES), provider, base, destination, int(now) + STATE_SECONDS)

    def seal(self, state: LoginState, browser: str) -> str:
        """The state as text that only the browser with this cookie can bring back."""
        claims: dict[str, object] = {
            "jti": state.id,
            "exp": state.expires_at,
            "provider": state.provider,
            "base": state.base,
            "next": state.next,
            "browser": _fingerprint(browser),
        }
        return jwt.encode({"alg": _ALGORITHM}, claims, self._states)

    def open(self, text: str, browser: str, now: float) -> LoginState:
        """Read a state that came back.

        Raises:
            LoginStateError: It is forged, too old, or of another browser.
        """
        try:
            claims = jwt.decode(text, self._states, algorithms=[_ALGORITHM]).claims
            state = LoginState(
                str(claims["jti"]),
                str(claims["provider"]),
                str(claims["base"]),
                str(claims["next"]),
                int(claims["exp"]),
            )
            fingerprint = str(claims["browser"])
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise LoginStateError("This login was not begun here.") from error
        if not hmac.compare_digest(fingerprint, _fingerprint(browser)):
            raise LoginStateError("This login was begun in another browser.")
        if now >= state.expires_at:
            raise LoginStateError("This login took too long. Begin again.")
        return state

    def code_verifier(self, state: LoginState) -> str:
        """The PKCE verifier of a login (RFC 7636, 4.1)."""
        return _text(self._derived, f"verifier {state.id}")

    def nonce(self, state: LoginState) -> str:
        """The nonce that the ID token of a login must hold (OpenID Connect Core, 3.1.2.1)."""
        return _text(self._derived, f"nonce {state.id}")


def _derive(key: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"litemaas portal " + purpose).derive(key.encode())


def _text(key: bytes, message: str) -> str:
    return urlsafe_b64encode(hmac.digest(key, message.encode(), "sha256")).rstrip(b"=").decode()


def _fingerprint(browser: str) -> str:
    return sha256(browser.encode()).hexdigest()

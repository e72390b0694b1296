"""Credentials under a passphrase: scrypt makes it expensive to guess, AES-256-GCM seals.

Each is bound to where it is sent. Somebody who changes an address in the file cannot have the credential sent there.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from litemaas.domain.moving.entities import Row
from litemaas.domain.moving.errors import WrongSecretError
from litemaas.settings import Secret

SALT_BYTES = 16
_NONCE_BYTES = 12
# 64 MiB and a tenth of a second for each guess: https://cheatsheetseries.owasp.org/ (Password Storage)
_COST, _BLOCK_SIZE, _PARALLELISM = 2**16, 8, 1


class PassphraseBox:
    """Seals and opens credentials.

    Args:
        passphrase: What opens them again.
        salt: `SALT_BYTES` random bytes, which the file carries.
    """

    def __init__(self, passphrase: Secret, salt: bytes) -> None:
        scrypt = Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK_SIZE, p=_PARALLELISM)
        self._cipher = AESGCM(scrypt.derive(passphrase.encode()))

    def seal(self, text: str, bound_to: str) -> bytes:
        """Seal `text` so that it opens only together with `bound_to`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), bound_to.encode())

    def open(self, sealed: bytes, bound_to: str) -> Secret:
        """Open what `seal` made.

        Raises:
            WrongSecretError: Under another passphrase, for something else, or it was changed.
        """
        try:
            opened = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())
        except (InvalidTag, ValueError) as error:
            raise WrongSecretError("The passphrase is not the one of this file, or the file was changed.") from error
        return Secret(opened.decode())


def destination_of(deployment: Row) -> str:
    """Where a deployment's credential is sent, as text to bind it to."""
    return "\n".join(str(deployment.get(name)) for name in ("id", "provider", "api_base"))

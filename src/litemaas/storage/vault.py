"""Encryption of secrets at rest: AES-256-GCM under a key derived from `LITEMAAS_SALT_KEY`.

A sealed secret is 12 bytes of nonce and then ciphertext with its tag. The same derivation for everybody who holds the
salt key, so that replicas and restores agree.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from litemaas.settings import Secret

_NONCE_BYTES = 12


class VaultError(Exception):
    """A secret cannot be opened with this salt key."""


class Vault:
    """Seals and opens secrets.

    Args:
        salt_key: Any text with enough entropy; never stored.
    """

    def __init__(self, salt_key: str) -> None:
        key = HKDF(SHA256(), length=32, salt=None, info=b"litemaas provider credentials").derive(salt_key.encode())
        self._cipher = AESGCM(key)

    def seal(self, secret: str) -> bytes:
        """Encrypt `secret`; each call gives other bytes."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), None)

    def open(self, sealed: bytes) -> Secret:
        """Decrypt what `seal` made.

        Raises:
            VaultError: Another salt key sealed it, or it was changed.
        """
        try:
            return Secret(self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None).decode())
        except (InvalidTag, ValueError) as error:
            raise VaultError(
                "A stored credential cannot be decrypted. Is LITEMAAS_SALT_KEY the one it was stored with?"
            ) from error

"""Encryption of secrets at rest: AES-256-GCM under a key derived from `LITEMAAS_SALT_KEY`.

A sealed secret is 12 bytes of nonce and then ciphertext with its tag. The same derivation for everybody who holds the
salt key, so that replicas and restores agree. While the salt key is being rotated, the previous one opens too.
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
        previous_salt_key: What was sealed with it opens too; nothing is sealed with it. Empty: none.
    """

    def __init__(self, salt_key: str, previous_salt_key: str = "") -> None:
        self._cipher = _cipher_of(salt_key)
        self._opening = [self._cipher, *([_cipher_of(previous_salt_key)] if previous_salt_key else ())]

    def seal(self, secret: str) -> bytes:
        """Encrypt `secret`; each call gives other bytes."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), None)

    def open(self, sealed: bytes) -> Secret:
        """Decrypt what `seal` made.

        Raises:
            VaultError: Another salt key sealed it, or it was changed.
        """
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        cause: Exception | None = None
        for cipher in self._opening:
            try:
                return Secret(cipher.decrypt(nonce, ciphertext, None).decode())
            except (InvalidTag, ValueError) as error:
                cause = error
        raise VaultError(
            "A stored credential cannot be decrypted. Is LITEMAAS_SALT_KEY the one it was stored with?"
        ) from cause


def _cipher_of(salt_key: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=b"litemaas provider credentials").derive(salt_key.encode()))

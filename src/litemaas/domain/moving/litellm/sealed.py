"""Opening what LiteLLM keeps encrypted: every text among a model's parameters, under its salt key.

Values marked `v3:gcm:` or `v2:gcm:` are AES-256-GCM under HKDF-SHA256 or SHA-256 of the key; older ones carry no mark
and are secretboxes under SHA-256 of the key, in either alphabet of base64. The formats are those of LiteLLM's
`proxy/common_utils/encrypt_decrypt_utils.py`, 1.109.
"""

import base64
import binascii
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from litemaas.domain.moving.errors import WrongSecretError
from litemaas.domain.moving.litellm.secretbox import NONCE_BYTES, TAG_BYTES, open_box
from litemaas.settings import Secret

_V3, _V2 = "v3:gcm:", "v2:gcm:"
_GCM_NONCE_BYTES = 12


class Unsealer:
    """Opens sealed texts.

    Args:
        salt_key: LiteLLM's LITELLM_SALT_KEY or, where it had none, its master key; None: not known.
    """

    def __init__(self, salt_key: Secret | None) -> None:
        self._salt_key = salt_key

    def open_all(self, values: dict[str, Any]) -> dict[str, Any]:
        """Open the texts among `values` that are sealed, and leave everything else as it is.

        Raises:
            WrongSecretError: One cannot be opened.
        """
        return {name: self.open(value) if isinstance(value, str) else value for name, value in values.items()}

    def open(self, text: str) -> str:
        """Open `text` if it is sealed.

        Raises:
            WrongSecretError: It is, under another key.
        """
        try:
            if text.startswith((_V2, _V3)):
                return self._open_gcm(text)
            box = _box(text)
            return text if box is None else open_box(self._digest(), box).decode()
        except (InvalidTag, InvalidSignature, ValueError) as error:
            raise WrongSecretError("LiteLLM sealed this with another salt key than the one that was given.") from error

    def _open_gcm(self, text: str) -> str:
        if text.startswith(_V3):
            info = b"litellm-at-rest-v3"
            key = HKDF(SHA256(), length=32, salt=None, info=info).derive(self._known().encode())
        else:
            key = self._digest()
        sealed = base64.urlsafe_b64decode(text.removeprefix(_V3).removeprefix(_V2))
        return AESGCM(key).decrypt(sealed[:_GCM_NONCE_BYTES], sealed[_GCM_NONCE_BYTES:], None).decode()

    def _digest(self) -> bytes:
        return sha256(self._known().encode()).digest()

    def _known(self) -> str:
        if self._salt_key is None:
            raise WrongSecretError("LiteLLM sealed this: give its salt key.")
        return self._salt_key


def _box(text: str) -> bytes | None:
    """The bytes of `text` if it has the form of a box in base64."""
    try:
        box = base64.b64decode(text.translate({ord("-"): "+", ord("_"): "/"}), validate=True)
    except (binascii.Error, ValueError):
        return None
    return box if len(box) >= NONCE_BYTES + TAG_BYTES else None

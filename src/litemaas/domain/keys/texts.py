"""The text of a virtual key: made here, given out once, and kept only as its SHA-256."""

import re
import secrets
from hashlib import sha256

from litemaas.domain.keys.errors import MalformedKeyError
from litemaas.settings import Secret

_PREFIX = "sk-"
_RESERVED = "sk-mgmt-"
_RANDOM_BYTES = 24
_LEAST_LENGTH = 16
_HASH = re.compile(r"[0-9a-f]{64}")
_TEXT = re.compile(r"[!-~]+")  # what a header can carry, without spaces


def make_text() -> Secret:
    """A new key's text: `sk-` and 24 random bytes in URL-safe base64."""
    return Secret(_PREFIX + secrets.token_urlsafe(_RANDOM_BYTES))


def check_text(text: str) -> Secret:
    """Accept a text that an administrator chose.

    Raises:
        MalformedKeyError: It does not begin with `sk-`, is shorter than 16 characters, no header can carry it, or it
            looks like a management key.
    """
    if text.startswith(_RESERVED):
        raise MalformedKeyError(f"Texts that begin with '{_RESERVED}' are management keys'.", param="key")
    if not text.startswith(_PREFIX) or len(text) < _LEAST_LENGTH or not _TEXT.fullmatch(text):
        raise MalformedKeyError(
            "A key must begin with 'sk-' and have at least 16 visible ASCII characters. Leave it out to have one made.",
            param="key",
        )
    return Secret(text)


def is_hash(name: str) -> bool:
    """Tell whether a key is named by its SHA-256 in hexadecimal."""
    return bool(_HASH.fullmatch(name))


def hash_of(name: str) -> str:
    """The SHA-256, in hexadecimal, of a key that is named by its text or already by its hash."""
    return name if is_hash(name) else sha256(name.encode()).hexdigest()


def hint_of(text: str) -> str:
    """The last four characters, by which people recognise their key."""
    return text[-4:]

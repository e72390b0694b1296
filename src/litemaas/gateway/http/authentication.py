"""Finds the key in a request's headers."""

from collections.abc import Mapping
from hashlib import sha256

KEY_HEADERS = ("x-litellm-api-key", "authorization", "api-key", "x-api-key")
"""In this order; an empty header counts as absent."""

_BEARER = "bearer"


def key_text(headers: Mapping[str, str]) -> str | None:
    """The key that the client sent; header names in lower case.

    `Authorization` must be `Bearer <key>`; the others hold the bare key, `x-litellm-api-key` with or without `Bearer`.
    """
    for name in KEY_HEADERS:
        text = headers.get(name, "").strip()
        scheme, _, rest = text.partition(" ")
        if scheme.lower() == _BEARER:
            text = rest.strip()
        elif name == "authorization":
            continue
        if text:
            return text
    return None


def key_digest(headers: Mapping[str, str]) -> bytes | None:
    """SHA-256 of the key that the client sent, by which keys are known; header names in lower case."""
    text = key_text(headers)
    return None if text is None else sha256(text.encode()).digest()

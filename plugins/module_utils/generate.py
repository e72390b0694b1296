# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What a credential shall be: the value given, the value that is there, or a new random one, in this order."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import string

# No character that a URL, a shell or a YAML reader would treat as its own.
_ALPHABET = string.ascii_letters + string.digits


def random_value(length, prefix=""):
    """Draws a random value from the operating system.

    Args:
        length: Characters after the prefix.
        prefix: What the value begins with.

    Returns:
        The value.
    """
    return prefix + "".join(secrets.choice(_ALPHABET) for _index in range(length))


def resolve(fields, present, rotate=()):
    """Decides the content of one Secret.

    Args:
        fields: By key a dictionary with C(value) (given, may be empty), C(length) (of a generated value; 0 means
            that there is none to generate) and C(prefix).
        present: The decoded content of the Secret as it is; empty where there is none.
        rotate: Keys to generate anew although a value is there.

    Returns:
        The content as it shall be. Keys that are not in fields stay as they are.
    """
    wanted = dict(present)
    for key, field in fields.items():
        kept = "" if key in rotate and field.get("length") else present.get(key, "")
        wanted[key] = field.get("value") or kept or random_value(field.get("length") or 0, field.get("prefix") or "")
    return wanted


def decode(secret):
    """Reads the content of a Secret as text; empty for None."""
    data = (secret or {}).get("data") or {}
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def encode(content):
    """Writes content as a Secret's C(data)."""
    return {key: base64.b64encode(value.encode()).decode() for key, value in content.items()}


def checksum(content, key):
    """Digests content, for a pod annotation that changes exactly when a credential does.

    Args:
        content: Content of a Secret.
        key: Something random of the instance, without which a short password could be found by trying.

    Returns:
        32 hexadecimal digits.
    """
    return hmac.new(key.encode(), json.dumps(content, sort_keys=True).encode(), "sha256").hexdigest()[:32]

"""The text of a management key: it tells by its first characters that it is one."""

import secrets

from litemaas.settings import Secret

PREFIX = "sk-mgmt-"
_RANDOM_BYTES = 32


def make_text() -> Secret:
    """A new text: the prefix and 32 random bytes in URL-safe base64."""
    return Secret(PREFIX + secrets.token_urlsafe(_RANDOM_BYTES))


def is_management_key(text: str) -> bool:
    """Tell whether `text` claims to be a management key's."""
    return text.startswith(PREFIX)

# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Names and addresses of upstreams, written as the gateway keeps them: otherwise each run would see a difference."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .errors import GatewayError

_PORTS = {"http": 80, "https": 443}
_ENDPOINT = re.compile(r"/(chat/completions|completions|embeddings|responses|models)/?$")


def model_of(name):
    """Writes C(<provider>/<id>); a name without a provider is OpenAI's, or of a server that speaks like it."""
    return name if "/" in name else f"openai/{name}"


def base_of(address):
    """Writes an API base without its default port, trailing slashes and endpoint; one without a path gets C(/v1).

    Args:
        address: Such as C(https://host/v1).

    Returns:
        The same address as the gateway keeps it.

    Raises:
        GatewayError: It is no http or https address.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _PORTS or not parts.hostname:
        message = f"api_base must be an address such as https://host/v1, not {address!r}."
        raise GatewayError(message)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port not in (None, _PORTS[parts.scheme]):
        host = f"{host}:{port}"
    path = _ENDPOINT.sub("", parts.path.rstrip("/")).rstrip("/")
    return f"{parts.scheme}://{host}{path or '/v1'}"

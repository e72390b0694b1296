"""Where upstreams have what they keep, and what they say of it."""

from typing import Any
from urllib.parse import quote

import msgspec

from litemaas.domain.upstream_objects.entities import Kind


def path_of(kind: Kind, object_id: str) -> str:
    """Where an upstream has a thing, below its base path."""
    return f"/{'files' if kind == 'file' else 'batches'}/{quote(object_id, safe='')}"


def read_object(body: bytes) -> dict[str, Any]:
    """An upstream's JSON object; an empty one if it is none."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}

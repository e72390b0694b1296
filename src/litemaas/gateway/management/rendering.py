"""Answers: msgspec structs as JSON, with amounts as exact JSON numbers.

The same structs are the schemas of the OpenAPI page.
"""

from typing import Any

import msgspec
from fastapi import Response

_SCHEMA_REFERENCE = "#/components/schemas/{name}"
_encoder = msgspec.json.Encoder(decimal_format="number")
_kinds: list[Any] = []


def render(answer: Any, status: int = 200) -> Response:
    """Make a JSON response of `answer`."""
    return Response(_encoder.encode(answer), status, media_type="application/json")


def answers(kind: Any, description: str = "Done") -> dict[int | str, dict[str, Any]]:
    """Describe a route's answer for OpenAPI."""
    _kinds.append(kind)
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=_SCHEMA_REFERENCE)
    return {200: {"description": description, "content": {"application/json": {"schema": schema}}}}


def answer_schemas() -> dict[str, Any]:
    """The schemas that the descriptions refer to, by name."""
    return msgspec.json.schema_components(_kinds, ref_template=_SCHEMA_REFERENCE)[1]

"""What a span says of a call: OpenTelemetry's semantic conventions for generative AI, and what only we know.

Names as in https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ ("Inference"). They are written out: the
package that has them as constants keeps these in a module that it may change at any time.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct
from opentelemetry.trace import Span

from litemaas.domain.catalog.entities import Deployment
from litemaas.domain.keys.entities import IssuedKey
from litemaas.domain.serving import Target
from litemaas.domain.settlement import Record
from litemaas.gateway.endpoints.rows import (
    CHAT,
    COMPLETIONS,
    EMBEDDINGS,
    IMAGES,
    MESSAGES,
    MODERATIONS,
    RERANK,
    RESPONSES,
    SPEECH,
)
from litemaas.providers.registry import PROVIDERS

_CHAT = "chat"
_OPERATIONS = {
    CHAT.path: _CHAT,
    COMPLETIONS.path: "text_completion",
    EMBEDDINGS.path: "embeddings",
    MESSAGES.path: _CHAT,
    RESPONSES.path: _CHAT,
    IMAGES.path: "generate_content",
    SPEECH.path: "generate_content",
    RERANK.path: "rerank",
    MODERATIONS.path: "moderation",
}
"""The conventions' own words where they have one (`gen_ai.operation.name` is open)."""

_PROVIDER_NAMES = {
    "azure": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "gemini": "gcp.gemini",
    "vertex_ai": "gcp.vertex_ai",
    "mistral": "mistral_ai",
    "watsonx": "ibm.watsonx.ai",
    "xai": "x_ai",
}
"""Our providers whose name is another one in `gen_ai.provider.name`."""

FAILED = 400
"""From this status on a call did not succeed."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


class TracedCall(Struct, frozen=True):
    """A call that has ended, as its span needs it.

    Attributes:
        endpoint: Its route, as the ledger names it.
        target: Where it was sent last.
        key: Who called.
        headers: Of the client, those of `request_head.HINTS`.
        span: Its own, if that has begun already.
    """

    record: Record
    endpoint: str
    target: Target
    key: IssuedKey | None
    headers: Mapping[str, str]
    span: Span | None = None


def operation_of(endpoint: str) -> str:
    """`gen_ai.operation.name` of an inference route."""
    return _OPERATIONS.get(endpoint) or endpoint.strip("/").replace("/", "_")


def attributes_of(call: TracedCall) -> dict[str, str | int | float | bool]:
    """Attributes of the span of `call`; who called is told by key and team, never by a person's name."""
    record, deployment, key = call.record, call.target.deployment, call.key
    attributes: dict[str, str | int | float | bool | None] = {
        "gen_ai.operation.name": operation_of(call.endpoint),
        "gen_ai.provider.name": _PROVIDER_NAMES.get(deployment.provider, deployment.provider),
        "gen_ai.request.model": call.target.model,
        "gen_ai.request.stream": record.streamed or None,
        "gen_ai.response.time_to_first_chunk": _seconds(record.first_byte_ms) if record.streamed else None,
        "gen_ai.usage.input_tokens": record.input_tokens,
        "gen_ai.usage.output_tokens": record.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": record.cached_input_tokens or None,
        "gen_ai.usage.cache_creation.input_tokens": record.cache_write_tokens or None,
        "gen_ai.usage.reasoning.output_tokens": record.reasoning_tokens or None,
        "http.response.status_code": record.status,
        "error.type": (record.error_code or str(record.status)) if record.status >= FAILED else None,
        "litemaas.call_id": record.id,
        "litemaas.upstream_model": deployment.upstream_model,
        "litemaas.deployment_id": deployment.id,
        "litemaas.attempts": record.attempts,
        "litemaas.cost_dollars": float(record.cost),
        "litemaas.usage_estimated": record.estimated or None,
        "litemaas.cached": record.cached or None,
        "litemaas.key_id": str(key.id) if key and key.id else None,
        "litemaas.team_id": key.team_id if key else None,
        **server_of(deployment),
    }
    return {name: value for name, value in attributes.items() if value is not None}


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def server_of(deployment: Deployment) -> dict[str, str | int | None]:
    """`server.address` and `server.port` of a deployment, as far as they are known."""
    provider = PROVIDERS.get(deployment.provider)
    parts = urlsplit(deployment.api_base or (provider and provider.api_base) or "")
    return {"server.address": parts.hostname, "server.port": parts.port or _DEFAULT_PORTS.get(parts.scheme)}

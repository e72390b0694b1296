"""How calls reach a deployment whose provider speaks nothing of ours: through the library any-llm."""

from functools import partial

import msgspec
from msgspec import Struct

from litemaas.domain.serving import Target
from litemaas.gateway.endpoints.call_request import json_text
from litemaas.gateway.endpoints.rows import Endpoint
from litemaas.gateway.upstreams.targets import answer_lines_of, timeouts_of
from litemaas.providers.foreign.answering import ForeignAnswer
from litemaas.providers.foreign.library import Library
from litemaas.providers.foreign.trust import tls_trusting
from litemaas.providers.registry import PROVIDERS
from litemaas.providers.upstream import UpstreamCall
from litemaas.settings import UpstreamSettings


class _Streaming(Struct):
    stream: bool | None = None


_streaming = msgspec.json.Decoder(_Streaming).decode


class ForeignWire:
    """A deployment as the library sees it; to an exchange it looks like a `TargetWire`.

    Args:
        target: The deployment.
        settings: Patience, where the deployment has none of its own, and whom to trust.
    """

    __slots__ = ("_library", "answer_lines", "max_output_field", "model", "target", "timeouts")

    def __init__(self, target: Target, settings: UpstreamSettings) -> None:
        self.target = target
        self.timeouts = timeouts_of(target, settings)
        self.answer_lines = answer_lines_of(target)
        self.max_output_field = "max_tokens"
        deployment = target.deployment
        self.model = json_text(deployment.upstream_model)
        library = PROVIDERS[deployment.provider].library
        trust = partial(tls_trusting, settings.ca_bundle)
        self._library = Library(library, target.credential, deployment.api_base, deployment.settings, trust)

    def send(self, call: UpstreamCall, endpoint: Endpoint, body: bytes, head_lines: str = "") -> None:  # noqa: ARG002 - headers are the library's own
        """Send `body`, see `Wire`."""
        call.request, call.timeouts = body, self.timeouts
        pieces = self._library.call(endpoint.upstream_path or endpoint.path, body)
        call.connection = ForeignAnswer(call, pieces, streams=bool(_streaming(body).stream))

    async def close(self) -> None:
        """Close the library's connections."""
        await self._library.close()

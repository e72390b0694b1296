"""What every call to a deployment shares, made once: where it goes, and the bytes that are always the same."""

from typing import Protocol

from msgspec import Raw

from litemaas.domain.serving import Target
from litemaas.gateway.endpoints.call_request import json_text
from litemaas.gateway.endpoints.rows import Endpoint
from litemaas.gateway.upstreams.foreign_wire import ForeignWire
from litemaas.gateway.upstreams.targets import answer_lines_of, timeouts_of
from litemaas.providers.addressing import request_path
from litemaas.providers.registry import PROVIDERS
from litemaas.providers.upstream import Timeouts, UpstreamCall, Upstreams
from litemaas.providers.upstream.fetching import host_header, split_url
from litemaas.settings import UpstreamSettings

_OPENAI_HOSTS = (".openai.com", ".openai.azure.com")


class Wire(Protocol):
    """The way to a deployment.

    Attributes:
        answer_lines: Header lines of our answer that name model and deployment.
        model: The upstream's own name of the model, as JSON.
        max_output_field: Where this upstream expects an output bound.
    """

    target: Target
    answer_lines: bytes
    model: Raw
    max_output_field: str
    timeouts: Timeouts

    def send(self, call: UpstreamCall, endpoint: Endpoint, body: bytes, head_lines: str = "") -> None:
        """Send `body` for `call`, whose methods then tell how it goes.

        Args:
            call: Who is told.
            endpoint: What the body is for.
            body: As `upstream_body` makes it.
            head_lines: Further header lines, each ended by CR LF.
        """


class TargetWire:
    """A deployment as HTTP sees it: a `Wire`."""

    __slots__ = (
        "_base_path",
        "_heads",
        "_lines",
        "_pool",
        "answer_lines",
        "max_output_field",
        "model",
        "target",
        "timeouts",
    )

    def __init__(self, target: Target, settings: UpstreamSettings, upstreams: Upstreams) -> None:
        self.target = target
        deployment = target.deployment
        self.model = json_text(deployment.upstream_model)
        provider = PROVIDERS.get(deployment.provider, PROVIDERS["openai"])
        origin, path = split_url(deployment.api_base or provider.api_base or "")
        self._pool = upstreams.pool(origin)
        self._base_path = path.rstrip("/")
        lines = [
            f"Host: {host_header(origin)}",
            "Content-Type: application/json",
            "Accept: */*",
            "Accept-Encoding: identity",
        ]
        lines += provider.header_lines
        if target.credential:
            lines.append(f"{provider.auth_header}: {provider.auth_prefix}{target.credential}")
        self._lines = "\r\n".join(lines)
        self._heads: dict[str, bytes] = {}
        self.answer_lines = answer_lines_of(target)
        # OpenAI's newer models refuse `max_tokens`; other servers know nothing else.
        openai = origin.host.endswith(_OPENAI_HOSTS)
        self.max_output_field = "max_completion_tokens" if openai else "max_tokens"
        self.timeouts = timeouts_of(target, settings)

    def send(self, call: UpstreamCall, endpoint: Endpoint, body: bytes, head_lines: str = "") -> None:
        """Send `body`, see `Wire`: with a head of our own making, never a copy of the client's."""
        path = endpoint.upstream_path or endpoint.path
        head = self._heads.get(path)
        if head is None:
            base_path = self._base_path.removesuffix("/v1") if endpoint.at_root else self._base_path
            deployment = self.target.deployment
            whole = request_path(deployment.provider, base_path, path, deployment.upstream_model, deployment.settings)
            text = f"POST {whole} HTTP/1.1\r\n{self._lines}\r\nContent-Length: "
            head = self._heads[path] = text.encode("latin-1")
        more = head_lines.encode("latin-1") if head_lines else b""
        call.request = b"".join((head, str(len(body)).encode(), b"\r\n", more, b"\r\n", body))
        call.timeouts = self.timeouts
        self._pool.submit(call)


class TargetWires:
    """The wires of all deployments; one is made anew when its deployment has changed."""

    def __init__(self, settings: UpstreamSettings, upstreams: Upstreams) -> None:
        self._settings = settings
        self._upstreams = upstreams
        self._wires: dict[tuple[str, str], Wire] = {}

    def of(self, target: Target, endpoint: Endpoint) -> Wire:
        """The wire of `target` for calls of `endpoint`: a library's, if the provider does not speak its dialect itself.

        Raises:
            ValueError: Its `api_base` is not a URL.
        """
        wire = self._wires.get((target.deployment.id, endpoint.dialect))
        if wire is None or wire.target is not target:
            wire = self._wires[target.deployment.id, endpoint.dialect] = self._make(target, endpoint.dialect)
        return wire

    async def close(self) -> None:
        """Close connections that are not the pool's."""
        for wire in self._wires.values():
            if isinstance(wire, ForeignWire):
                await wire.close()

    def _make(self, target: Target, dialect: str) -> Wire:
        provider = PROVIDERS.get(target.deployment.provider)
        if provider is not None and provider.library and dialect not in provider.dialects:
            return ForeignWire(target, self._settings)
        return TargetWire(target, self._settings, self._upstreams)

"""The bytes that every call to a deployment shares, made once."""

from litemaas.domain.serving import Target
from litemaas.gateway.endpoints import Endpoint
from litemaas.providers.registry import PROVIDERS
from litemaas.providers.upstream import Timeouts
from litemaas.providers.upstream.fetching import host_header, split_url
from litemaas.settings import UpstreamSettings

_OPENAI_HOSTS = (".openai.com", ".openai.azure.com")


class TargetWire:
    """A deployment as HTTP sees it.

    Attributes:
        origin: Where its connections go.
        answer_lines: Header lines of our answer that name model and deployment.
        max_output_field: Where this upstream expects an output bound.
    """

    __slots__ = ("_base_path", "_heads", "_lines", "answer_lines", "max_output_field", "origin", "target", "timeouts")

    def __init__(self, target: Target, settings: UpstreamSettings) -> None:
        self.target = target
        deployment = target.deployment
        provider = PROVIDERS.get(deployment.provider, PROVIDERS["openai"])
        self.origin, path = split_url(deployment.api_base or provider.api_base or "")
        self._base_path = path.rstrip("/")
        lines = [f"Host: {host_header(self.origin)}", "Content-Type: application/json", "Accept: */*"]
        if target.credential:
            lines.append(f"{provider.auth_header}: {provider.auth_prefix}{target.credential}")
        self._lines = "\r\n".join(lines)
        self._heads: dict[str, bytes] = {}
        self.answer_lines = (
            f"x-litemaas-model: {_printable(target.model)}\r\nx-litemaas-deployment: {_printable(deployment.id)}\r\n"
        ).encode()
        # OpenAI's newer models refuse `max_tokens`; other servers know nothing else.
        openai = self.origin.host.endswith(_OPENAI_HOSTS)
        self.max_output_field = "max_completion_tokens" if openai else "max_tokens"
        own = deployment.timeouts
        self.timeouts = Timeouts(
            own.connect or settings.connect_timeout,
            own.first_byte or settings.first_byte_timeout,
            own.idle or settings.idle_timeout,
            own.total or settings.total_timeout,
        )

    def request(self, endpoint: Endpoint, body: bytes) -> bytes:
        """A whole request: a head of our own making, never a copy of the client's."""
        head = self._heads.get(endpoint.path)
        if head is None:
            text = f"POST {self._base_path}{endpoint.path} HTTP/1.1\r\n{self._lines}\r\nContent-Length: "
            head = self._heads[endpoint.path] = text.encode("latin-1")
        return b"%b%d\r\n\r\n%b" % (head, len(body), body)


class TargetWires:
    """The wires of all deployments; one is made anew when its deployment has changed."""

    def __init__(self, settings: UpstreamSettings) -> None:
        self._settings = settings
        self._wires: dict[str, TargetWire] = {}

    def of(self, target: Target) -> TargetWire:
        """The wire of `target`.

        Raises:
            ValueError: Its `api_base` is not a URL.
        """
        wire = self._wires.get(target.deployment.id)
        if wire is None or wire.target is not target:
            wire = self._wires[target.deployment.id] = TargetWire(target, self._settings)
        return wire


def _printable(text: str) -> str:
    """Text as a header value may hold it."""
    return "".join(character if " " <= character <= "~" else "?" for character in text)

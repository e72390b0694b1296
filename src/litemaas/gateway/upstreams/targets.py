"""What every way to a deployment has in common: patience, and how our answers name it."""

from litemaas.domain.serving import Target
from litemaas.gateway.upstreams.retirement import retirement_lines
from litemaas.providers.upstream import Timeouts
from litemaas.settings import UpstreamSettings


def timeouts_of(target: Target, settings: UpstreamSettings) -> Timeouts:
    """Patience with a deployment: its own, else the setting's."""
    own = target.deployment.timeouts
    return Timeouts(
        own.connect or settings.connect_timeout,
        own.first_byte or settings.first_byte_timeout,
        own.idle or settings.idle_timeout,
        own.total or settings.total_timeout,
    )


def answer_lines_of(target: Target) -> bytes:
    """Header lines of our answer that name model and deployment, and tell of a model that goes out of use."""
    model, deployment = _printable(target.model), _printable(target.deployment.id)
    named = f"x-litemaas-model: {model}\r\nx-litemaas-deployment: {deployment}\r\n"
    return (named + retirement_lines(target.retirement)).encode()


def _printable(text: str) -> str:
    """Text as a header value may hold it."""
    return "".join(character if " " <= character <= "~" else "?" for character in text)

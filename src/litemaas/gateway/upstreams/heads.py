"""Heads of requests to a deployment that are no inference with a JSON body: uploads, files, batches."""

from litemaas.domain.serving import Target
from litemaas.providers.addressing import request_path
from litemaas.providers.registry import PROVIDERS
from litemaas.providers.upstream.fetching import host_header, split_url
from litemaas.providers.upstream.pool import Origin


def upstream_origin(target: Target) -> Origin:
    """Where the connections to a deployment go.

    Raises:
        ValueError: Its `api_base` is not a URL.
    """
    return _base(target)[0]


def upstream_url(target: Target, path: str) -> str:
    """The whole address of a `path` below the upstream's base path.

    Raises:
        ValueError: Its `api_base` is not a URL.
    """
    origin, base_path = _base(target)
    return f"{origin.scheme}://{host_header(origin)}{_whole_path(target, base_path, path)}"


def auth_lines(target: Target) -> list[str]:
    """The header lines that a deployment's provider wants of every request, with the credential."""
    provider = PROVIDERS.get(target.deployment.provider, PROVIDERS["openai"])
    lines = list(provider.header_lines)
    if target.credential:
        lines.append(f"{provider.auth_header}: {provider.auth_prefix}{target.credential}")
    return lines


def request_head(target: Target, method: str, path: str, lines: tuple[str, ...] = ()) -> bytes:
    """A whole head of our own making, with the deployment's credential.

    Args:
        target: The deployment.
        method: Of HTTP.
        path: Below the upstream's base path, with its query if it has one.
        lines: Further header lines.

    Raises:
        ValueError: Its `api_base` is not a URL, or something would break the head.
    """
    origin, base_path = _base(target)
    whole = _whole_path(target, base_path, path)
    all_lines = [
        f"Host: {host_header(origin)}",
        "Accept: */*",
        "Accept-Encoding: identity",
        *auth_lines(target),
        *lines,
    ]
    if any(not (text.isascii() and text.isprintable()) for text in (whole, *all_lines)) or " " in whole:
        raise ValueError("A header or the path contains a character that must not be there.")
    return "\r\n".join((f"{method} {whole} HTTP/1.1", *all_lines, "\r\n")).encode("latin-1")


def _base(target: Target) -> tuple[Origin, str]:
    provider = PROVIDERS.get(target.deployment.provider, PROVIDERS["openai"])
    origin, path = split_url(target.deployment.api_base or provider.api_base or "")
    return origin, path.rstrip("/")


def _whole_path(target: Target, base_path: str, path: str) -> str:
    deployment = target.deployment
    plain, _, query = path.partition("?")
    whole = request_path(deployment.provider, base_path, plain, deployment.upstream_model, deployment.settings)
    return whole if not query else f"{whole}{'&' if '?' in whole else '?'}{query}"

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
    provider = PROVIDERS.get(target.deployment.provider, PROVIDERS["openai"])
    return split_url(target.deployment.api_base or provider.api_base or "")[0]


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
    deployment = target.deployment
    provider = PROVIDERS.get(deployment.provider, PROVIDERS["openai"])
    origin, base_path = split_url(deployment.api_base or provider.api_base or "")
    plain, _, query = path.partition("?")
    whole = request_path(
        deployment.provider, base_path.rstrip("/"), plain, deployment.upstream_model, deployment.settings
    )
    if query:
        whole += ("&" if "?" in whole else "?") + query
    all_lines = [f"Host: {host_header(origin)}", "Accept: */*", *provider.header_lines, *lines]
    if target.credential:
        all_lines.append(f"{provider.auth_header}: {provider.auth_prefix}{target.credential}")
    if any(not (text.isascii() and text.isprintable()) for text in (whole, *all_lines)) or " " in whole:
        raise ValueError("A header or the path contains a character that must not be there.")
    return "\r\n".join((f"{method} {whole} HTTP/1.1", *all_lines, "\r\n")).encode("latin-1")

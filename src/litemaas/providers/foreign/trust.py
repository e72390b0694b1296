"""Lets the clients of providers trust whom all our connections trust: the system's authorities, and ours beside them.

Each client takes that in a way of its own; without it they trust a list that came with a Python package.
"""

import ssl
import tempfile
from collections.abc import Callable
from functools import cache
from typing import IO, Any

from litemaas.providers.registry import Provider

_PATIENCE_SECONDS = 3600.0  # the call's own time-outs end it sooner


@cache
def tls_trusting(ca_bundle: str) -> ssl.SSLContext:
    """A context with the authorities of a PEM file, unless it is empty, beside the system's; one for all.

    Raises:
        OSError: The file cannot be read.
    """
    tls = ssl.create_default_context()
    if ca_bundle:
        tls.load_verify_locations(cafile=ca_bundle)
    return tls


def can_trust_ours(provider: Provider) -> bool:
    """Tell whether the provider's client can be told whom to trust."""
    return provider.library in _OPTIONS


def trust_options(library: str, tls: ssl.SSLContext) -> dict[str, Any]:
    """Options of a client that make it trust whom `tls` trusts; none where it cannot be told."""
    options = _OPTIONS.get(library)
    return options(tls) if options is not None else {}


def _anthropic(tls: ssl.SSLContext) -> dict[str, Any]:
    from anthropic import DefaultAsyncHttpxClient  # noqa: PLC0415 - large; see `Library`

    return {"http_client": DefaultAsyncHttpxClient(verify=tls)}


def _cohere(tls: ssl.SSLContext) -> dict[str, Any]:
    from httpx import AsyncClient  # noqa: PLC0415 - as above

    return {"httpx_client": AsyncClient(verify=tls, timeout=_PATIENCE_SECONDS, follow_redirects=True)}


def _google(tls: ssl.SSLContext) -> dict[str, Any]:
    return {"http_options": {"client_args": {"verify": tls}, "async_client_args": {"verify": tls}}}


def _amazon(tls: ssl.SSLContext) -> dict[str, Any]:
    return {"verify": _bundle_of(tls).name}


@cache
def _bundle_of(tls: ssl.SSLContext) -> IO[str]:
    """A file with the authorities of `tls`, for clients that take nothing else; it lasts as long as the process."""
    file = tempfile.NamedTemporaryFile("w", suffix=".pem")  # noqa: SIM115 - closing it removes it
    file.writelines(ssl.DER_cert_to_PEM_cert(one) for one in tls.get_ca_certs(binary_form=True))
    file.flush()
    return file


_OPTIONS: dict[str, Callable[[ssl.SSLContext], dict[str, Any]]] = {
    "anthropic": _anthropic,
    "bedrock": _amazon,
    "cohere": _cohere,
    "gemini": _google,
    "sagemaker": _amazon,
    "vertexai": _google,
}

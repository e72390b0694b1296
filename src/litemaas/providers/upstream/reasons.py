"""Why there is no connection to an upstream, in words."""

import socket
import ssl

from litemaas.providers.errors import ConnectFailed


class ForbiddenAddressError(OSError):
    """The host name of a model's server leads to where no model is served."""


_REASONS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str], ...] = (
    (
        ForbiddenAddressError,
        "forbidden",
        "The model's server is at a link-local address or a cloud's metadata service.",
    ),
    (TimeoutError, "timeout", "The model's server did not accept a connection in time."),
    ((socket.gaierror, UnicodeError), "dns", "The host name of the model's server is not known."),
    (ssl.SSLError, "tls", "There is no TLS connection to the model's server."),
    (ConnectionRefusedError, "refused", "The model's server refuses connections."),
)


def why_unreached(error: Exception) -> ConnectFailed:
    """What `error`, raised while a connection was opened, means to somebody who knows no sockets."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return ConnectFailed("tls", f"The certificate of the model's server is not trusted: {error.verify_message}.")
    for kinds, reason, message in _REASONS:
        if isinstance(error, kinds):
            return ConnectFailed(reason, message)
    return ConnectFailed("unreachable", "The model's server cannot be reached.")

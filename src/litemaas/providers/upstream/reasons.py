"""Why there is no connection to an upstream, in words."""

import socket
import ssl

from litemaas.providers.errors import ConnectFailed


def why_unreached(error: Exception) -> ConnectFailed:
    """What `error`, raised while a connection was opened, means to somebody who knows no sockets."""
    if isinstance(error, TimeoutError):
        return ConnectFailed("timeout", "The model's server did not accept a connection in time.")
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return ConnectFailed("dns", "The host name of the model's server is not known.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return ConnectFailed("tls", f"The certificate of the model's server is not trusted: {error.verify_message}.")
    if isinstance(error, ssl.SSLError):
        return ConnectFailed("tls", "There is no TLS connection to the model's server.")
    if isinstance(error, ConnectionRefusedError):
        return ConnectFailed("refused", "The model's server refuses connections.")
    return ConnectFailed("unreachable", "The model's server cannot be reached.")

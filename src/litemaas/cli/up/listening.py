"""The socket that all server processes accept from. The supervisor holds it, so a restart refuses no connection."""

import errno
import socket
import time

from litemaas.cli.errors import SetupError

_BACKLOG = 2048
_RETRY_SECONDS = 1.0  # a killed supervisor's servers may need a moment to go
_PAUSE_SECONDS = 0.05
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - compared with, not bound to


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        SetupError: The address or the port cannot be had.
    """
    deadline = time.monotonic() + _RETRY_SECONDS
    while True:
        try:
            return _bind(host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(_PAUSE_SECONDS)
                continue
            raise _refusal(host, port, error) from error


def url_of(listener: socket.socket) -> str:
    """Return the URL under which this machine reaches `listener`."""
    host, port = listener.getsockname()[:2]
    host = _ANY_ADDRESS.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _bind(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
        0
    ]
    listener = socket.create_server((str(address[0]), port), family=family, backlog=_BACKLOG)
    listener.setblocking(False)
    return listener


def _refusal(host: str, port: int, error: OSError) -> SetupError:
    if error.errno == errno.EADDRINUSE:
        return SetupError(f"Port {port} is taken on {host}: name another one with --port, or stop what listens there.")
    if error.errno == errno.EACCES:
        return SetupError(f"Port {port} needs rights that this user does not have: name one above 1023 with --port.")
    return SetupError(
        f"LiteMaaS cannot listen on {host} ({error.strerror}): name an address of this machine with --host."
    )

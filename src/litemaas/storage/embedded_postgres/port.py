"""Chooses the port, and keeps it while it is free: whoever still holds the old URL finds the server again."""

import os
import socket
from pathlib import Path

_FIRST, _COUNT = 20_000, 12_000
"""Below the ports that systems hand to outgoing connections: one of those could take it while the server is down, and a
client that calls an unused port of that range again and again at last reaches itself."""


def choose_port(folder: Path) -> int:
    """Return the port of the last start if it is free, otherwise a free one."""
    try:
        kept = int(_port_file(folder).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return free_port()
    return kept if _is_free(kept) else free_port()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at this moment."""
    while True:
        port = _FIRST + int.from_bytes(os.urandom(4), "big") % _COUNT
        if _is_free(port):
            return port


def keep_port(folder: Path, port: int) -> None:
    """Remember the port for the next start."""
    _port_file(folder).write_text(f"{port}\n", encoding="ascii")


def _port_file(folder: Path) -> Path:
    return folder / "port"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL does
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

"""A container's probes, asked as a kubelet asks them, only more often, because tests wait for the answer."""

import asyncio
from collections.abc import Awaitable, Callable

from .container import Container

_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_TOO_BAD = 400


async def passes(container: Container, address: str) -> bool:
    """Whether all of a container's probes are content; one without probes is, as soon as it runs."""
    stated = [container.spec[name] for name in _PROBES if name in container.spec]
    for probe in stated:
        if not await _asked(probe, container, address):
            return False
    return True


async def _asked(probe: dict, container: Container, address: str) -> bool:
    seconds = probe.get("timeoutSeconds", 1)
    if "exec" in probe:
        return await container.run_inside(probe["exec"]["command"], seconds) == 0
    kind = "httpGet" if "httpGet" in probe else "tcpSocket"
    ask: Callable[..., Awaitable[bool]] = _get if kind == "httpGet" else _connect
    port = _port(probe[kind]["port"], container)
    try:
        return await asyncio.wait_for(ask(address, port, probe[kind]), seconds)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False


async def _connect(address: str, port: int, _probe: dict) -> bool:
    _reader, writer = await asyncio.open_connection(address, port)
    writer.close()
    return True


async def _get(address: str, port: int, probe: dict) -> bool:
    reader, writer = await asyncio.open_connection(address, port)
    try:
        request = f"GET {probe['path']} HTTP/1.1\r\nHost: {address}:{port}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        status = await reader.readuntil(b"\r\n")
        return int(status.split()[1]) < _TOO_BAD
    finally:
        writer.close()


def _port(port: int | str, container: Container) -> int:
    """A named port is looked up in the container's own."""
    if isinstance(port, int):
        return port
    return next(each["containerPort"] for each in container.told["ports"] if each.get("name") == port)

"""The cluster's router and its DNS: an HTTPS proxy that leads each host to a ready pod of the Service of its Route."""

import asyncio
import itertools
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress

Target = tuple[str, int]
_PIECE = 65536
_HEAD_LIMIT = 1 << 20


class Router:
    """Speaks HTTP with both sides, one request for each connection, as its only promise is to choose by host and path.

    Attributes:
        servers: Hosts that no Route knows, because they are the cluster's own.
    """

    def __init__(self, targets: Callable[[str, str], Awaitable[list[Target]]], certificate: ssl.SSLContext) -> None:
        self.servers: dict[str, Target] = {}
        self._targets = targets
        self._certificate = certificate
        self._turn = itertools.count()
        self._connections: dict[asyncio.Task, asyncio.StreamWriter] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of a client that takes us for its proxy."""
        self._connections[asyncio.current_task()] = writer
        try:
            with suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
                head = await reader.readuntil(b"\r\n\r\n")
                host = head.split()[1].decode().partition(":")[0]
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                await writer.drain()
                if host in self.servers:
                    await self._relay(reader, writer, self.servers[host], b"")
                else:
                    await writer.start_tls(self._certificate)
                    await self._route(reader, writer, host)
        finally:
            writer.close()
            del self._connections[asyncio.current_task()]

    async def stop(self) -> None:
        """End the connections that clients have left open."""
        for writer in self._connections.values():
            writer.transport.abort()
        await asyncio.gather(*self._connections)

    async def _route(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ", 2)[1].decode().partition("?")[0]
        targets = await self._targets(host, path)
        if not targets:
            writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        target = targets[next(self._turn) % len(targets)]
        await self._relay(reader, writer, target, _forwarded(head, writer.get_extra_info("peername")[0]))

    async def _relay(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: Target, first: bytes
    ) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection(*target, limit=_HEAD_LIMIT)
        upstream_writer.write(first)
        both = [asyncio.ensure_future(_pump(*ends)) for ends in ((reader, upstream_writer), (upstream_reader, writer))]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in both:
                pump.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            upstream_writer.close()


def _forwarded(head: bytes, client: str) -> bytes:
    """The request's head as a router passes it on; the answer ends with its connection."""
    lines = [line for line in head.split(b"\r\n")[:-2] if not line.lower().startswith(b"connection:")]
    added = (f"X-Forwarded-For: {client}", "X-Forwarded-Proto: https", "Connection: close")
    return b"\r\n".join([*lines, *(line.encode() for line in added)]) + b"\r\n\r\n"


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while piece := await source.read(_PIECE):
        sink.write(piece)
        await sink.drain()

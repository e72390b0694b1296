"""Stands before a PostgreSQL server, at its own address and with TLS if wanted, which the embedded server lacks."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

SSL_REQUEST = bytes.fromhex("00000008 04d2162f")  # PostgreSQL's protocol, message SSLRequest


@asynccontextmanager
async def forwarding(url: str, *, tls: ssl.SSLContext | None = None, port: int = 0) -> AsyncIterator[str]:
    """Yield a URL like `url` whose connections come to the same server by a detour.

    Args:
        url: URL of the server behind.
        tls: With it, clients must ask for TLS, as PostgreSQL's do by `sslmode`.
        port: Where to listen; 0: anywhere.
    """
    target = urlsplit(url)
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        if tls is not None:
            assert await reader.readexactly(len(SSL_REQUEST)) == SSL_REQUEST
            writer.write(b"S")
            with suppress(ssl.SSLError, ConnectionError):  # the client does not trust us
                await writer.start_tls(tls)
                await detour(reader, writer)
        else:
            await detour(reader, writer)
        writer.close()

    async def detour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind_writer = await asyncio.open_connection(target.hostname, target.port)
        await asyncio.gather(_copy(reader, behind_writer), _copy(behind_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield target._replace(netloc=f"{target.username}:{target.password}@{address}").geturl()
    await asyncio.gather(*serving)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    writer.close()

"""The network between a program and its server, which a test can cut and mend."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Cable:
    """Forwards connections to a server.

    Attributes:
        url: Like the server's, by way of us.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._target = urlsplit(url)
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task] = set()
        self._cut = False

    def cut(self) -> None:
        """Break all connections; new ones are closed at once."""
        self._cut = True
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        """Let new connections through again."""
        self._cut = False

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Cable"]:
        server = await asyncio.start_server(self._forward, "127.0.0.1", 0)
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self.url = self._target._replace(netloc=f"{self._target.username}:{self._target.password}@{address}").geturl()
        try:
            yield self
        finally:
            server.close()
            self.cut()
            await asyncio.gather(*self._tasks)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        if self._cut:
            writer.transport.abort()
            return
        behind_reader, behind_writer = await asyncio.open_connection(self._target.hostname, self._target.port)
        ends = {writer, behind_writer}
        self._writers |= ends
        await asyncio.gather(_copy(reader, behind_writer), _copy(behind_reader, writer))
        self._writers -= ends


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    writer.close()

"""An instance: several replicas behind a balancer, as a cluster runs them, with a journal folder that they share."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from pathlib import Path

import asyncpg

from support.gateway import Running, ServerProcess, server_process
from support.replicas import until
from support.wire import post


class Balancer:
    """Passes each connection on to the next backend in turn; one that refuses it is passed over."""

    def __init__(self) -> None:
        self.backends: list[tuple[str, int]] = []
        self._turn = count()
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[tuple[str, int]]:
        server = await asyncio.start_server(self._forward, "127.0.0.1", 0, backlog=2000)
        try:
            yield server.sockets[0].getsockname()
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            for _ in self.backends:
                address = self.backends[next(self._turn) % len(self.backends)]
                with suppress(OSError):
                    await _join(reader, writer, *await asyncio.open_connection(*address))
                    break
        finally:
            writer.transport.abort()


async def _join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    behind_reader: asyncio.StreamReader,
    behind_writer: asyncio.StreamWriter,
) -> None:
    """Carry what both ends say until both have said all."""
    try:
        await asyncio.gather(_copy(reader, behind_writer), _copy(behind_reader, writer))
    finally:
        behind_writer.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65_536):
        writer.write(piece)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


class Instance(Running):
    """What clients see at `address`.

    Attributes:
        replicas: The processes, oldest first.
    """

    def __init__(self, address: tuple[str, int], connection: asyncpg.Connection, settings: dict[str, object]) -> None:
        super().__init__(address, connection)
        self.balancer = Balancer()
        self.replicas: list[ServerProcess] = []
        self._settings = settings
        self._stack = AsyncExitStack()

    async def settle(self, key: str) -> None:
        await asyncio.gather(*(replica.settle(key) for replica in self.replicas))

    async def add(self) -> ServerProcess:
        """Start one more replica, and let the balancer know when it can serve."""
        replica = await self._stack.enter_async_context(server_process(**self._settings))
        self.replicas.append(replica)
        self.balancer.backends.append(replica.address)
        return replica

    async def take_out(self, replica: ServerProcess) -> None:
        """Give a replica no new connections, as is done before it is told to end."""
        self.balancer.backends.remove(replica.address)
        self.replicas.remove(replica)

    async def way(self, replica: ServerProcess) -> str:
        """How a replica counts rate limits."""
        answer = await replica.ask(b"GET /health/readiness HTTP/1.1\r\nHost: a\r\n\r\n")
        return json.loads(answer.body)["rate_limits"]

    async def until_shared(self, way: str) -> None:
        """Wait until all replicas count rate limits in one way."""

        async def agreed() -> bool:
            return {await self.way(replica) for replica in self.replicas} == {way}

        await until(agreed)

    async def ask_at(self, replica: int, model: str, key: str, **more: object) -> int:
        """The status of a call at one replica."""
        messages = [{"role": "user", "content": "Hello"}]
        body = {"model": model, "messages": messages, "max_tokens": 20} | more
        return (await self.replicas[replica].ask(post(body, key))).status


@asynccontextmanager
async def instance(database_url: str, data_dir: Path, replicas: int = 3, **variables: str) -> AsyncIterator[Instance]:
    """So many replicas, all ready."""
    settings = {"database_url": database_url, "data_dir": data_dir, "role": "gateway"} | variables
    connection = await asyncpg.connect(database_url)
    new = Instance(("", 0), connection, settings)
    try:
        async with new._stack, new.balancer.running() as address:
            new.address = address
            await asyncio.gather(*(new.add() for _ in range(replicas)))
            yield new
    finally:
        await connection.close()

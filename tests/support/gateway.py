"""The gateway under test: the process that serves in production, or its parts in this process where that is enough."""

import asyncio
import contextlib
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg

from litemaas.bootstrap import Platform, open_platform
from litemaas.gateway.app import create_app
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.fast_lane.connection import Connection, Lane
from litemaas.gateway.fast_lane.probes import answer_probe
from litemaas.gateway.guardrails.keeping import keep_guarded
from litemaas.gateway.inference import inference_routes
from litemaas.gateway.slow_lane.protocol import UvicornLane
from litemaas.settings import read_settings
from support.rows import SALT_KEY, Rows
from support.wire import PATIENCE, Answer, post, wire_to

MASTER_KEY = "sk-master-of-the-tests"


def environment(database_url: str, data_dir: Path, **variables: str) -> dict[str, str]:
    """What the gateway is told; `variables` are settings such as `LITEMAAS_IDLE_TIMEOUT`."""
    return {
        "DATABASE_URL": database_url,
        "LITELLM_MASTER_KEY": MASTER_KEY,
        "LITEMAAS_SALT_KEY": SALT_KEY,
        "LITEMAAS_DATA_DIR": str(data_dir),
        "LITEMAAS_METRICS_PORT": "0",
        "LITEMAAS_HEALTH_CHECK_SECONDS": "0",
    } | variables


class Running:
    """A gateway that answers at `address`, and the database behind it."""

    def __init__(self, address: tuple[str, int], connection: asyncpg.Connection) -> None:
        self.address = address
        self.rows = Rows(connection, self.settle)

    @property
    def url(self) -> str:
        return f"http://{self.address[0]}:{self.address[1]}"

    async def ask(self, request: bytes) -> Answer:
        """One request on a connection of its own."""
        async with wire_to(self.address) as wire:
            return await wire.ask(request)

    async def settle(self, key: str) -> None:
        """Wait until `key` is known; what is asked is nobody's model and costs nothing."""
        async with asyncio.timeout(PATIENCE), wire_to(self.address) as wire:
            while True:
                answer = await wire.ask(post(b"", key))
                if answer.status != 401 or answer.error["code"] != "invalid_api_key":
                    return

    async def booked(self, key: str, count: int = 1) -> list[asyncpg.Record]:
        """The ledger's rows of `key`, as soon as there are `count`."""
        async with asyncio.timeout(PATIENCE):
            while True:
                rows = await self.rows.booked(key)
                if len(rows) >= count:
                    break
                await asyncio.sleep(0.02)  # the ledger tells nobody
        assert len(rows) == count
        return rows


class InProcess(Running):
    """The edge and everything below it, in this process; its clock is the test's to move."""

    def __init__(
        self, address: tuple[str, int], connection: asyncpg.Connection, platform: Platform, lane: Lane
    ) -> None:
        super().__init__(address, connection)
        self.platform = platform
        self.lane = lane

    async def settle(self, key: str) -> None:
        await self.platform.snapshot.catch_up()

    def pass_time(self, seconds: float) -> None:
        """Let the edge believe that `seconds` have passed."""
        self.lane.sweep(self.lane.now + seconds, b"")


@asynccontextmanager
async def gateway_in_process(database_url: str, **variables: str) -> AsyncIterator[InProcess]:
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(environment(database_url, Path(folder), **variables))
        async with open_platform(settings) as platform:
            gateway = Gateway(settings, platform.admissions, platform.journal, platform.upstreams, platform.objects)
            keep_guarded(gateway, platform)
            app = create_app(platform)
            app.router.routes[:0] = inference_routes(gateway)
            slow_lane = UvicornLane(app)
            lane = Lane(gateway, slow_lane, partial(answer_probe, platform))
            lane.sweep(time.monotonic(), b"")
            loop = asyncio.get_running_loop()
            server = await loop.create_server(lambda: Connection(lane), "127.0.0.1", 0)
            connection = await asyncpg.connect(database_url)
            try:
                yield InProcess(server.sockets[0].getsockname(), connection, platform, lane)
            finally:
                await connection.close()
                server.close()
                lane.drain()
                await gateway.drain(PATIENCE)
                slow_lane.shut_down()


class ServerProcess(Running):
    """`python -m litemaas.server`.

    Attributes:
        output: Everything that it has printed.
    """

    def __init__(
        self, address: tuple[str, int], connection: asyncpg.Connection, process: asyncio.subprocess.Process
    ) -> None:
        super().__init__(address, connection)
        self.process = process
        self.output = bytearray()
        self._reading = asyncio.ensure_future(self._read())

    async def stop(self) -> None:
        """Ask it to end, and see it end well."""
        self.process.terminate()
        async with asyncio.timeout(PATIENCE):
            assert await self.process.wait() == 0, self.output.decode()
        await self._reading

    async def kill(self) -> None:
        """End it as a crash does."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        await self._reading

    async def _read(self) -> None:
        while piece := await self.process.stdout.read(65536):
            self.output += piece


@asynccontextmanager
async def server_process(
    database_url: str,
    data_dir: Path,
    seen_at: str | None = None,
    role: str = "all",
    metrics_port: int = 0,
    **variables: str,
) -> AsyncIterator[ServerProcess]:
    """A server on a free port, ready to serve.

    Args:
        seen_at: URL at which the server reaches the database, if it is not `database_url`.
        metrics_port: Of `/metrics`; 0: none.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    ready, told = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "litemaas.server", "--role", role, "--metrics-port", str(metrics_port)),
        *("--listen-fd", str(listener.fileno()), "--ready-fd", str(told), "--parent-pid", str(os.getpid())),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=(listener.fileno(), told),
        env=os.environ | environment(seen_at or database_url, data_dir, **variables),
    )
    os.close(told)
    connection = await asyncpg.connect(database_url)
    server = ServerProcess(listener.getsockname(), connection, process)
    listener.close()
    try:
        message = await asyncio.to_thread(_read_line, ready)
        assert json.loads(message or "{}") == {"ready": True}, f"{message!r} {server.output.decode()}"
        yield server
    finally:
        await connection.close()
        await server.kill()


def _read_line(descriptor: int) -> str:
    with os.fdopen(descriptor) as file:
        return file.readline()

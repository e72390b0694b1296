"""One server process whose whole OpenAPI page is called."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.gateway import ServerProcess, server_process
from support.postgres import PostgresServer


@pytest.fixture(scope="session")
async def server(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServerProcess]:
    folder: Path = tmp_path_factory.mktemp("server")
    async with postgres_server.database() as url, server_process(url, folder) as running:
        yield running
        await running.stop()

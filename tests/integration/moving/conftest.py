"""Databases to move from and to, as their programs make them."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from litemaas.storage.postgres import prepare_connection
from support.moving import Home, Source, home_at

HERE = Path(__file__).parent


@pytest.fixture
async def litellm(postgres_server) -> AsyncIterator[Source]:
    async with postgres_server.database("template0") as url:
        connection = await asyncpg.connect(url)
        await prepare_connection(connection)
        await connection.execute((HERE / "litellm.sql").read_text())
        yield Source(url, connection)
        await connection.close()


@pytest.fixture
async def app(litellm: Source) -> Source:
    await litellm.connection.execute((HERE / "litemaas_app.sql").read_text())
    return litellm


@pytest.fixture
async def home(database_url: str) -> AsyncIterator[Home]:
    opened = await home_at(database_url)
    yield opened
    await opened.pool.close()


@pytest.fixture
async def other_home(postgres_server) -> AsyncIterator[Home]:
    async with postgres_server.database() as url:
        opened = await home_at(url)
        yield opened
        await opened.pool.close()

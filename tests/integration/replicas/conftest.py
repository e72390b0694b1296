from collections.abc import AsyncIterator

import pytest

from support.postgres import PostgresServer
from support.upstream import Upstream, running_upstream
from support.valkey import ValkeyServer, running_valkey


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running_upstream() as upstream:
        yield upstream


@pytest.fixture
async def valkey() -> AsyncIterator[ValkeyServer]:
    async with running_valkey() as valkey:
        yield valkey


@pytest.fixture(scope="module")
async def shared_valkey() -> AsyncIterator[ValkeyServer]:
    """One that no test of the module ends."""
    async with running_valkey() as valkey:
        yield valkey


@pytest.fixture(scope="module")
async def shared_database_url(postgres_server: PostgresServer) -> AsyncIterator[str]:
    async with postgres_server.database() as url:
        yield url

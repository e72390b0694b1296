"""A gateway in this process, and model servers of providers that any-llm speaks to with their own SDKs."""

from collections.abc import AsyncIterator

import pytest

from support.gateway import InProcess, gateway_in_process
from support.postgres import PostgresServer
from support.upstream import Upstream, running_upstream


@pytest.fixture(scope="session")
async def gateway(postgres_server: PostgresServer) -> AsyncIterator[InProcess]:
    async with postgres_server.database() as url, gateway_in_process(url) as running:
        yield running


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running_upstream() as running:
        yield running

"""One gateway and one upstream for each module: starting them costs more than any test."""

from collections.abc import AsyncIterator

import pytest

from support.gateway import InProcess, gateway_in_process
from support.postgres import PostgresServer
from support.upstream import Upstream, chat, running_upstream


@pytest.fixture(scope="module")
async def shared_upstream() -> AsyncIterator[Upstream]:
    async with running_upstream() as upstream:
        yield upstream


@pytest.fixture
def upstream(shared_upstream: Upstream) -> Upstream:
    shared_upstream.forget()
    shared_upstream.script = chat()
    return shared_upstream


@pytest.fixture(scope="module")
async def gateway(postgres_server: PostgresServer) -> AsyncIterator[InProcess]:
    async with postgres_server.database() as url, gateway_in_process(url) as running:
        yield running


@pytest.fixture
async def model(gateway: InProcess, upstream: Upstream) -> str:
    return await gateway.rows.model(upstream.url)


@pytest.fixture
async def key(gateway: InProcess, model: str) -> str:
    return await gateway.rows.key()

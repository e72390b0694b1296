from collections.abc import AsyncIterator

import pytest

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

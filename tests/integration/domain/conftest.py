from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from litemaas.storage.postgres import Pool
from support.replicas import Replica, connecting


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with connecting(database_url) as pool:
        yield pool


@pytest.fixture
def journals(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def replica(pool: Pool, journals: Path) -> Replica:
    return Replica(pool, journals)


@pytest.fixture
def another(pool: Pool, journals: Path) -> Replica:
    return Replica(pool, journals)

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from litemaas.storage.embedded_postgres import EmbeddedPostgres
from support.postgres import reachable_directory


@pytest.fixture
def data_dir() -> Iterator[Path]:
    directory = reachable_directory()
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def postgres(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    """A server that was not started yet; it is stopped after the test."""
    server = EmbeddedPostgres(data_dir, durable=False)
    yield server
    server.stop()

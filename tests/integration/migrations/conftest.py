from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.postgres import PostgresServer

MIGRATION = '''
from litemaas.migrations.script import run_script

revision = "{revision:04d}"
down_revision = {down_revision!r}


def upgrade() -> None:
    run_script("""{sql}""")
'''


class History:
    """A folder of migrations that a test writes itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.length = 0

    def add(self, sql: str) -> None:
        """Add the next revision."""
        down_revision = f"{self.length:04d}" if self.length else None
        self.length += 1
        text = MIGRATION.format(revision=self.length, down_revision=down_revision, sql=sql)
        (self.folder / f"{self.length:04d}_change.py").write_text(text)


@pytest.fixture
async def empty_database_url(postgres_server: PostgresServer) -> AsyncIterator[str]:
    async with postgres_server.database("template0") as url:
        yield url


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Two migrations, in a folder whose name a configuration file would stumble over."""
    folder = tmp_path / "100% of versions"
    folder.mkdir()
    history = History(folder)
    history.add("CREATE TABLE teams (id text); CREATE TABLE users (id text);")
    history.add("ALTER TABLE teams ADD COLUMN alias text;")
    return history

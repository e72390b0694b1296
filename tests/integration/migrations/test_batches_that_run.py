"""Batches that run while 0017 is applied: who runs them is known afterwards, so that they are booked."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from litemaas import migrations
from support.sql import connected

OURS = Path(migrations.__file__).parent / "versions"
BEFORE, AFTER = "0016", "0017"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Our own migrations until just before."""
    for file in OURS.glob("[0-9]*.py"):
        if file.name[:4] <= BEFORE:
            shutil.copy(file, tmp_path)
    return tmp_path


async def test_who_runs_a_batch_is_read_from_its_owner(empty_database_url, history):
    await asyncio.to_thread(migrations.migrate, empty_database_url, versions=history)
    async with connected(empty_database_url) as connection:
        await connection.execute(
            """
            INSERT INTO model_groups (id, name) VALUES ('0191e0a0-0000-7000-8000-000000000001', 'm');
            INSERT INTO deployments (id, group_id, provider, upstream_model)
            VALUES ('d', '0191e0a0-0000-7000-8000-000000000001', 'openai', 'u');
            INSERT INTO upstream_objects (kind, id, owner, deployment_id, model, tokens, created_at)
            SELECT kind, kind, owner, 'd', 'm', 0, now()
            FROM (VALUES ('batch', 'user:ann'), ('batch', 'team:red'), ('batch', 'key:k'), ('batch', 'operator'),
                         ('file', 'user:ann')) AS things (kind, owner)
            """
        )
        shutil.copy(next(OURS.glob(f"{AFTER}_*.py")), history)
        await asyncio.to_thread(migrations.migrate, empty_database_url, versions=history)
        rows = await connection.fetch("SELECT kind, owner, circumstances FROM upstream_objects")
    known = {"endpoint": "/batches", "model": "m", "deployment_id": "d", "provider": "openai"}
    assert {(row["kind"], row["owner"]): row["circumstances"] and json.loads(row["circumstances"]) for row in rows} == {
        ("batch", "user:ann"): known | {"user_id": "ann"},
        ("batch", "team:red"): known | {"team_id": "red"},
        ("batch", "key:k"): known | {"key_id": "k"},
        ("batch", "operator"): known,
        ("file", "user:ann"): None,
    }

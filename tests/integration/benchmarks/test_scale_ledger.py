"""The scale benchmark measures what it says: calls in the real ledger, rollups by the real rebuild."""

import asyncpg
from benchmarks.scale.filling import Size, fill
from benchmarks.scale.ledger import measure, questions, rebuild_all

from litemaas.domain.spend.usage import UsageReports
from litemaas.storage.postgres import open_pool

SIZE = Size(600, days=40, users=6, keys=12, teams=3, models=4, models_per_key=2)


async def test_the_questions_are_asked_of_all_the_calls(database_url: str):
    connection = await asyncpg.connect(database_url)
    await fill(connection, SIZE, lambda _: None)
    pool = await open_pool(database_url, 4)
    await rebuild_all(pool, SIZE)
    assert await connection.fetchval("SELECT count(*) FROM ledger") == 600
    assert await connection.fetchval("SELECT count(DISTINCT key_id) FROM daily_spend") == 12
    assert await connection.fetchval("SELECT sum(requests) FROM daily_spend") == 600
    reports = UsageReports(pool)
    for question in questions(SIZE).values():
        assert len(await measure(reports, question, 2)) == 2
        assert await question(reports)
    await pool.close()
    await connection.close()

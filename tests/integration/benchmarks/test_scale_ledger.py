"""The scale benchmark measures what it says: calls in the real ledger, rollups by the real rebuild, pages over HTTP."""

import asyncpg
import httpx
from benchmarks.scale.filling import Size, fill
from benchmarks.scale.ledger import ask, rebuild_all
from benchmarks.scale.usage_questions import SPANS, questions

from litemaas.storage.postgres import open_pool
from support.portal import MASTER_KEY, Site

SIZE = Size(600, days=40, users=12, keys=12, teams=8, models=8, models_per_key=2)


async def test_the_questions_are_asked_of_all_the_calls(site: Site, database_url: str):
    connection = await asyncpg.connect(database_url)
    await fill(connection, SIZE, lambda _: None)
    pool = await open_pool(database_url, 4)
    await rebuild_all(pool, SIZE)
    assert await connection.fetchval("SELECT count(*) FROM ledger") == 600
    assert await connection.fetchval("SELECT count(DISTINCT key_id) FROM daily_spend") == 12
    assert await connection.fetchval("SELECT sum(requests) FROM daily_spend") == 600
    page = site.browser()
    await page.log_in()
    program = httpx.AsyncClient(transport=httpx.ASGITransport(site.app), base_url="http://admin.test")
    program.headers["Authorization"] = f"Bearer {MASTER_KEY}"
    key_id = await connection.fetchval("SELECT id::text FROM keys WHERE alias = 'key 7'")
    asked = list(questions(key_id))
    assert {question.span for question in asked} == SPANS.keys()
    for question in asked:
        assert len(await ask(program if question.by_key else page.client, question, 2)) == 2
    await pool.close()
    await connection.close()

"""What is seen of a database that ends our connections, as it does when another server takes over."""

import asyncio

from litemaas.storage.postgres import PASSING_ERRORS, open_pool
from support.sql import connected

END_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_a_connection_that_was_ended_fails_in_a_way_that_is_known_to_pass(database_url):
    """At each moment: before the news of its end was read, between the news and the end, and after it."""
    pool = await open_pool(database_url, 1)
    failed = 0
    async with connected(database_url) as other, pool:
        for turns in range(60):
            await pool.fetchval("SELECT 1")
            await other.execute(END_ALL)
            for _ in range(turns % 6):
                await asyncio.sleep(0)
            try:
                await pool.fetchval("SELECT 1")
            except PASSING_ERRORS:
                failed += 1
    assert failed

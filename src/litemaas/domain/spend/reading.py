"""Reading for reports: one moment for all figures of a page, and a plan for the very values that are asked about.

PostgreSQL plans a statement that it has seen five times without looking at its values if that seems no dearer. What a
report asks about makes all the difference: a day or a year, one key or everyone.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litemaas.storage.postgres import Connection, Pool


@asynccontextmanager
async def reading(pool: Pool) -> AsyncIterator[Connection]:
    """A connection whose statements all see the same moment, each planned for its own values."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        yield connection

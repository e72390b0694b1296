"""Reading for reports: one moment for all figures of a page, and a plan for the very values that are asked about.

PostgreSQL plans a statement that it has seen five times without looking at its values if that seems no dearer. What a
report asks about makes all the difference: a day or a year, one key or everyone. And unless told otherwise it takes
random reads for four times as dear as others, as on turning disks, and reads whole tables where an index would do.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litemaas.storage.postgres import Connection, Pool

_PLANNING = "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL random_page_cost = 1.1"


@asynccontextmanager
async def reading(pool: Pool) -> AsyncIterator[Connection]:
    """A connection whose statements all see the same moment, each planned for its own values."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute(_PLANNING)
        yield connection

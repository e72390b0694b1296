"""One question to a database, for tests that ask just one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection that is closed afterwards."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def fetch_value(url: str, query: str) -> object:
    """Execute one statement on a connection of its own and return the first value of its result."""
    async with connected(url) as connection:
        return await connection.fetchval(query)

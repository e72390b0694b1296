"""One question to a database, for tests that ask just one."""

import asyncpg


async def fetch_value(url: str, query: str) -> object:
    """Execute one statement on a connection of its own and return the first value of its result."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()

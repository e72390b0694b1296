import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from litemaas.storage.notifications import listen
from support.sql import connected


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(database_url) as connection:
        yield connection


@pytest.fixture
async def heard(database_url: str) -> AsyncIterator[asyncio.Queue[str]]:
    """What a listener of `news` and `weather` hears; it also hears itself connect."""
    queue: asyncio.Queue[str] = asyncio.Queue()
    channels = {name: lambda payload, name=name: queue.put_nowait(f"{name}: {payload}") for name in ("news", "weather")}
    listening = asyncio.create_task(listen(database_url, channels, lambda: queue.put_nowait("connected")))
    yield queue
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening


async def next_of(heard: asyncio.Queue[str]) -> str:
    return await asyncio.wait_for(heard.get(), 20)


async def test_each_channel_gets_its_own_notifications(connection, heard):
    assert await next_of(heard) == "connected"
    await connection.execute("SELECT pg_notify('news', 'one'), pg_notify('weather', 'sun'), pg_notify('other', 'x')")

    assert [await next_of(heard), await next_of(heard)] == ["news: one", "weather: sun"]
    assert heard.empty()


async def test_a_connection_that_breaks_is_opened_again_and_said_so(connection, heard):
    assert await next_of(heard) == "connected"
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert await next_of(heard) == "connected"
    await connection.execute("SELECT pg_notify('news', 'again')")

    assert await next_of(heard) == "news: again"

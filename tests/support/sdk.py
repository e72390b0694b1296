"""The official SDKs of OpenAI and Anthropic, and the server process that they call.

A conftest imports the fixtures that its folder needs; each folder has a server of its own.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from operator import attrgetter
from typing import Any

import anthropic
import openai
import pytest

from support.gateway import ServerProcess, server_process
from support.postgres import PostgresServer
from support.upstream import Upstream, chat, running_upstream

CREDENTIAL = "sk-credential-of-the-upstream"

_ASYNCHRONOUS = (openai.AsyncOpenAI, anthropic.AsyncAnthropic)
_STREAMS = (openai.Stream, anthropic.Stream)
_ASYNCHRONOUS_STREAMS = (openai.AsyncStream, anthropic.AsyncStream)


class SDK:
    """An SDK's client, synchronous or not; both are awaited, so that the upstream in this process can answer.

    Args:
        kind: The client's class.
        base_url: What it is told of the gateway's address.
    """

    def __init__(self, kind: type, base_url: str) -> None:
        self.kind = kind
        self._base_url = base_url

    @property
    def is_asynchronous(self) -> bool:
        return issubclass(self.kind, _ASYNCHRONOUS)

    def options(self, key: str) -> dict[str, Any]:
        """What a client is made with."""
        return {"base_url": self._base_url, "api_key": key, "max_retries": 0}

    async def call(self, method: str, key: str, *, client: Mapping[str, Any] | None = None, **arguments: Any) -> Any:
        """Call `method`, e.g. `chat.completions.create`; a stream is returned as the list of its events.

        Args:
            method: Where the client has it.
            key: The virtual key.
            client: More that the client is made with.
            arguments: Those of the method.
        """
        options = self.options(key) | dict(client or {})
        if not self.is_asynchronous:
            return await asyncio.to_thread(self._call, options, method, arguments)
        async with self.kind(**options) as sdk:
            result = await attrgetter(method)(sdk)(**arguments)
            return [one async for one in result] if isinstance(result, _ASYNCHRONOUS_STREAMS) else result

    def _call(self, options: dict[str, Any], method: str, arguments: dict[str, Any]) -> Any:
        with self.kind(**options) as sdk:
            result = attrgetter(method)(sdk)(**arguments)
            return list(result) if isinstance(result, _STREAMS) else result


@pytest.fixture(scope="session")
async def server(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServerProcess]:
    """One server process for all tests of the folder."""
    async with postgres_server.database() as url, server_process(url, tmp_path_factory.mktemp("server")) as running:
        yield running
        await running.stop()


@pytest.fixture(scope="session")
async def shared_upstream() -> AsyncIterator[Upstream]:
    async with running_upstream() as upstream:
        yield upstream


@pytest.fixture
def upstream(shared_upstream: Upstream) -> Upstream:
    """A server of chats, until a test makes it another."""
    shared_upstream.forget()
    shared_upstream.script = chat()
    return shared_upstream


@pytest.fixture
async def model(server: ServerProcess, upstream: Upstream) -> str:
    """A model behind a server of chats."""
    return await server.rows.model(upstream.url, credential=CREDENTIAL)


@pytest.fixture
async def key(server: ServerProcess, model: str) -> str:
    """A key that may call every model, this one included."""
    return await server.rows.key()

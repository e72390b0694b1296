"""One server process for all tests of this folder; the official SDK, in both its forms, calls it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import anthropic
import pytest

from support.anthropic_upstream import messages
from support.gateway import ServerProcess, server_process
from support.postgres import PostgresServer
from support.upstream import Upstream, chat, running_upstream

CREDENTIAL = "sk-credential-of-the-upstream"
HELLO = [{"role": "user", "content": "Hello"}]


class SDK:
    """The SDK's client, synchronous or not; both are awaited, so that the upstream in this process can answer.

    Args:
        kind: `anthropic.Anthropic` or `anthropic.AsyncAnthropic`.
        url: The gateway's.
    """

    def __init__(self, kind: type, url: str) -> None:
        self.kind = kind
        self.url = url

    async def call(self, method: str, key: str, **arguments: Any) -> Any:
        """Call `method`, e.g. `messages.create`; a stream is returned as the list of its events."""
        options = {"base_url": self.url, "api_key": key, "max_retries": 0}
        if self.kind is anthropic.Anthropic:
            return await asyncio.to_thread(self._call, options, method, arguments)
        async with anthropic.AsyncAnthropic(**options) as sdk:
            result = await _method(sdk, method)(**arguments)
            return [one async for one in result] if isinstance(result, anthropic.AsyncStream) else result

    async def say_hello(self, key: str, model: str, **arguments: Any) -> Any:
        return await self.call(
            "messages.create", key, **{"model": model, "max_tokens": 64, "messages": HELLO} | arguments
        )

    async def stream_hello(self, key: str, model: str, **arguments: Any) -> Any:
        """The final message of a stream, as the SDK puts it together."""
        arguments = {"model": model, "max_tokens": 64, "messages": HELLO} | arguments
        options = {"base_url": self.url, "api_key": key, "max_retries": 0}
        if self.kind is anthropic.Anthropic:
            return await asyncio.to_thread(_final, options, arguments)
        async with anthropic.AsyncAnthropic(**options) as sdk, sdk.messages.stream(**arguments) as stream:
            return await stream.get_final_message()

    def _call(self, options: dict[str, Any], method: str, arguments: dict[str, Any]) -> Any:
        with anthropic.Anthropic(**options) as sdk:
            result = _method(sdk, method)(**arguments)
            return list(result) if isinstance(result, anthropic.Stream) else result


def _final(options: dict[str, Any], arguments: dict[str, Any]) -> Any:
    with anthropic.Anthropic(**options) as sdk, sdk.messages.stream(**arguments) as stream:
        return stream.get_final_message()


def _method(sdk: Any, path: str) -> Any:
    for name in path.split("."):
        sdk = getattr(sdk, name)
    return sdk


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


@pytest.fixture(scope="session")
async def server(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("server")
    async with postgres_server.database() as url, server_process(url, folder) as running:
        yield running
        await running.stop()


@pytest.fixture
async def model(server: ServerProcess, upstream: Upstream) -> str:
    """A model behind a server of chats."""
    return await server.rows.model(upstream.url, credential=CREDENTIAL)


@pytest.fixture
async def native(server: ServerProcess, upstream: Upstream) -> str:
    """A model behind a server that speaks Anthropic's messages."""
    upstream.script = messages()
    return await server.rows.model(upstream.url, credential=CREDENTIAL, provider="anthropic")


@pytest.fixture
async def key(server: ServerProcess, model: str) -> str:
    return await server.rows.key()


@pytest.fixture(params=[anthropic.Anthropic, anthropic.AsyncAnthropic], ids=["sync", "async"])
def sdk(request: pytest.FixtureRequest, server: ServerProcess) -> SDK:
    return SDK(request.param, server.url)

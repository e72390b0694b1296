"""One server process for all tests of this folder; the official SDK, in both its forms, calls it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openai
import pytest

from support.gateway import ServerProcess, server_process
from support.postgres import PostgresServer
from support.upstream import Upstream, chat, running_upstream

CREDENTIAL = "sk-credential-of-the-upstream"


class SDK:
    """The SDK's client, synchronous or not; both are awaited, so that the upstream in this process can answer.

    Args:
        kind: `openai.OpenAI` or `openai.AsyncOpenAI`.
        url: The gateway's, without path.
    """

    def __init__(self, kind: type, url: str) -> None:
        self.kind = kind
        self.url = url

    async def call(self, method: str, key: str, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
        """Call `method`, e.g. `chat.completions.create`; a stream is returned as the list of its chunks."""
        options = {"base_url": f"{self.url}/v1", "api_key": key, "max_retries": 0} | (client or {})
        if self.kind is openai.OpenAI:
            return await asyncio.to_thread(self._call, options, method, arguments)
        async with openai.AsyncOpenAI(**options) as sdk:
            result = await _method(sdk, method)(**arguments)
            return [one async for one in result] if isinstance(result, openai.AsyncStream) else result

    async def chat(self, key: str, model: str, **arguments: Any) -> Any:
        """A short chat."""
        messages = [{"role": "user", "content": "Hello"}]
        return await self.call("chat.completions.create", key, **{"model": model, "messages": messages} | arguments)

    def _call(self, options: dict[str, Any], method: str, arguments: dict[str, Any]) -> Any:
        with openai.OpenAI(**options) as sdk:
            result = _method(sdk, method)(**arguments)
            return list(result) if isinstance(result, openai.Stream) else result


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
    shared_upstream.forget()
    shared_upstream.script = chat()
    return shared_upstream


@pytest.fixture(scope="session")
async def server(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServerProcess]:
    folder: Path = tmp_path_factory.mktemp("server")
    async with postgres_server.database() as url, server_process(url, folder) as running:
        yield running
        await running.stop()


@pytest.fixture
async def model(server: ServerProcess, upstream: Upstream) -> str:
    return await server.rows.model(upstream.url, credential=CREDENTIAL)


@pytest.fixture
async def key(server: ServerProcess, model: str) -> str:
    return await server.rows.key()


@pytest.fixture(params=[openai.OpenAI, openai.AsyncOpenAI], ids=["sync", "async"])
def sdk(request: pytest.FixtureRequest, server: ServerProcess) -> SDK:
    return SDK(request.param, server.url)

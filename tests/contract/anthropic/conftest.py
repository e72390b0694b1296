"""One server process for all tests of this folder; the official SDK, in both its forms, calls it."""

import asyncio
from typing import Any

import anthropic
import pytest

from support.anthropic_upstream import messages
from support.gateway import ServerProcess
from support.sdk import CREDENTIAL, SDK, key, model, server, shared_upstream, upstream
from support.upstream import Upstream

__all__ = ["key", "model", "server", "shared_upstream", "upstream"]

HELLO = {"max_tokens": 64, "messages": [{"role": "user", "content": "Hello"}]}


class Anthropic(SDK):
    """Anthropic's SDK."""

    async def say_hello(self, key: str, model: str, **arguments: Any) -> Any:
        """A short message."""
        return await self.call("messages.create", key, **{"model": model, **HELLO} | arguments)

    async def stream_hello(self, key: str, model: str, **arguments: Any) -> Any:
        """The final message of a stream, as the SDK puts it together."""
        arguments = {"model": model, **HELLO} | arguments
        if not self.is_asynchronous:
            return await asyncio.to_thread(_final, self.options(key), arguments)
        async with anthropic.AsyncAnthropic(**self.options(key)) as sdk, sdk.messages.stream(**arguments) as stream:
            return await stream.get_final_message()


def _final(options: dict[str, Any], arguments: dict[str, Any]) -> Any:
    with anthropic.Anthropic(**options) as sdk, sdk.messages.stream(**arguments) as stream:
        return stream.get_final_message()


@pytest.fixture
async def native(server: ServerProcess, upstream: Upstream) -> str:
    """A model behind a server that speaks Anthropic's messages."""
    upstream.script = messages()
    return await server.rows.model(upstream.url, credential=CREDENTIAL, provider="anthropic")


@pytest.fixture(params=[anthropic.Anthropic, anthropic.AsyncAnthropic], ids=["sync", "async"])
def sdk(request: pytest.FixtureRequest, server: ServerProcess) -> Anthropic:
    return Anthropic(request.param, server.url)

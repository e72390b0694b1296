"""One server process for all tests of this folder; the official SDK, in both its forms, calls it."""

from typing import Any

import openai
import pytest

from support.gateway import ServerProcess
from support.sdk import SDK, key, model, server, shared_upstream, upstream

__all__ = ["key", "model", "server", "shared_upstream", "upstream"]


class OpenAI(SDK):
    """OpenAI's SDK."""

    async def chat(self, key: str, model: str, **arguments: Any) -> Any:
        """A short chat."""
        messages = [{"role": "user", "content": "Hello"}]
        return await self.call("chat.completions.create", key, **{"model": model, "messages": messages} | arguments)


@pytest.fixture(params=[openai.OpenAI, openai.AsyncOpenAI], ids=["sync", "async"])
def sdk(request: pytest.FixtureRequest, server: ServerProcess) -> OpenAI:
    return OpenAI(request.param, f"{server.url}/v1")

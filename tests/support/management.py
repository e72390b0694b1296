"""The management API over a real database, called without a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from litemaas.bootstrap import Platform, open_platform
from litemaas.gateway.app import create_app
from litemaas.settings import read_settings

MASTER_KEY = "sk-master-of-these-tests"
SALT_KEY = "salt of these tests"


@asynccontextmanager
async def managed_platform(database_url: str, folder: Path) -> AsyncIterator[Platform]:
    """The whole platform, whose health checks wait until a test asks for one."""
    settings = {
        "DATABASE_URL": database_url,
        "LITELLM_MASTER_KEY": MASTER_KEY,
        "LITEMAAS_SALT_KEY": SALT_KEY,
        "LITEMAAS_DATA_DIR": str(folder),
        "LITEMAAS_DATABASE_POOL_SIZE": "4",
        "LITEMAAS_HEALTH_CHECK_SECONDS": "0",
    }
    async with open_platform(read_settings(settings)) as opened:
        yield opened


class Api:
    """Calls the management API as the holder of a key; the answer must have the status that is expected."""

    def __init__(self, client: httpx.AsyncClient, key: str | None = MASTER_KEY) -> None:
        self.client = client
        self.key = key

    def holding(self, key: str | None) -> "Api":
        return Api(self.client, key)

    async def get(self, path: str, *, status: int = 200, **query: Any) -> Any:
        return await self.call("GET", path, status, params=query)

    async def post(self, path: str, *, status: int = 200, **body: Any) -> Any:
        return await self.call("POST", path, status, json=body)

    async def patch(self, path: str, *, status: int = 200, **body: Any) -> Any:
        return await self.call("PATCH", path, status, json=body)

    async def call(self, method: str, path: str, status: int, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        answer = await self.client.request(method, path, headers=headers, **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def error(self, method: str, path: str, status: int, **options: Any) -> dict[str, Any]:
        return (await self.call(method, path, status, **options))["error"]


@pytest.fixture
async def platform(database_url: str, tmp_path: Path) -> AsyncIterator[Platform]:
    async with managed_platform(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def api(platform: Platform) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(create_app(platform), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield Api(client)

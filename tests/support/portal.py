"""The portal over a real database, and browsers that call it without a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import Route

from litemaas.bootstrap import Platform, open_platform
from litemaas.domain.audit.entities import Actor
from litemaas.domain.sessions.entities import Visitor
from litemaas.domain.users.entities import Role
from litemaas.gateway.app import create_app
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.inference import inference_routes
from litemaas.gateway.playground import Playground
from litemaas.portal.app import add_portal
from litemaas.portal.hosts import BROWSER_COOKIE, SESSION_COOKIE
from litemaas.portal.portal import Portal
from litemaas.settings import read_settings

MASTER_KEY = "sk-master-of-these-tests"
ADMIN = {"username": "admin", "password": "right horse"}
BASE = "http://admin.test"
ROOT = Actor("tests")


def variables(database_url: str, data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of a LiteMaaS under test."""
    return {
        "DATABASE_URL": database_url,
        "LITELLM_MASTER_KEY": MASTER_KEY,
        "LITEMAAS_SALT_KEY": "salt of these tests",
        "UI_USERNAME": ADMIN["username"],
        "UI_PASSWORD": ADMIN["password"],
        "LITEMAAS_DATA_DIR": str(data_dir),
        "LITEMAAS_HEALTH_CHECK_SECONDS": "0",
        **more,
    }


def application(platform: Platform) -> FastAPI:
    """The whole application: inference, management API, portal, playground."""
    app = create_app(platform)
    app.router.routes[:0] = inference_of(platform)
    add_portal(app, platform, Playground(_gateway(platform)))
    return app


def inference_of(platform: Platform) -> list[Route]:
    """The routes that models answer."""
    return inference_routes(_gateway(platform))


def _gateway(platform: Platform) -> Gateway:
    return Gateway(platform.settings, platform.admissions, platform.journal, platform.upstreams, platform.objects)


class Browser:
    """A browser: keeps cookies, sends the CSRF token, and follows no redirect by itself."""

    def __init__(self, app: FastAPI, base: str = BASE) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=base)
        self.csrf_token: str | None = None

    async def session(self) -> dict[str, Any]:
        session = (await self.client.get("/api/session")).json()
        self.csrf_token = session["csrf_token"]
        return session

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"X-CSRF-Token": self.csrf_token} if self.csrf_token else {}
        return await self.client.request(method, path, headers=headers | options.pop("headers", {}), **options)

    async def call(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        answer = await self.send(method, path, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def get(self, path: str, status: int = 200, /, **query: Any) -> Any:
        return await self.call("GET", path, status, params=query)

    async def post(self, path: str, status: int = 200, /, **body: Any) -> Any:
        return await self.call("POST", path, status, json=body)

    async def log_in(self, **credentials: str) -> None:
        await self.session()
        await self.call("POST", "/api/auth/password", 204, json={**ADMIN, **credentials})
        await self.session()

    @property
    def secret(self) -> str | None:
        return self.client.cookies.get(SESSION_COOKIE)

    @secret.setter
    def secret(self, value: str) -> None:
        self.client.cookies.set(SESSION_COOKIE, value, domain=self.client.base_url.host)

    @property
    def browser_secret(self) -> str | None:
        return self.client.cookies.get(BROWSER_COOKIE)


@dataclass
class Site:
    """A running portal."""

    platform: Platform
    app: FastAPI
    portal: Portal

    def browser(self, base: str = BASE) -> Browser:
        return Browser(self.app, base)

    async def user(self, role: Role = Role.USER, user_id: str | None = None, **fields: Any) -> Browser:
        """A browser in which a new user of this role is logged in."""
        user_id = user_id or f"{role}-{uuid4().hex[:8]}"
        users = self.platform.users
        limits = {name: fields.pop(name) for name in ("max_budget", "budget_duration") if name in fields}
        await users.create(ROOT, user_id=user_id, fields={"role": role, **fields}, limits=limits)
        async with self.platform.pool.acquire() as connection:
            secret = await self.portal.sessions.open(connection, user_id, "tests", Visitor())
        await self.platform.snapshot.catch_up()
        browser = self.browser()
        browser.secret = secret
        await browser.session()
        return browser


async def add_model(admin: Browser, name: str, api_base: str = "http://127.0.0.1:9", **more: Any) -> dict[str, Any]:
    """Add a model that costs one dollar per thousand input tokens, and two per thousand output tokens."""
    prices = {"input_per_million": "1000", "output_per_million": "2000"}
    order = {"provider": "openai", "litellm_model": f"upstream-{name}", "public_name": name, "api_base": api_base}
    return await admin.post("/api/admin/models", **{"prices": prices, "mode": "chat", **order, **more})


@asynccontextmanager
async def running_site(database_url: str, data_dir: Path, **more: str) -> AsyncIterator[Site]:
    """A portal with the settings of the tests, and `more`."""
    async with open_platform(read_settings(variables(database_url, data_dir, **more))) as platform:
        app = application(platform)
        yield Site(platform, app, app.state.portal)


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    async with running_site(database_url, tmp_path) as opened:
        yield opened

"""Databases to move from and to, and what a move tells."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import asyncpg

from litemaas.domain.audit.entities import Actor
from litemaas.domain.moving.entities import Bundle, Protection, Report, Verdict
from litemaas.domain.moving.foreign import open_foreign
from litemaas.domain.moving.litellm.database import read_database
from litemaas.domain.moving.litellm.environment import Environment
from litemaas.domain.moving.litellm.sealed import Unsealer
from litemaas.domain.moving.litemaas_app import read_app
from litemaas.domain.moving.service import ImportService
from litemaas.settings import Secret
from litemaas.storage.postgres import Pool, open_pool
from litemaas.storage.vault import Vault

OPERATOR = Actor("tests")
SALT_KEY = "salt of our own"
SALT_KEY_OF_LITELLM = Secret("sk-salt-of-litellm")
STAMPS = {"created_by": "litellm", "updated_by": "litellm"}


@dataclass
class Source:
    """A database of another program."""

    url: str
    connection: asyncpg.Connection

    async def add(self, table: str, **columns: Any) -> None:
        places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        names = ", ".join(columns)
        await self.connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', *columns.values())

    async def add_key(self, text: str, **columns: Any) -> str:
        """A key of LiteLLM's; returns its hash."""
        key_hash = sha256(text.encode()).hexdigest()
        columns = {"token": key_hash, "key_name": f"sk-...{text[-4:]}", "models": ["granite"]} | columns
        await self.add("LiteLLM_VerificationToken", **columns)
        return key_hash

    async def add_model(self, name: str = "granite", **columns: Any) -> None:
        """A model of LiteLLM's, in the open as very old versions have them."""
        params = {"model": f"openai/{name}", "api_base": "http://vllm/v1", "input_cost_per_token": 0.000001}
        row = {"model_id": f"id-of-{name}", "model_name": name, "litellm_params": params} | STAMPS
        await self.add("LiteLLM_ProxyModelTable", **(row | columns))


@dataclass
class Home:
    """A database of ours."""

    url: str
    pool: Pool
    vault: Vault = field(default_factory=lambda: Vault(SALT_KEY))

    async def look(self, bundle: Bundle, *, update: bool = False) -> Report:
        return await ImportService(self.pool, self.vault).look(OPERATOR, bundle, update=update)

    async def bring_in(self, bundle: Bundle, *, update: bool = False, accepted: tuple[Protection, ...] = ()) -> Report:
        service = ImportService(self.pool, self.vault)
        return await service.bring_in(OPERATOR, bundle, update=update, accepted=accepted)

    async def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.pool.fetch(query, *parameters)]

    async def row(self, query: str, *parameters: Any) -> dict[str, Any]:
        (row,) = await self.rows(query, *parameters)
        return row


async def bundle_of(source: Source, salt_key: Secret | None = SALT_KEY_OF_LITELLM, **variables: str) -> Bundle:
    """What a LiteLLM has."""
    async with open_foreign(Secret(source.url)) as connection:
        return await read_database(connection, Unsealer(salt_key), Environment(variables))


async def bundle_of_app(source: Source, issuer: str | None = None) -> Bundle:
    """What a public LiteMaaS has that shares one database with its LiteLLM."""
    async with AsyncExitStack() as opened:
        app, litellm = [await opened.enter_async_context(open_foreign(Secret(source.url))) for _ in range(2)]
        return await read_app(app, litellm, Unsealer(SALT_KEY_OF_LITELLM), Environment({}), issuer)


def told(report: Report, verdict: Verdict) -> list[tuple[str, str]]:
    """Kinds and names of findings."""
    return [(finding.kind, finding.name) for finding in report.findings if finding.verdict is verdict]


def counted(report: Report, verdict: Verdict) -> dict[str, int]:
    """How many by kind."""
    return {kind: counts[verdict] for kind, counts in report.counts.items() if counts[verdict]}


async def home_at(url: str) -> Home:
    home = Home(url, await open_pool(Secret(url), 2))
    sealed = home.vault.seal("check")
    await home.pool.execute("INSERT INTO salt_check (sealed) VALUES ($1)", sealed)
    return home

"""Puts models, keys and budgets into a database by plain SQL, and reads what was booked."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID, uuid4

import asyncpg

from litemaas.storage.vault import Vault
from support.wire import PATIENCE

SALT_KEY = "salt-of-the-tests"


class Rows:
    """One database.

    Args:
        settle: Called with each new key; returns when the gateway under test knows it, and so all that came before.
    """

    def __init__(self, connection: asyncpg.Connection, settle: Callable[[str], Awaitable[None]]) -> None:
        self.connection = connection
        self._settle = settle
        self._vault = Vault(SALT_KEY)

    async def model(
        self,
        api_base: str,
        name: str | None = None,
        *,
        credential: str | None = None,
        input_token: str = "0.000001",
        output_token: str = "0.000002",
        image: str = "0",
        max_output_tokens: int | None = None,
        timeouts: dict[str, float] | None = None,
        provider: str = "openai",
        settings: dict[str, object] | None = None,
        **prices: str,
    ) -> str:
        """A model group with one priced deployment; returns its public name. Add a key afterwards."""
        group, name = uuid4(), name or f"model-{token_urlsafe(6)}"
        sealed = None if credential is None else self._vault.seal(credential)
        await self.connection.execute(
            "INSERT INTO model_groups (id, name, max_output_tokens) VALUES ($1, $2, $3)", group, name, max_output_tokens
        )
        await self.connection.execute(
            """
            INSERT INTO deployments (id, group_id, provider, upstream_model, api_base, credential, timeouts, settings)
            VALUES ($1, $2, $6, 'upstream-name', $3, $4, $5::jsonb, $7::jsonb)
            """,
            str(group),
            group,
            api_base,
            sealed,
            json.dumps(timeouts or {}),
            provider,
            json.dumps(settings or {}),
        )
        prices |= {"input_token": input_token, "output_token": output_token, "image": image}
        places = ", ".join(f"${number}" for number in range(2, len(prices) + 2))
        await self.connection.execute(
            f"INSERT INTO prices (deployment_id, {', '.join(prices)}) VALUES ($1, {places})",
            str(group),
            *map(Decimal, prices.values()),
        )
        return name

    async def second_deployment(self, name: str, api_base: str) -> None:
        """Let a model be served at another address as well, at the price of the first."""
        first, second = (
            await self.connection.fetchval("SELECT id FROM model_groups WHERE name = $1", name),
            str(uuid4()),
        )
        await self.connection.execute(
            """
            INSERT INTO deployments (id, group_id, provider, upstream_model, api_base)
            VALUES ($1, $2, 'openai', 'upstream-name', $3)
            """,
            second,
            first,
            api_base,
        )
        await self.connection.execute(
            """
            INSERT INTO prices (deployment_id, input_token, output_token, image, output_image, second, character)
            SELECT $1, input_token, output_token, image, output_image, second, character
            FROM prices WHERE deployment_id = $2
            """,
            second,
            str(first),
        )

    async def key(self, *models: str, max_budget: str | None = None, **columns: object) -> str:
        """A virtual key for `models`, without any: for all; returns its text."""
        text = f"sk-{token_urlsafe(24)}"
        columns |= {
            "id": uuid4(),
            "key_hash": sha256(text.encode()).hexdigest(),
            "key_hint": text[-4:],
            "models": list(models) or ["all-proxy-models"],
        }
        places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        async with self.connection.transaction():
            await self.connection.execute(
                f"INSERT INTO keys ({', '.join(columns)}) VALUES ({places})", *columns.values()
            )
            account = f"key:{columns['id']}"
            limit = None if max_budget is None else Decimal(max_budget)
            await self.connection.execute("INSERT INTO accounts (id, max_budget) VALUES ($1, $2)", account, limit)
            await self.connection.execute("INSERT INTO balances (account_id) VALUES ($1)", account)
        await self._settle(text)
        return text

    async def id_of(self, key: str) -> UUID:
        return await self.connection.fetchval(
            "SELECT id FROM keys WHERE key_hash = $1", sha256(key.encode()).hexdigest()
        )

    async def until(self, query: str, value: object) -> None:
        """Wait until `query` answers `value`: a database tells nobody."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if await self.connection.fetchval(query) == value:
                    return
                await asyncio.sleep(0.02)

    async def booked(self, key: str) -> list[asyncpg.Record]:
        """What the ledger has of `key`, oldest first."""
        return await self.connection.fetch("SELECT * FROM ledger WHERE key_id = $1 ORDER BY id", await self.id_of(key))

    async def spent(self, key: str) -> Decimal:
        """What the balance of `key` says was spent."""
        account = f"key:{await self.id_of(key)}"
        return await self.connection.fetchval("SELECT total_spent FROM balances WHERE account_id = $1", account)

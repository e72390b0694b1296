"""What a replica knows without asking: keys, users, teams, limits, models, guardrails, milliseconds behind.

Triggers number every change (see the first migration). A replica follows the numbers: a NOTIFY wakes it, and once a
second it looks anyway, which heals a lost NOTIFY. Whoever changes something calls `catch_up` before answering, so that
a management write is in force on the answering replica before its 200.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

from litemaas.domain.budgets.entities import Account
from litemaas.domain.budgets.store import accounts_of_budgets, load_limited_accounts
from litemaas.domain.catalog.store import load_deployments, load_groups
from litemaas.domain.guardrails.entities import Guardrail
from litemaas.domain.guardrails.store import load_guardrails
from litemaas.domain.keys.entities import IssuedKey
from litemaas.domain.keys.store import load_issued
from litemaas.domain.pricing.store import load_prices
from litemaas.domain.serving import Catalog, build_catalog
from litemaas.domain.teams.entities import Team
from litemaas.domain.teams.store import load_teams
from litemaas.domain.users.entities import User
from litemaas.domain.users.store import load_users
from litemaas.storage.postgres import Connection, Pool
from litemaas.storage.vault import Vault

CHANGES_CHANNEL = "litemaas_changes"
"""NOTIFY channel of the change feed; payload: the new version."""

_KEPT_CHANGES = "1 hour"
_T = TypeVar("_T")


class Changed(Struct, frozen=True):
    """What a catch-up brought; None: everything may have changed."""

    keys: set[str] | None
    holders: bool
    """Users, teams or models: whatever a key's rights are computed from."""
    accounts: set[str] | None


class Snapshot:
    """The in-memory state. Readers use the dictionaries as they are; only this class changes them.

    Attributes:
        keys: By the SHA-256 digest of the key's text; a rotated key also by its previous one.
        accounts: Those with a limit, by id.
        guardrails: All.
        on_guardrails: Called when there are others.
        on_change: Called with what a catch-up has brought.
        version: Number of the last change that is in.
        confirmed_at: Monotonic time at which the database last said that nothing is missing.
    """

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self.keys: dict[bytes, IssuedKey] = {}
        self.users: dict[str, User] = {}
        self.teams: dict[str, Team] = {}
        self.accounts: dict[str, Account] = {}
        self.catalog = Catalog()
        self.guardrails: list[Guardrail] = []
        self.version = -1
        self.confirmed_at = 0.0
        self.on_guardrails: list[Callable[[], None]] = []
        self.on_change: list[Callable[[Changed], None]] = []
        self._pool = pool
        self._vault = vault
        self._by_id: dict[UUID | None, IssuedKey] = {}
        self._catching_up = asyncio.Lock()

    async def catch_up(self) -> None:
        """Bring in every change that was committed before this call.

        Raises:
            OSError, asyncpg.PostgresError: The database does not answer; the state stays as it was.
            VaultError: A credential was sealed with another salt key.
        """
        async with self._catching_up:
            asked_at = time.monotonic()
            async with (
                self._pool.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                changed = await self._read_changes(connection)
            self.confirmed_at = asked_at
        if changed is not None:
            for listener in self.on_change:
                listener(changed)

    async def prune_changes(self) -> None:
        """Delete old rows of the change feed; a replica that is further behind loads everything."""
        async with self._pool.acquire() as connection:
            await connection.execute(f"DELETE FROM changes WHERE at < now() - interval '{_KEPT_CHANGES}'")  # noqa: S608 - a constant

    async def _read_changes(self, connection: Connection) -> Changed | None:
        version = await connection.fetchval("SELECT version FROM snapshot_version")
        if version == self.version:
            return None
        rows = await connection.fetch("SELECT version, kind, id FROM changes WHERE version > $1", self.version)
        if len({row["version"] for row in rows}) != version - self.version:
            changed = await self._load_all(connection)
        else:
            ids: dict[str, set[str]] = {}
            for row in rows:
                ids.setdefault(row["kind"], set()).add(row["id"])
            changed = await self._load_changed(connection, ids)
        self.version = version
        return changed

    async def _load_all(self, connection: Connection) -> Changed:
        keys = [key async for key in load_issued(connection)]
        users = await load_users(connection)
        teams = await load_teams(connection)
        accounts = {account.id: account async for account in load_limited_accounts(connection)}
        await self._load_catalog(connection)
        await self._load_guardrails(connection)
        self.keys.clear()
        self._by_id.clear()
        self._add_keys(keys)
        self.users = {user.id: user for user in users}
        self.teams = {team.id: team for team in teams}
        self.accounts = accounts
        return Changed(None, True, None)

    async def _load_changed(self, connection: Connection, ids: dict[str, set[str]]) -> Changed:
        accounts = ids.get("accounts", set())
        if budgets := ids.get("budgets"):
            accounts = accounts.union(await accounts_of_budgets(connection, list(budgets)))
        keys = ids.get("keys", set()) | _keys_of(accounts)
        users = ids.get("users", set()) | _owners(accounts, "user:")
        teams = ids.get("teams", set()) | _owners(accounts, "team:")
        if "guardrails" in ids:
            await self._load_guardrails(connection)
        models = not ids.keys().isdisjoint(("model_groups", "deployments", "prices"))
        if models:
            await self._load_catalog(connection)
        if accounts:
            fresh = {one.id: one async for one in load_limited_accounts(connection, list(accounts))}
            _replace(self.accounts, accounts, fresh)
        if users:
            _replace(self.users, users, {one.id: one for one in await load_users(connection, list(users))})
        if teams:
            _replace(self.teams, teams, {one.id: one for one in await load_teams(connection, list(teams))})
        if keys:  # the last: nobody meets a key before what it opens and what limits it
            fresh_keys = [key async for key in load_issued(connection, list(keys))]
            self._remove_keys(UUID(one) for one in keys)
            self._add_keys(fresh_keys)
        return Changed(keys, bool(users or teams or models), accounts)

    async def _load_catalog(self, connection: Connection) -> None:
        groups, deployments = await load_groups(connection), await load_deployments(connection)
        self.catalog = build_catalog(groups, deployments, await load_prices(connection), self._vault)

    async def _load_guardrails(self, connection: Connection) -> None:
        """Bring guardrails in and into force, before a key that came later can be used."""
        self.guardrails = await load_guardrails(connection)
        for listener in self.on_guardrails:
            listener()

    def _add_keys(self, keys: Iterable[IssuedKey]) -> None:
        now = datetime.now(UTC)
        for key in keys:
            self._by_id[key.id] = key
            self.keys[key.digest] = key
            if key.previous_digest and key.previous_expires_at and key.previous_expires_at > now:
                self.keys[key.previous_digest] = key

    def _remove_keys(self, ids: Iterable[UUID]) -> None:
        for one in ids:
            key = self._by_id.pop(one, None)
            if key is not None:
                self.keys.pop(key.digest, None)
                if key.previous_digest:
                    self.keys.pop(key.previous_digest, None)


def _keys_of(accounts: set[str]) -> set[str]:
    """The ids of the keys that accounts belong to; an account made by hand may name none."""
    keys = set()
    for owner in _owners(accounts, "key:"):
        with contextlib.suppress(ValueError):
            keys.add(str(UUID(owner)))
    return keys


def _owners(accounts: set[str], prefix: str) -> set[str]:
    return {one.removeprefix(prefix).partition("/model:")[0] for one in accounts if one.startswith(prefix)}


def _replace(known: dict[str, _T], ids: set[str], fresh: dict[str, _T]) -> None:
    for one in ids:
        if one in fresh:
            known[one] = fresh[one]
        else:
            known.pop(one, None)

"""Builders of entities and rows: what a test does not care about has a value that works."""

import json
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from litemaas.domain.admission import AdmissionService
from litemaas.domain.budgets.service import BudgetService
from litemaas.domain.catalog.entities import Deployment, ModelGroup
from litemaas.domain.keys.entities import IssuedKey
from litemaas.domain.pricing.entities import Price
from litemaas.domain.serving import Catalog, ServedModel, Target
from litemaas.domain.snapshot import Snapshot
from litemaas.settings import RequestSettings

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS = {"deployment_id", "source"}


def digest(text: str) -> bytes:
    """SHA-256 of a key's text, as the snapshot indexes keys."""
    return sha256(text.encode()).digest()


def issued_key(text: str = "sk-test", **values: Any) -> IssuedKey:
    """A key as the snapshot holds it; it may call every model unless `models` says otherwise."""
    fields: dict[str, Any] = dict.fromkeys(IssuedKey.__struct_fields__)
    fields |= {
        "id": uuid4(),
        "digest": digest(text),
        "models": ("all-proxy-models",),
        "aliases": {},
        "model_rpm_limit": {},
        "model_tpm_limit": {},
        "allowed_routes": (),
        "blocked": False,
        "uses_cache": True,
    }
    return IssuedKey(**(fields | values))


def price(**values: Any) -> Price:
    """A price in force since 1970, of nothing unless `values` says otherwise."""
    dollars = {
        name: Decimal(value) if name not in _TEXTS and isinstance(value, str) else value
        for name, value in values.items()
    }
    return Price(**({"deployment_id": "deployment", "effective_from": EPOCH} | dollars))


def served_model(
    name: str = "small", *, upstream: str | None = None, prices: Iterable[Price] = (), **group: Any
) -> ServedModel:
    """A model group with one deployment at `openai/<upstream>`."""
    fields = {"id": uuid4(), "name": name} | group
    deployment = Deployment(
        id=f"{name}-deployment", group_id=fields["id"], provider="openai", upstream_model=upstream or name
    )
    target = Target(deployment, name, None, tuple(prices))
    return ServedModel(ModelGroup(**fields), (target,), (f"openai/{deployment.upstream_model}",))


def known(*, keys: dict[str, IssuedKey] | None = None, models: Iterable[ServedModel] = (), **holders: Any) -> Snapshot:
    """A snapshot of what is given, as if the database had just confirmed it; `keys` by their text."""
    snapshot = Snapshot(None, None)
    snapshot.keys = {digest(text): key for text, key in (keys or {}).items()}
    snapshot.catalog = Catalog(models)
    for kind, given in holders.items():
        setattr(snapshot, kind, {one.id: one for one in given})
    snapshot.confirmed_at = time.monotonic()
    return snapshot


def admission_service(snapshot: Snapshot, budgets: BudgetService | None = None, **values: Any) -> AdmissionService:
    """The service that decides on calls of what `snapshot` knows; the master key is `sk-master`."""
    limits = values.pop("limits", RequestSettings())
    budgets = budgets or BudgetService(None, uuid4(), 120.0)
    return AdmissionService(snapshot, budgets, limits, "sk-master", 600.0, **values)


def journal_line(**values: Any) -> bytes:
    """One call as the journal keeps it, with its line feed; it cost one dollar."""
    fields = {
        "id": str(uuid4()),
        "started_at": datetime.now(UTC).timestamp(),
        "endpoint": "/chat/completions",
        "model": "small",
        "deployment_id": "small-deployment",
        "provider": "openai",
        "status": 200,
        "cost": "1",
        "duration_ms": 12,
        "input_tokens": 7,
        "output_tokens": 5,
    }
    return json.dumps({k: v for k, v in (fields | values).items() if v is not None}).encode() + b"\n"


async def add_account(
    connection: asyncpg.Connection,
    account_id: str,
    max_budget: str | None = None,
    budget_duration: str | None = None,
    budget_id: str | None = None,
) -> None:
    """Insert an account and its empty balance."""
    await connection.execute(
        "INSERT INTO accounts (id, max_budget, budget_duration, budget_id) VALUES ($1, $2, $3, $4)",
        account_id,
        None if max_budget is None else Decimal(max_budget),
        budget_duration,
        budget_id,
    )
    await connection.execute("INSERT INTO balances (account_id) VALUES ($1)", account_id)


async def add_key(connection: asyncpg.Connection, text: str = "sk-test", **values: Any) -> UUID:
    """Insert a key that may call every model; returns its id."""
    fields = {"id": uuid4(), "key_hash": digest(text).hex(), "key_hint": text[-4:], "models": ["all-proxy-models"]}
    return await _add(connection, "keys", fields | values)


async def add_user(connection: asyncpg.Connection, user_id: str, **values: Any) -> str:
    """Insert a user that may have every model."""
    return await _add(connection, "users", {"id": user_id, "models": ["all-proxy-models"]} | values)


async def add_team(connection: asyncpg.Connection, team_id: str, **values: Any) -> str:
    """Insert a team that may have every model."""
    return await _add(connection, "teams", {"id": team_id, "models": ["all-proxy-models"]} | values)


async def add_model(connection: asyncpg.Connection, name: str, **values: Any) -> str:
    """Insert a model group with one deployment at `openai/<name>`, whose columns `values` are; returns its id."""
    group_id = await _add(connection, "model_groups", {"id": uuid4(), "name": name})
    fields = {"id": f"{name}-deployment", "group_id": group_id, "provider": "openai", "upstream_model": name}
    return await _add(connection, "deployments", fields | values)


async def _add(connection: asyncpg.Connection, table: str, values: dict[str, Any]) -> Any:
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING id"
    return await connection.fetchval(statement, *values.values())

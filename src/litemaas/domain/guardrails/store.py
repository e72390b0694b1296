"""SQL of guardrails."""

from typing import Any

import asyncpg
import msgspec
from msgspec.structs import asdict

from litemaas.domain.guardrails.entities import Guardrail
from litemaas.domain.guardrails.errors import GuardrailExistsError, GuardrailNotFoundError
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row, update_row

_COLUMNS = Guardrail.__struct_fields__


async def load_guardrails(connection: Connection) -> list[Guardrail]:
    """All guardrails, by name."""
    return [_guardrail(row) for row in await connection.fetch("SELECT * FROM guardrails ORDER BY name")]


async def find_guardrail(connection: Connection, name: str) -> Guardrail:
    """Read a guardrail by its name, and keep others from changing it until the transaction ends.

    Raises:
        GuardrailNotFoundError: There is none of this name.
    """
    row = await connection.fetchrow("SELECT * FROM guardrails WHERE name = $1 FOR UPDATE", name)
    if row is None:
        raise GuardrailNotFoundError(f"There is no guardrail {name!r}.", param="name")
    return _guardrail(row)


async def add_guardrail(connection: Connection, guardrail: Guardrail) -> None:
    """Store a new guardrail.

    Raises:
        GuardrailExistsError: The name is taken.
    """
    try:
        await connection.execute(insert_row("guardrails", _COLUMNS), *_values(guardrail))
    except asyncpg.UniqueViolationError as error:
        raise GuardrailExistsError(f"There is a guardrail {guardrail.name!r} already.", param="name") from error


async def save_guardrail(connection: Connection, guardrail: Guardrail) -> None:
    """Store a guardrail as it is now."""
    await connection.execute(update_row("guardrails", _COLUMNS), *_values(guardrail))


async def delete_guardrail(connection: Connection, guardrail: Guardrail) -> None:
    """Delete a guardrail."""
    await connection.execute("DELETE FROM guardrails WHERE id = $1", guardrail.id)


def _values(guardrail: Guardrail) -> list[Any]:
    return list((asdict(guardrail) | {"bindings": msgspec.to_builtins(guardrail.bindings)}).values())


def _guardrail(row: Any) -> Guardrail:
    return msgspec.convert({name: row[name] for name in _COLUMNS}, Guardrail)

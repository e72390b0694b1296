"""Rotating the salt key: every secret at rest is sealed anew, all in one transaction or none.

A rotation that is broken off has changed nothing and is simply run again; one that is run again after it succeeded
finds everything sealed with the new key. Replicas hear of it through the change feed, like of any other change.
"""

from collections.abc import Iterable, Mapping

import asyncpg
from msgspec import Struct

from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.storage.postgres import Connection, Pool
from litemaas.storage.vault import Vault, VaultError

SEALED: Mapping[str, tuple[str, str]] = {
    "deployments": ("id", "credential"),
    "notice_channels": ("id", "sealed"),
    "salt_check": ("only_row", "sealed"),
}
"""Every column that the vault sealed, by table, with the column that names the row."""


class Rotation(Struct, frozen=True):
    """How many secrets were sealed anew, and how many the new key opened already, by table."""

    resealed: dict[str, int]
    already: dict[str, int]


async def rotate_salt(pool: Pool, actor: Actor, *, previous: Vault, new: Vault, dry_run: bool) -> Rotation:
    """Seal with `new` what `previous` sealed.

    Args:
        pool: Where the secrets are.
        actor: Who asks.
        previous: Opens what is there.
        new: Opens what was rotated already, and seals.
        dry_run: Open everything, change nothing.

    Raises:
        VaultError: Neither key opens one of them; nothing was changed.
    """
    resealed, already = {}, {}
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(f"LOCK TABLE {', '.join(SEALED)} IN SHARE ROW EXCLUSIVE MODE")
        for table, (name, column) in SEALED.items():
            rows = await connection.fetch(
                f"SELECT {name}, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - constants
            )
            anew = _sealed_anew(table, rows, previous, new)
            resealed[table], already[table] = len(anew), len(rows) - len(anew)
            if not dry_run:
                await _write(connection, table, anew)
        if not dry_run and any(resealed.values()):
            await record(connection, actor, "rotate_salt", "salt_key", "salt_key", after=resealed)
    return Rotation(resealed, already)


def _sealed_anew(table: str, rows: Iterable[asyncpg.Record], previous: Vault, new: Vault) -> list[tuple[object, bytes]]:
    anew = []
    for name, sealed in rows:
        if not _opens(new, sealed):
            try:
                anew.append((name, new.seal(previous.open(sealed))))
            except VaultError as error:
                raise VaultError(
                    f"Neither salt key opens the secret of {name} in {table}; nothing was changed."
                ) from error
    return anew


def _opens(vault: Vault, sealed: bytes) -> bool:
    try:
        vault.open(sealed)
    except VaultError:
        return False
    return True


async def _write(connection: Connection, table: str, anew: list[tuple[object, bytes]]) -> None:
    name, column = SEALED[table]
    await connection.executemany(f"UPDATE {table} SET {column} = $2 WHERE {name} = $1", anew)  # noqa: S608 - constants

"""SQL of virtual keys as administrators see them: one row each, read, written and listed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from msgspec.structs import astuple

from litemaas.domain.keys.entities import Key, KeyFilter
from litemaas.domain.keys.errors import KeyExistsError, KeyNotFoundError
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row, update_row

_COLUMNS = Key.__struct_fields__

_FIND = """
SELECT * FROM keys
WHERE deleted_at IS NULL
  AND CASE WHEN $1::text IS NULL THEN alias = $2::text
      ELSE key_hash = $1 OR (previous_hash = $1 AND previous_expires_at > now()) END
"""
_FIND_AND_LOCK = _FIND + "FOR UPDATE"

SORTABLE: Mapping[str, str] = {
    "created_at": "k.created_at",
    "updated_at": "k.updated_at",
    "key_alias": "k.alias",
    "user_id": "k.user_id",
    "team_id": "k.team_id",
    "expires": "k.expires_at",
    "spend": "balance.spent",
    "max_budget": "a.max_budget",
}
"""What a list of keys can be sorted by, and the column that it means."""

_STATUS = {
    None: "k.deleted_at IS NULL",
    "active": "k.deleted_at IS NULL AND NOT k.blocked AND (k.expires_at IS NULL OR k.expires_at > $7)",
    "expired": "k.deleted_at IS NULL AND k.expires_at <= $7",
    "blocked": "k.deleted_at IS NULL AND k.blocked",
    "deleted": "k.deleted_at IS NOT NULL",
}

_MONEY = """
LEFT JOIN accounts a ON a.id = 'key:' || k.id
LEFT JOIN balances balance ON balance.account_id = a.id
"""
_SORTS_BY_MONEY = frozenset({"spend", "max_budget"})

_FILTERED = r"""
WHERE ($1::text IS NULL OR k.user_id = $1 OR k.created_by = $8)
  AND ($2::text IS NULL OR k.team_id = $2)
  AND ($3::text IS NULL OR k.key_hash = $3)
  AND ($4::text IS NULL OR k.alias = $4)
  AND ($5::text IS NULL OR strpos(lower(k.alias), lower($5)) > 0)
  AND ($6::text IS NULL OR k.key_hash = $6
       OR strpos(lower(concat_ws(E'\n', k.alias, k.user_id, k.team_id)), lower($6)) > 0)
  AND ($7::timestamptz IS NOT NULL)
"""


async def add_key(connection: Connection, key: Key) -> None:
    """Store a new key.

    Raises:
        KeyExistsError: Its alias or its text is in use.
    """
    await _write(connection, insert_row("keys", _COLUMNS), key)


async def save_key(connection: Connection, key: Key) -> None:
    """Store a key that was locked in the same transaction.

    Raises:
        KeyExistsError: Its alias or its text is in use.
    """
    await _write(connection, update_row("keys", _COLUMNS), key)


async def find_key(connection: Connection, *, key_hash: str | None, alias: str | None, lock: bool = False) -> Key:
    """Read the living key of this hash, or of this alias.

    Args:
        connection: In a transaction, if the key is locked.
        key_hash: SHA-256 of its text, in hexadecimal; after a rotation with overlap also the previous one.
        alias: Its alias, looked at if no hash is given.
        lock: Keep others from changing it until the transaction ends.

    Raises:
        KeyNotFoundError: There is none.
    """
    row = await connection.fetchrow(
        _FIND_AND_LOCK if lock else _FIND,
        key_hash,
        alias,
    )
    if row is None:
        raise KeyNotFoundError("There is no such key.", param="key" if key_hash else "key_alias")
    return Key(**row)


async def keys_of_ids(connection: Connection, ids: Iterable[UUID]) -> list[Key]:
    """Those of the keys that live, in no order."""
    rows = await connection.fetch("SELECT * FROM keys WHERE deleted_at IS NULL AND id = ANY($1::uuid[])", list(ids))
    return [Key(**row) for row in rows]


async def keys_of_user(connection: Connection, user_id: str) -> list[Key]:
    """The living keys of a user, the newest first."""
    rows = await connection.fetch(
        "SELECT * FROM keys WHERE deleted_at IS NULL AND user_id = $1 ORDER BY created_at DESC, id", user_id
    )
    return [Key(**row) for row in rows]


async def keys_of_teams(connection: Connection, team_ids: Sequence[str]) -> list[Key]:
    """The living keys of teams, the newest first."""
    rows = await connection.fetch(
        "SELECT * FROM keys WHERE deleted_at IS NULL AND team_id = ANY($1) ORDER BY created_at DESC, id", team_ids
    )
    return [Key(**row) for row in rows]


async def mark_deleted(connection: Connection, keys: Sequence[Key], moment: datetime, actor: str) -> None:
    """Delete keys; their rows stay, so that the ledger keeps a name for them. Their aliases are free again."""
    await connection.execute(
        "UPDATE keys SET deleted_at = $2, deleted_by = $3 WHERE id = ANY($1)", [key.id for key in keys], moment, actor
    )


async def list_keys(
    connection: Connection,
    wanted: KeyFilter,
    moment: datetime,
    *,
    sort_by: str = "created_at",
    descending: bool = True,
    limit: int,
    offset: int,
) -> tuple[list[Key], int]:
    """One page of keys, and how many there are on all pages.

    Args:
        connection: Where to ask.
        wanted: Which keys.
        moment: When, for what has expired.
        sort_by: One of `SORTABLE`.
        descending: The greatest first.
        limit: Keys on a page.
        offset: Keys on the pages before.
    """
    wanted_rows = f"{_FILTERED} AND {_STATUS[wanted.status]}"
    money = _MONEY if sort_by in _SORTS_BY_MONEY else ""
    order = f"{SORTABLE[sort_by]} {'DESC' if descending else 'ASC'} NULLS LAST, k.id"
    parameters: list[Any] = [
        wanted.user_id,
        wanted.team_id,
        wanted.key_hash,
        wanted.alias,
        wanted.alias_part,
        wanted.search,
        moment,
        wanted.created_by,
    ]
    total: int = await connection.fetchval(f"SELECT count(*) FROM keys k {wanted_rows}", *parameters)  # noqa: S608 - constants
    rows = await connection.fetch(
        f"SELECT k.* FROM keys k {money} {wanted_rows} ORDER BY {order} LIMIT $9 OFFSET $10",  # noqa: S608 - constants
        *parameters,
        limit,
        offset,
    )
    return [Key(**row) for row in rows], total


async def list_aliases(connection: Connection) -> list[str]:
    """The aliases of all living keys."""
    rows = await connection.fetch(
        "SELECT alias FROM keys WHERE deleted_at IS NULL AND alias IS NOT NULL ORDER BY alias"
    )
    return [row["alias"] for row in rows]


async def _write(connection: Connection, statement: str, key: Key) -> None:
    others = "SELECT true FROM keys WHERE previous_hash = $1 AND id <> $2"
    if await connection.fetchval(others, key.key_hash, key.id):
        raise KeyExistsError("This key was in use before a rotation. Choose another text.", param="key")
    try:
        await connection.execute(statement, *astuple(key))
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "keys_alias_in_use":
            raise KeyExistsError(f"The key alias {key.alias!r} is in use.", param="key_alias") from error
        raise KeyExistsError("This key is in use. Choose another text, or leave it out.", param="key") from error

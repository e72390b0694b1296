"""SQL of users as administrators see them: one row each, read, written and listed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import astuple

from litemaas.domain.users.entities import Role, User, UserFilter
from litemaas.domain.users.errors import UserExistsError, UserNotFoundError
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row, update_row

_COLUMNS = User.__struct_fields__
_IDENTITY = ("id", "issuer", "subject", "last_login_at")

SORTABLE: Mapping[str, str] = {
    "user_id": "u.id",
    "user_email": "u.email",
    "user_alias": "u.alias",
    "created_at": "u.created_at",
    "spend": "balance.spent",
    "user_role": "u.role",
    "blocked": "u.blocked",
    "last_login_at": "u.last_login_at",
    "key_count": "key_count",
}
"""What a list of users can be sorted by, and the column that it means."""

_FIND = "SELECT * FROM users WHERE id = $1 AND deleted_at IS NULL"
_FIND_AND_LOCK = _FIND + " FOR UPDATE"

_FILTERED = r"""
FROM users u
LEFT JOIN balances balance ON balance.account_id = 'user:' || u.id
WHERE u.deleted_at IS NULL
  AND ($1::text IS NULL OR u.role = $1)
  AND ($2::text[] IS NULL OR u.id = ANY($2))
  AND ($3::text IS NULL OR strpos(lower(u.email), lower($3)) > 0)
  AND ($4::text IS NULL OR strpos(lower(concat_ws(E'\n', u.id, u.alias, u.email)), lower($4)) > 0)
  AND ($5::text IS NULL OR EXISTS (SELECT FROM team_members m WHERE m.user_id = u.id AND m.team_id = $5))
  AND ($6::boolean IS NULL OR u.blocked = $6)
"""


class ListedUser(NamedTuple):
    """A user in a list."""

    user: User
    key_count: int


async def add_user(connection: Connection, user: User) -> bool:
    """Store a new user; one who was deleted begins anew, with the identity that their provider gave them.

    Returns:
        False if there already is a user of this id; nothing is changed then.
    """
    anew = ", ".join(f"{column} = EXCLUDED.{column}" for column in _COLUMNS if column not in _IDENTITY)
    written = await connection.fetchval(
        f"{insert_row('users', _COLUMNS)} ON CONFLICT (id) DO UPDATE SET {anew}"
        " WHERE users.deleted_at IS NOT NULL RETURNING true",
        *astuple(user),
    )
    return bool(written)


async def add_new_user(connection: Connection, user: User) -> None:
    """Store a user who must not be there yet.

    Raises:
        UserExistsError: The id is taken.
    """
    if not await add_user(connection, user):
        raise UserExistsError(f"There already is a user {user.id!r}.", param="user_id")


async def save_user(connection: Connection, user: User) -> None:
    """Store a user who was locked in the same transaction."""
    await connection.execute(update_row("users", _COLUMNS), *astuple(user))


async def find_user(connection: Connection, user_id: str, *, lock: bool = False) -> User:
    """Read a user.

    Args:
        connection: In a transaction, if the user is locked.
        user_id: Who.
        lock: Keep others from changing the user until the transaction ends.

    Raises:
        UserNotFoundError: There is no such user, or no longer.
    """
    row = await connection.fetchrow(_FIND_AND_LOCK if lock else _FIND, user_id)
    if row is None:
        raise UserNotFoundError(f"There is no user {user_id!r}.", param="user_id")
    return user_of(row)


async def find_user_by_email(connection: Connection, email: str) -> User:
    """Read the one user with this address.

    Raises:
        UserNotFoundError: There is none, or more than one.
    """
    rows = await connection.fetch(
        "SELECT * FROM users WHERE lower(email) = lower($1) AND deleted_at IS NULL LIMIT 2", email
    )
    if len(rows) != 1:
        found = "Several users have" if rows else "No user has"
        raise UserNotFoundError(f"{found} the address {email!r}. Use user_id.", param="user_email")
    return user_of(rows[0])


async def mark_deleted(connection: Connection, user_ids: Sequence[str], moment: datetime) -> None:
    """Delete users and their memberships; their rows stay, so that the ledger keeps a name for them."""
    await connection.execute("UPDATE users SET deleted_at = $2 WHERE id = ANY($1)", user_ids, moment)
    await connection.execute("DELETE FROM team_members WHERE user_id = ANY($1)", user_ids)


async def list_users(
    connection: Connection,
    wanted: UserFilter,
    *,
    sort_by: str = "created_at",
    descending: bool = True,
    limit: int,
    offset: int,
) -> tuple[list[ListedUser], int]:
    """One page of users, and how many there are on all pages; `sort_by` is one of `SORTABLE`."""
    parameters: list[Any] = [wanted.role, wanted.ids, wanted.email_part, wanted.search, wanted.team_id, wanted.blocked]
    total: int = await connection.fetchval(f"SELECT count(*) {_FILTERED}", *parameters)
    direction = "DESC" if descending else "ASC"
    rows = await connection.fetch(
        f"""
        SELECT u.*, (SELECT count(*) FROM keys k WHERE k.user_id = u.id AND k.deleted_at IS NULL) AS key_count
        {_FILTERED} ORDER BY {SORTABLE[sort_by]} {direction} NULLS LAST, u.id LIMIT $7 OFFSET $8
        """,  # noqa: S608 - constants
        *parameters,
        limit,
        offset,
    )
    return [ListedUser(user_of(row), row["key_count"]) for row in rows], total


def user_of(row: Mapping[str, Any]) -> User:
    """The user of a row that has all columns of `users`."""
    fields = {name: row[name] for name in _COLUMNS}
    return User(**{**fields, "role": Role(row["role"])})

"""Virtual keys as people see them, in lists and one by one: named by id, with state, money, and who owns them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from litemaas.domain.administration.key_changes import detail_of, details_of
from litemaas.domain.administration.key_orders import KeyDetail
from litemaas.domain.budgets.periods import window_start
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.keys import listing
from litemaas.domain.keys.entities import Key
from litemaas.domain.keys.listing import EXPIRING_WITHIN, KeySearch, KeyState
from litemaas.storage.postgres import Connection, Pool

_NAMES = """
SELECT 'user' AS kind, id, COALESCE(alias, email, id) AS name FROM users WHERE id = ANY($1)
UNION ALL SELECT 'team', id, COALESCE(alias, id) FROM teams WHERE id = ANY($2)
"""


class KeyView(Struct, frozen=True):
    """A key, the state that it is in, and its owners' names."""

    detail: KeyDetail
    state: KeyState
    user_name: str | None
    team_name: str | None


class KeyViews:
    """Reading keys for the portal."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def page(
        self, wanted: KeySearch, *, sort_by: str, descending: bool, limit: int, offset: int
    ) -> tuple[list[KeyView], int]:
        """One page of keys, and how many there are on all pages.

        Raises:
            InvalidInputError: Keys cannot be sorted by `sort_by`.
        """
        if sort_by not in listing.SORTABLE:
            raise InvalidInputError(f"sort must be one of {', '.join(listing.SORTABLE)}.", param="sort")
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection:
            windows = {one: window_start(one, moment) for one in await listing.durations_in_use(connection)}
            found, total = await listing.list_keys(
                connection,
                wanted,
                moment,
                windows,
                sort_by=sort_by,
                descending=descending,
                limit=limit,
                offset=offset,
            )
            details = await details_of(connection, [key for key, _ in found], moment)
            return await _views(connection, details, [state for _, state in found]), total

    async def find(self, key_id: UUID) -> Key:
        """The key of this id, also one that was revoked.

        Raises:
            KeyNotFoundError: There never was one.
        """
        async with self._pool.acquire() as connection:
            return await listing.find_key_by_id(connection, key_id)

    async def get(self, key_id: UUID) -> KeyView:
        """The key of this id with all about it, also one that was revoked.

        Raises:
            KeyNotFoundError: There never was one.
        """
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection:
            key = await listing.find_key_by_id(connection, key_id)
            if key.deleted_at is None:
                detail = await detail_of(connection, key, moment)
            else:
                (detail,) = await details_of(connection, [key], moment)
            return (await _views(connection, [detail], [_state(detail, moment)]))[0]

    async def view(self, detail: KeyDetail) -> KeyView:
        """A key that was just changed."""
        async with self._pool.acquire() as connection:
            return (await _views(connection, [detail], [_state(detail, datetime.now(UTC))]))[0]

    async def count(self, user_id: str | None = None) -> int:
        """How many living keys there are, of one user or of all."""
        async with self._pool.acquire() as connection:
            return await listing.count_keys(connection, user_id)

    async def count_by_team(self, team_ids: Sequence[str]) -> dict[str, int]:
        """How many living keys teams have; those without are left out."""
        async with self._pool.acquire() as connection:
            return await listing.count_keys_of_teams(connection, team_ids)


def _state(detail: KeyDetail, moment: datetime) -> KeyState:
    """The same as the list says in SQL."""
    key, standing = detail.key, detail.standing
    most = standing.account.max_budget
    checks = {
        KeyState.REVOKED: key.deleted_at is not None,
        KeyState.EXPIRED: key.expires_at is not None and key.expires_at <= moment,
        KeyState.BLOCKED: key.blocked,
        KeyState.OVER_BUDGET: most is not None and standing.spent >= most,
        KeyState.EXPIRING: key.expires_at is not None and key.expires_at <= moment + EXPIRING_WITHIN,
    }
    return next((state for state, applies in checks.items() if applies), KeyState.ACTIVE)


async def _views(connection: Connection, details: Sequence[KeyDetail], states: Sequence[KeyState]) -> list[KeyView]:
    users = {detail.key.user_id for detail in details if detail.key.user_id}
    teams = {detail.key.team_id for detail in details if detail.key.team_id}
    rows = await connection.fetch(_NAMES, list(users), list(teams))
    names = {(row["kind"], row["id"]): row["name"] for row in rows}
    return [
        KeyView(detail, state, names.get(("user", detail.key.user_id)), names.get(("team", detail.key.team_id)))
        for detail, state in zip(details, states, strict=True)
    ]

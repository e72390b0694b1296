"""Finding entries of the audit log."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from litemaas.domain.audit.entities import AuditEntry
from litemaas.storage.postgres import Pool

_COLUMNS = ", ".join(f"a.{column}" for column in AuditEntry.__struct_fields__)

_FILTERED = r"""
FROM audit_log a LEFT JOIN users u ON u.id = a.actor
WHERE ($1::text IS NULL OR a.actor = $1) AND ($2::text IS NULL OR a.action = $2)
  AND ($3::text IS NULL OR a.subject_kind = $3) AND ($4::text IS NULL OR a.subject_id = $4)
  AND ($5::timestamptz IS NULL OR a.at >= $5) AND ($6::timestamptz IS NULL OR a.at < $6)
  AND ($7::text IS NULL OR strpos(lower(concat_ws(E'\n', a.actor, u.alias, u.email, a.action, a.subject_id,
                                                  a.before::text, a.after::text)), lower($7)) > 0)
"""


class AuditFilter(Struct, frozen=True, kw_only=True):
    """Which entries; None: all.

    Attributes:
        since: First moment.
        until: The first moment that is too late.
        search: Part of the actor's name, the action, the subject's id, or of what was changed.
    """

    actor: str | None = None
    action: str | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None


class FoundEntry(Struct, frozen=True):
    """An entry with the actor's name, where the actor is a user."""

    entry: AuditEntry
    actor_name: str | None


class AuditSearch:
    """Questions to the audit log."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def page(
        self, wanted: AuditFilter, *, descending: bool = True, limit: int, offset: int = 0
    ) -> tuple[list[FoundEntry], int]:
        """One page of entries in the order of time, and how many there are on all pages."""
        parameters = astuple(wanted)
        direction = "DESC" if descending else "ASC"
        async with self._pool.acquire() as connection:
            total: int = await connection.fetchval(f"SELECT count(*) {_FILTERED}", *parameters)
            rows = await connection.fetch(
                f"SELECT {_COLUMNS}, COALESCE(u.alias, u.email, u.id) AS actor_name {_FILTERED}"
                f" ORDER BY a.at {direction}, a.id LIMIT $8 OFFSET $9",
                *parameters,
                limit,
                offset,
            )
        return [_found(row) for row in rows], total


def _found(row: Any) -> FoundEntry:
    return FoundEntry(AuditEntry(**{name: row[name] for name in AuditEntry.__struct_fields__}), row["actor_name"])

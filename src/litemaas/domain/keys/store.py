"""SQL of virtual keys."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from litemaas.domain.keys.entities import IssuedKey
from litemaas.storage.postgres import Connection

_FETCH_ROWS = 2000
_LABELS = "labels"

_ISSUED = """
SELECT k.id, decode(k.key_hash, 'hex'), decode(k.previous_hash, 'hex'), k.previous_expires_at, k.user_id, k.team_id,
       k.models, k.aliases,
       COALESCE(k.rpm_limit, b.rpm_limit), COALESCE(k.tpm_limit, b.tpm_limit),
       COALESCE(k.max_parallel_requests, b.max_parallel_requests), k.model_rpm_limit, k.model_tpm_limit,
       k.allowed_routes, k.blocked, k.expires_at, k.metadata -> 'labels', k.uses_cache
FROM keys k
LEFT JOIN accounts a ON a.id = 'key:' || k.id
LEFT JOIN budgets b ON b.id = a.budget_id
WHERE k.deleted_at IS NULL AND ($1::text[] IS NULL OR k.id = ANY($1::uuid[]))
"""


async def load_issued(connection: Connection, ids: Sequence[str] | None = None) -> AsyncIterator[IssuedKey]:
    """Keys that are not deleted: those of `ids`, or all. Runs in the caller's transaction.

    Equal lists are shared between keys: a hundred thousand keys have a handful of different ones. So are the names of
    who has several.
    """
    shared: dict[Any, Any] = {}
    names: dict[str | None, str | None] = {}
    async for row in connection.cursor(_ISSUED, ids, prefetch=_FETCH_ROWS):
        values = list(row)
        for position in (4, 5):  # user_id, team_id
            values[position] = names.setdefault(values[position], values[position])
        for position in (6, 13):  # models, allowed_routes
            values[position] = shared.setdefault(tuple(values[position]), tuple(values[position]))
        for position in (7, 11, 12, 16):  # aliases, limits by model, labels
            if not values[position]:
                values[position] = None if position == 16 else shared.setdefault(_LABELS, {})  # noqa: PLR2004
        yield IssuedKey(*values)

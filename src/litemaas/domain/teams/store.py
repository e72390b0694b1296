"""SQL of teams and their members."""

from collections.abc import Sequence

from litemaas.domain.teams.entities import Team
from litemaas.storage.postgres import Connection


async def load_teams(connection: Connection, ids: Sequence[str] | None = None) -> list[Team]:
    """Teams that are not deleted: those of `ids`, or all; the limits of a shared budget filled in."""
    rows = await connection.fetch(
        """
        SELECT t.*, COALESCE(t.rpm_limit, b.rpm_limit) AS rpm_limit, COALESCE(t.tpm_limit, b.tpm_limit) AS tpm_limit,
               COALESCE(t.max_parallel_requests, b.max_parallel_requests) AS max_parallel_requests
        FROM teams t
        LEFT JOIN accounts a ON a.id = 'team:' || t.id
        LEFT JOIN budgets b ON b.id = a.budget_id
        WHERE t.deleted_at IS NULL AND ($1::text[] IS NULL OR t.id = ANY($1))
        """,
        ids,
    )
    return [Team(**dict(row)) for row in rows]

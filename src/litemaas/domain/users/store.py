"""SQL of users."""

from collections.abc import Sequence

from litemaas.domain.users.entities import Role, User
from litemaas.storage.postgres import Connection

COLUMNS = ", ".join(User.__struct_fields__)


async def load_users(connection: Connection, ids: Sequence[str] | None = None) -> list[User]:
    """Users that are not deleted: those of `ids`, or all; the limits of a shared budget filled in."""
    rows = await connection.fetch(
        """
        SELECT u.*, COALESCE(u.rpm_limit, b.rpm_limit) AS rpm_limit, COALESCE(u.tpm_limit, b.tpm_limit) AS tpm_limit,
               COALESCE(u.max_parallel_requests, b.max_parallel_requests) AS max_parallel_requests
        FROM users u
        LEFT JOIN accounts a ON a.id = 'user:' || u.id
        LEFT JOIN budgets b ON b.id = a.budget_id
        WHERE u.deleted_at IS NULL AND ($1::text[] IS NULL OR u.id = ANY($1))
        """,
        ids,
    )
    return [User(**{**row, "role": Role(row["role"])}) for row in rows]

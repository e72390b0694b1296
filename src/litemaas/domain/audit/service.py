"""Reading the audit log. It is written by those who change things, see `store.record`."""

from litemaas.domain.audit import store
from litemaas.domain.audit.entities import AuditEntry
from litemaas.storage.postgres import Pool


class AuditLog:
    """The record of all changes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def page(
        self,
        *,
        subject_kind: str | None = None,
        subject_id: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[AuditEntry]:
        """The latest entries first: those about one subject, or one kind of subject, or all."""
        async with self._pool.acquire() as connection:
            return await store.list_entries(
                connection, subject_kind=subject_kind, subject_id=subject_id, limit=limit, offset=offset
            )

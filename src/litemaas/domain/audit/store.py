"""SQL of the audit log. A change and its entry are one transaction: both are there, or neither."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from litemaas.domain.audit.entities import Actor
from litemaas.storage.postgres import Connection

_SECRET = frozenset({"credential", "key_hash", "previous_hash"})
_UPKEEP = frozenset({"updated_at", "updated_by"})


async def record(
    connection: Connection,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: object,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down a change within the caller's transaction; secrets are left out, and so is what stayed the same."""
    await connection.execute(
        "INSERT INTO audit_log (id, actor, action, subject_kind, subject_id, before, after, address)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        uuid4(),
        actor.name,
        action,
        subject_kind,
        str(subject_id),
        _told(before, after),
        _told(after, before),
        actor.address,
    )


def _told(fields: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    return {
        name: value
        for name, value in fields.items()
        if name not in _SECRET and name not in _UPKEEP and (other is None or other.get(name) != value)
    }

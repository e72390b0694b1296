"""What can be saved of a record that the ledger refuses: whose call it was and what it cost.

Money was set aside for the call and is waiting to be booked. Without a row in the ledger it would stay set aside for as
long as the process lives, and nobody's balance would know of it.
"""

import msgspec

from litemaas.domain.spend.entities import LedgerRecord
from litemaas.providers.units import Units

_DAMAGED = "record_damaged"
_LONGEST = 200
_MOST = 2**31 - 1


def salvage(line: bytes) -> bytes | None:
    """The same call as a journal line that the ledger takes; None if even the essential parts cannot be read."""
    try:
        record = msgspec.json.decode(line.decode(errors="replace"), type=LedgerRecord)
    except msgspec.DecodeError:
        return None
    kept = LedgerRecord(
        id=record.id,
        started_at=record.started_at,
        endpoint=_clean(record.endpoint),
        model=_clean(record.model),
        deployment_id=_clean(record.deployment_id),
        provider=_clean(record.provider),
        status=min(max(record.status, 0), 599),
        cost=record.cost,
        duration_ms=_bounded(record.duration_ms),
        key_id=record.key_id,
        user_id=_clean(record.user_id) if record.user_id else None,
        team_id=_clean(record.team_id) if record.team_id else None,
        error_code=_DAMAGED,
        input_tokens=_bounded(record.input_tokens),
        output_tokens=_bounded(record.output_tokens),
        units=record.units and Units(*map(_bounded, record.units)),
    )
    return msgspec.json.encode(kept) + b"\n"


def _clean(text: str) -> str:
    return text.replace("\0", "")[:_LONGEST]


def _bounded(count: int) -> int:
    return min(max(count, 0), _MOST)

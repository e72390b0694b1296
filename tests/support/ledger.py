"""Calls written into the ledger, as if they had been made."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec

from litemaas.domain.spend.entities import LedgerRecord
from litemaas.domain.spend.ledger import make_partitions, write_lines
from litemaas.storage.postgres import Pool


async def book(pool: Pool, moment: datetime, cost: str, **fields: Any) -> str:
    """Write one call that began at `moment` and cost `cost` dollars; returns its id."""
    known = {
        "id": str(uuid4()),
        "started_at": moment.timestamp(),
        "endpoint": "/chat/completions",
        "model": "granite",
        "deployment_id": "d",
        "provider": "openai",
        "status": 200,
        "cost": Decimal(cost),
        "duration_ms": 5,
        "input_tokens": 10,
        "output_tokens": 5,
    }
    record = LedgerRecord(**{**known, **fields})
    async with pool.acquire() as connection:
        await make_partitions(connection, [moment])
        await write_lines(connection, msgspec.json.encode(record) + b"\n")
    return record.id

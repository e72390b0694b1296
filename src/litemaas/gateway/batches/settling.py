"""What a batch that is over has cost: booked once, before anybody can have its results."""

import asyncio
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Struct

from litemaas.domain.pricing.cost import cost_of
from litemaas.domain.rights import Rights
from litemaas.domain.serving import Target
from litemaas.domain.spend.entities import LedgerRecord
from litemaas.domain.upstream_objects.entities import UpstreamObject
from litemaas.gateway.batches.batch_usage import add_up_results
from litemaas.gateway.calls.counters import Counters
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.errors import JournalFullError
from litemaas.providers.usage import Usage, read_usage

BATCHES = "/batches"
_OK = 200
_CLOCKS_DIFFER = timedelta(days=1)


class Batch(Struct):
    """What an upstream says of a batch, as far as we read it."""

    id: str = ""
    status: str = ""
    created_at: float = 0.0
    output_file_id: str | None = None
    error_file_id: str | None = None
    usage: Any = None

    def is_over(self) -> bool:
        """Whether nothing more of it will be run."""
        return self.status in {"completed", "failed", "expired", "cancelled"}

    def files(self) -> list[str]:
        """The files that it has written."""
        return [one for one in (self.output_file_id, self.error_file_id) if one]


def circumstances_of(rights: Rights, target: Target) -> dict[str, Any]:
    """Who runs a batch where: written down when it begins, for its key may be gone when it is over."""
    key, deployment = rights.key, target.deployment
    circumstances: dict[str, Any] = {
        "endpoint": BATCHES,
        "model": target.model,
        "deployment_id": deployment.id,
        "provider": deployment.provider,
    }
    if key is not None:
        who = (("key_id", key.id and str(key.id)), ("user_id", key.user_id), ("team_id", key.team_id))
        circumstances |= {name: value for name, value in (*who, ("labels", rights.labels)) if value}
    return circumstances


async def settle(gateway: Gateway, thing: UpstreamObject, target: Target, batch: Batch) -> None:
    """Book a batch that is over, at the price of the moment in which it was made; then its owner may have its files.

    Its id in the ledger is made of its own, so that it is booked once, however often and by whomever it is seen.

    Raises:
        UpstreamError: Its results cannot be read to add up what it used.
        JournalFullError: The record cannot be written.
    """
    usage = _told(batch) or await add_up_results(gateway, target, batch.output_file_id)
    began = _beginning(thing, batch)
    cost = cost_of(usage, target.price_at(began))
    record = msgspec.convert(
        (thing.circumstances or {})
        | {
            "id": uuid5(NAMESPACE_URL, f"{target.deployment.id}/{batch.id}").hex,
            "started_at": began,
            "status": _OK,
            "cost": cost,
            "duration_ms": min(int((time.time() - began) * 1000), 2**31 - 1),
            "input_tokens": usage.input,
            "output_tokens": usage.output,
            "cached_input_tokens": usage.cached_input,
            "cache_write_tokens": usage.cache_write,
            "reasoning_tokens": usage.reasoning,
        },
        LedgerRecord,
    )
    written: asyncio.Future[OSError | None] = asyncio.get_running_loop().create_future()
    gateway.journal.append(msgspec.json.encode(record), written.set_result)
    failure = await written
    if failure is not None:
        raise JournalFullError("The batch cannot be recorded at the moment. Try again later.") from failure
    _count(gateway.counters, target.model, usage, cost)
    for file_id in batch.files():
        await gateway.objects.remember(
            "file", file_id, owner=thing.owner, deployment_id=thing.deployment_id, model=thing.model
        )
    await gateway.objects.settle(thing)


def _beginning(thing: UpstreamObject, batch: Batch) -> float:
    """When it was made, in Unix time: by the upstream's clock, unless that is no clock."""
    ours = thing.created_at.timestamp()
    return batch.created_at if abs(batch.created_at - ours) < _CLOCKS_DIFFER.total_seconds() else ours


def _told(batch: Batch) -> Usage | None:
    usage = read_usage(msgspec.json.encode({"usage": batch.usage})) if batch.usage else None
    return usage if usage is not None and usage.input + usage.output > 0 else None


def _count(counters: Counters, model: str, usage: Usage, cost: Decimal) -> None:
    """Count what it used; how long it took says nothing of how fast the model answers."""
    of_model = counters.of_model(model)
    of_model.statuses[_OK] += 1
    of_model.input_tokens += usage.input
    of_model.output_tokens += usage.output
    of_model.cost += cost

"""What a finished batch has cost: booked once, before anybody can have its results."""

import asyncio
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Struct

from litemaas.domain.admission import Asked
from litemaas.domain.rights import Rights
from litemaas.domain.serving import Target
from litemaas.domain.settlement import line_of, record_of
from litemaas.gateway.batches.batch_usage import add_up_results
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.errors import JournalFullError
from litemaas.providers.usage import Usage, read_usage

_ENDPOINT = "/batches"
_OK = 200


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


async def book(gateway: Gateway, rights: Rights, target: Target, batch: Batch) -> None:
    """Book a batch that is over, at the price of the moment in which it was made.

    Its id in the ledger is made of its own, so that it is booked once, however often and by whomever it is seen.

    Raises:
        UpstreamError: Its results cannot be read to add up what it used.
        JournalFullError: The record cannot be written.
    """
    usage = _told(batch) or await add_up_results(gateway, target, batch.output_file_id)
    admission = await gateway.admissions.admit_free(rights, Asked(target.model, 0, generates=False))
    if batch.created_at > 0:
        admission.started_at = batch.created_at
    record = record_of(
        admission,
        target,
        call_id=uuid5(NAMESPACE_URL, f"{target.deployment.id}/{batch.id}").hex,
        status=_OK,
        usage=usage,
        streamed=False,
        attempts=1,
        first_byte_at=None,
        error_code=None,
        request_id=None,
        end_user=None,
    )
    written: asyncio.Future[OSError | None] = asyncio.get_running_loop().create_future()
    gateway.journal.append(line_of(admission, target, _ENDPOINT, record), written.set_result)
    failure = await written
    gateway.admissions.release(admission)
    if failure is not None:
        raise JournalFullError("The batch cannot be recorded at the moment. Try again later.") from failure
    gateway.counters.count(admission, record)


def _told(batch: Batch) -> Usage | None:
    usage = read_usage(msgspec.json.encode({"usage": batch.usage})) if batch.usage else None
    return usage if usage is not None and usage.input + usage.output > 0 else None

"""What did a call cost? Usage becomes cost, and cost becomes the record that the journal keeps."""

import random
import time
from decimal import Decimal
from typing import NamedTuple

import msgspec

from litemaas.domain.admission import Admission
from litemaas.domain.pricing.cost import cost_of
from litemaas.domain.serving import Target
from litemaas.domain.spend.entities import LedgerRecord
from litemaas.providers.usage import Usage

_MAX_CLIENT_TEXT = 256
_NOTHING = Usage()
_FREE = Decimal(0)
_encoder = msgspec.json.Encoder()


class Outcome(NamedTuple):
    """How a call ended.

    Attributes:
        call_id: Ours, see `new_call_id`.
        status: What the client got.
        usage: None: the upstream did nothing that costs.
        first_byte_at: Unix time of the first byte of the answer.
        request_id: The client's own id, only echoed.
        end_user: The `user` field of the request.
    """

    call_id: str
    endpoint: str
    target: Target
    status: int
    usage: Usage | None
    streamed: bool
    attempts: int
    first_byte_at: float | None
    request_id: str | None
    end_user: str | None
    error_code: str | None = None


class Record(NamedTuple):
    """What a call cost, in dollars, what it used, and the line for the journal.

    Attributes:
        above_hold: It cost more than the hold that should have bounded it.
    """

    cost: Decimal
    tokens: int
    line: bytes
    above_hold: bool


def record_of(admission: Admission, outcome: Outcome) -> Record:
    """Work out what a call cost, at the price of the moment in which it was admitted.

    Nothing is settled yet: that is for when the line is on disk (`AdmissionService.settle`).
    """
    usage = outcome.usage or _NOTHING
    target = outcome.target
    cost = _FREE if outcome.usage is None else cost_of(usage, target.price_at(admission.started_at))
    key = admission.rights.key
    first_byte_at = outcome.first_byte_at
    record = LedgerRecord(
        outcome.call_id,
        admission.started_at,
        outcome.endpoint,
        target.model,
        target.deployment.id,
        target.deployment.provider,
        outcome.status,
        cost,
        int((time.time() - admission.started_at) * 1000),
        key.id if key else None,
        key.user_id if key else None,
        key.team_id if key else None,
        _clean(outcome.end_user),
        _clean(outcome.request_id),
        outcome.error_code,
        usage.input,
        usage.output,
        usage.cached_input,
        usage.cache_write,
        usage.reasoning,
        usage.estimated,
        False,
        outcome.streamed,
        outcome.attempts,
        None if first_byte_at is None else int((first_byte_at - admission.started_at) * 1000),
        admission.rights.labels,
    )
    above = bool(admission.holds) and cost > admission.holds[0].amount
    return Record(cost, usage.input + usage.output, _encoder.encode(record), above)


def new_call_id(now: float) -> str:
    """A UUID, version 7 (RFC 9562, 5.7), of Unix time `now`; ids sort by time and need not be secret."""
    bits = random.getrandbits(74)
    milliseconds = int(now * 1000)
    number = (milliseconds << 80) | (0x7 << 76) | ((bits >> 62) << 64) | (0b10 << 62) | (bits & 0x3FFFFFFFFFFFFFFF)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _clean(text: str | None) -> str | None:
    """Text of a client as PostgreSQL can keep it: no NUL, not longer than anybody needs."""
    if text is None:
        return None
    return text[:_MAX_CLIENT_TEXT].replace("\0", "")

"""What did a call cost? Usage becomes cost, and cost becomes the record that the journal keeps.

A record has two parts: who called what where, the same for all calls of a key to a deployment and encoded once, and how
the call ended. Together they are a `LedgerRecord`.
"""

import itertools
import secrets
import time
from decimal import Decimal
from uuid import UUID

import msgspec
from msgspec import Struct

from litemaas.domain.admission import Admission
from litemaas.domain.pricing.cost import cost_of
from litemaas.domain.serving import Target
from litemaas.providers.units import Units
from litemaas.providers.usage import Usage

_MAX_CLIENT_TEXT = 256
_NOTHING = Usage()
_FREE = Decimal(0)
_encode = msgspec.json.Encoder().encode
_PROCESS = 7 << 76 | secrets.randbits(12) << 64 | (8 | secrets.randbits(2)) << 60 | secrets.randbits(28) << 32
_count = itertools.count(secrets.randbits(31))


class _Circumstances(Struct, omit_defaults=True):
    """Who called what where."""

    endpoint: str
    model: str
    deployment_id: str
    provider: str
    key_id: UUID | None = None
    user_id: str | None = None
    team_id: str | None = None
    labels: dict[str, str] | None = None


class Record(Struct, omit_defaults=True, gc=False):
    """How a call ended, what it used and what it cost.

    Attributes:
        id: Ours, see `new_call_id`.
        started_at: Unix time.
        status: What the client got.
        cost: In dollars.
        duration_ms: From admission to the end.
        first_byte_ms: From admission to the beginning of the answer; None: there was none.
        request_id: The client's own id, only echoed.
        end_user: The `user` field of the request.
        units: What was used besides tokens; None: nothing.
    """

    id: str
    started_at: float
    status: int
    cost: Decimal
    duration_ms: int
    first_byte_ms: int | None
    input_tokens: int = 0
    output_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = False
    streamed: bool = False
    attempts: int = 1
    error_code: str | None = None
    request_id: str | None = None
    end_user: str | None = None
    cached: bool = False
    units: Units | None = None


def record_of(
    admission: Admission,
    target: Target,
    *,
    call_id: str,
    status: int,
    usage: Usage | None,
    streamed: bool,
    attempts: int,
    first_byte_at: float | None,
    error_code: str | None,
    request_id: str | None,
    end_user: str | None,
    cached: bool = False,
) -> Record:
    """Work out what a call cost, at the price of the moment in which it was admitted.

    Nothing is settled yet: that is for when the record is on disk (`AdmissionService.settle`).

    Args:
        usage: None: the upstream did nothing that costs.
        first_byte_at: Unix time of the first byte of the answer.
        cached: The response cache answered.
    """
    started_at = admission.started_at
    if usage is None:
        usage, cost = _NOTHING, _FREE
    else:
        cost = cost_of(usage, target.price_at(started_at), admission.asked.images)
    return Record(
        call_id,
        started_at,
        status,
        cost,
        int((time.time() - started_at) * 1000),
        None if first_byte_at is None else int((first_byte_at - started_at) * 1000),
        usage.input,
        usage.output,
        usage.cached_input,
        usage.cache_write,
        usage.reasoning,
        usage.estimated,
        streamed,
        attempts,
        error_code,
        request_id and _clean(request_id),
        end_user and _clean(end_user),
        cached,
        usage.units,
    )


def line_of(admission: Admission, target: Target, endpoint: str, record: Record) -> bytes:
    """The line for the journal: a `LedgerRecord` as JSON."""
    return _circumstances(admission, target, endpoint) + _encode(record)[1:]


def new_call_id(now: float) -> str:
    """A UUID, version 7, of Unix time `now`, in hexadecimal: unique and in order, but no secret.

    As RFC 9562, 6.2 has it (method 1): the time in milliseconds, bits that are this process's own, and a counter.
    """
    return (int(now * 1000) << 80 | _PROCESS | next(_count) & 0xFFFFFFFF).to_bytes(16).hex()


def _circumstances(admission: Admission, target: Target, endpoint: str) -> bytes:
    """The beginning of the record, with its comma; kept with the permit, which ends when rights change."""
    known = admission.permit.encoded
    started = known.get((target.deployment.id, endpoint))
    if started is None:
        key, deployment = admission.rights.key, target.deployment
        circumstances = _Circumstances(endpoint, target.model, deployment.id, deployment.provider)
        if key is not None:
            circumstances.key_id, circumstances.user_id, circumstances.team_id = key.id, key.user_id, key.team_id
            circumstances.labels = admission.rights.labels
        started = known[deployment.id, endpoint] = _encode(circumstances)[:-1] + b","
    return started


def _clean(text: str) -> str:
    """Text of a client as PostgreSQL can keep it: no NUL, not longer than anybody needs."""
    return text[:_MAX_CLIENT_TEXT].replace("\0", "")

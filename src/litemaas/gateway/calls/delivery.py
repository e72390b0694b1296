"""Delivers one admitted call: where to, what came back, what did it cost, and what is its client told.

No task and no await for a call that finds a place at once: the upstream's connection tells an `Attempt` of the answer,
as it comes, which tells the client. A call is ended once, by `_end`: its record goes to the journal, and when that is
on disk its holds are settled and the client gets its last bytes.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from litemaas.domain.errors import LiteMaaSError, RateLimitedError
from litemaas.domain.router import Place
from litemaas.domain.settlement import Record, line_of, record_of
from litemaas.gateway.calls.answers import (
    TOO_LONG,
    Refusal,
    answer_headers,
    error_answer,
    refusal_of,
    retry_line,
    upstream_refusal,
)
from litemaas.gateway.calls.attempt import Attempt, Reader
from litemaas.gateway.calls.client import GONE, Client
from litemaas.gateway.calls.course import Course
from litemaas.gateway.calls.demands import Demands
from litemaas.gateway.calls.interceptors import Review
from litemaas.gateway.endpoints.call_request import CallRequest, upstream_body
from litemaas.gateway.endpoints.estimates import estimate_stream
from litemaas.gateway.endpoints.rows import Endpoint
from litemaas.gateway.errors import JournalFullError, error_headers, wire_error
from litemaas.gateway.http.request_head import NO_HINTS
from litemaas.providers.errors import AnswerTimedOut, UpstreamError
from litemaas.providers.usage import Usage

if TYPE_CHECKING:
    from litemaas.gateway.calls.gateway import Gateway

_CLIENT_LEFT = 499  # nginx's word for it; it is only ever seen in the ledger
_NOT_FOUND = 404
_ELSEWHERE = frozenset((401, 403, 404, 408, 429, *range(500, 600)))
"""Answers that concern the deployment, not the request: another deployment may do better."""

_log = logging.getLogger(__name__)


class Delivery:
    """A call on its way to a model and back.

    Args:
        gateway: What all calls share.
        client: Who asked.
        endpoint: What for.
        request_id: The client's own id for the call, echoed.
        headers: What else of the client's headers matters, see `request_head.HINTS`.

    Attributes:
        call_id: Ours.
        request: What is asked.
        attempt: The one that goes on, or the last one; None: the call was not sent yet.
        max_answer_bytes: Of an answer that is no stream.
    """

    __slots__ = (
        "_attempt",
        "_body",
        "_course",
        "_demands",
        "_ended",
        "_gateway",
        "_record",
        "_request_id",
        "_reviewed",
        "_reviews",
        "_status",
        "_task",
        "_usage",
        "attempt",
        "call_id",
        "client",
        "endpoint",
        "headers",
        "max_answer_bytes",
        "request",
    )

    call_id: str
    request: CallRequest
    _demands: Demands

    def __init__(
        self,
        gateway: "Gateway",
        client: Client,
        endpoint: Endpoint,
        request_id: str | None,
        headers: Mapping[str, str] = NO_HINTS,
    ) -> None:
        self._gateway = gateway
        self.client = client
        self.endpoint = endpoint
        self.headers = headers
        self.max_answer_bytes = gateway.settings.upstream.max_answer_bytes
        self._request_id = request_id
        self._task: asyncio.Task[None] | None = None
        self._course: Course | None = None
        self.attempt: Attempt | None = None
        self._ended = False
        self._reviews: Sequence[Review] = ()
        self._reviewed: Usage | None = None

    def submit(self, attempt: Attempt, max_output: int | None) -> None:
        """Send the request, with the bound of its output that the budget sets; once for each attempt."""
        wire, endpoint = attempt.wire, self.endpoint
        field = endpoint.bound_field or wire.max_output_field
        body = upstream_body(endpoint, self.request, wire.model, max_output, field)
        lines, tracing = self._demands.head_lines, self._gateway.attempt_tracing
        wire.send(attempt, endpoint, body, lines if tracing is None else lines + tracing(self, attempt))

    def pause(self) -> None:
        """Read no more of the answer for now: the client is slow."""
        if self.attempt is not None:
            self.attempt.pause()

    def resume(self) -> None:
        """Read on."""
        if self.attempt is not None:
            self.attempt.resume()

    def client_left(self) -> None:
        """The client hung up: stop the upstream, and charge for what it did."""
        self.client = GONE  # if the call has ended, its last bytes may still wait for the journal
        if self._ended:
            return
        if self._task is not None and not self._task.done():
            self._task.cancel()
        attempt = self.attempt
        if attempt is None:
            self._ended = True
            if self._course is not None:
                self._gateway.admissions.release(self._course.admission)
            self._gateway.calls.discard(self)
        else:
            produced = self._produced_by(attempt)
            attempt.cancel()
            self._end(attempt, _CLIENT_LEFT, produced, "client_left")

    def cut_off(self) -> None:
        """The process ends and cannot wait any longer."""
        client = self.client
        self.client_left()
        client.break_off()

    def figures(self) -> tuple[Usage | None, Record]:
        """What the ended call used, None: nothing, and what it cost."""
        return self._usage, self._record

    # --- forwarding ---

    def _forward(self, course: Course) -> None:
        """Send the call to a deployment that has room, or stand in line for one."""
        self._course = course
        try:
            place = course.try_place()
            if place is None:
                self._task = asyncio.get_running_loop().create_task(self._wait_for_place(course))
            else:
                self._send(course, place)
        except Exception as error:  # noqa: BLE001 - the process must outlive any one call
            self._refuse(error)

    async def _wait_for_place(self, course: Course) -> None:
        try:
            self._send(course, await course.wait())
        except Exception as error:  # noqa: BLE001 - the process must outlive any one call
            attempt = self.attempt
            if attempt is not None and isinstance(error, RateLimitedError):
                attempt.header_lines = retry_line(error_headers(error)["retry-after"].encode())
                self._fail(attempt, refusal_of(error))
            else:
                self._refuse(error)

    def _send(self, course: Course, place: Place) -> None:
        self.attempt = attempt = Attempt(self, course, self._gateway.wires.of(place.target, self.endpoint))
        self.submit(attempt, course.admission.max_output)

    def _go_on(self, attempt: Attempt, failure: Refusal) -> None:
        """Send a call that failed to another deployment, else to a model that stands in, else tell the failure."""
        course = attempt.course
        if course.may_retry():
            self._forward(course)
        else:
            self._fall_back(attempt, course.admission.permit.model.group.routing.fallbacks, failure)

    def _fall_back(self, attempt: Attempt, models: Sequence[str], failure: Refusal) -> None:
        course = attempt.course
        if course.may_fall_back(models):
            self._task = asyncio.get_running_loop().create_task(self._let_others_stand_in(attempt, models, failure))
        else:
            self._fail(attempt, failure)

    async def _let_others_stand_in(self, attempt: Attempt, models: Sequence[str], failure: Refusal) -> None:
        course = attempt.course
        try:
            found = await course.fall_back(self._gateway.admissions, self.request.asked, models)
        except Exception:  # noqa: BLE001 - the process must outlive any one call
            _log.exception("call %s could not fall back", self.call_id)
            found = False
        if found:
            self._forward(course)
        else:
            self._fail(attempt, failure)

    # --- from the attempt ---

    def begin_stream(self, attempt: Attempt) -> None:
        """The answer is a stream."""
        self.client.begin_stream(self._headers(attempt, None))

    def answered(self, attempt: Attempt) -> None:
        """The answer is whole."""
        if self._ended:
            return
        status = attempt.status
        if attempt.reader is not None:
            self._end(attempt, status, self._produced(attempt.reader), None)
            return
        pieces = attempt.pieces
        self._body = body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if attempt.succeeded():
            usage = self.endpoint.usage(self.request.asked, body)
            self._take(attempt, usage)
            return
        failure = upstream_refusal(status, body, attempt.wire.target.credential)
        course = attempt.course
        if status in _ELSEWHERE:
            course.failed(blamed=status != _NOT_FOUND)  # else a client could have it rest by asking for what it lacks
            self._go_on(attempt, failure)
        elif failure.code == TOO_LONG:
            course.leave(0)
            self._fall_back(attempt, course.admission.permit.model.group.routing.context_window_fallbacks, failure)
        else:
            self._fail(attempt, failure)

    def not_answered(self, attempt: Attempt, error: UpstreamError) -> None:
        """There will be no (more) answer."""
        if self._ended:
            return
        failure, reader = refusal_of(error), attempt.reader
        produced = None if reader is None else self._produced(reader)
        attempt.course.failed(produced.input + produced.output if produced else 0)
        if reader is not None:
            if not self.endpoint.relays:
                self.client.stream(b"data: %b\n\n" % failure.body)
            self._end(attempt, failure.status, produced, failure.code)
        elif (attempt.status == 0 or attempt.status in _ELSEWHERE) and not isinstance(error, AnswerTimedOut):
            self._go_on(attempt, failure)
        else:
            self._fail(attempt, failure)

    # --- the end ---

    def _take(self, attempt: Attempt, usage: Usage | None) -> None:
        """End a call with the answer that has come."""
        self._end(attempt, attempt.status, usage, None)

    def _refuse(self, error: Exception) -> None:
        if self._ended:
            return
        self._ended = True
        if not isinstance(error, LiteMaaSError):
            _log.error("call %s failed on our side", self.call_id, exc_info=error)
        course = self._course
        if course is not None:
            course.leave(0)
            self._gateway.admissions.release(course.admission)
        self._gateway.counters.count_refused(wire_error(error).code)
        self._gateway.calls.discard(self)
        self.client.respond(*error_answer(error, self._request_id or self.call_id))

    def _fail(self, attempt: Attempt, failure: Refusal) -> None:
        """End a call that was sent, in vain."""
        attempt.content_type = b"application/json"
        self._body = failure.body
        self._end(attempt, failure.status, None, failure.code)

    def _produced_by(self, attempt: Attempt) -> Usage | None:
        """What a call that is ended early has used; None: nothing was sent."""
        if self._reviewed is not None:
            return self._reviewed
        sent = attempt.course.place is not None and attempt.sent_at > 0.0
        return self._produced(attempt.reader) if sent else None

    def _produced(self, reader: Reader | None) -> Usage:
        """What the upstream has done for us so far, by its word or by our count."""
        usage, tokens = (None, 0) if reader is None else (reader.usage, reader.tokens)
        if usage is None:
            usage = estimate_stream(self.request.asked, tokens)
        elif usage.estimated:  # it told the input at its beginning, and has not come to tell the output
            usage = replace(usage, output=max(usage.output, tokens))
        units = self.request.asked.units
        return usage if units is None else replace(usage, units=units)

    def _end(
        self, attempt: Attempt, status: int, usage: Usage | None, error_code: str | None, *, cached: bool = False
    ) -> None:
        course, target = attempt.course, attempt.wire.target
        admission = course.admission
        self._ended = True
        self._attempt = attempt
        self._status = status
        self._usage = usage
        self._record = record = record_of(
            admission,
            target,
            call_id=self.call_id,
            status=status,
            usage=usage,
            streamed=attempt.reader is not None,
            attempts=course.attempts,
            first_byte_at=attempt.first_byte_at,
            error_code=error_code,
            request_id=self._request_id,
            end_user=self.request.end_user,
            cached=cached,
        )
        place = course.place
        if place is not None:
            if status == attempt.status and attempt.first_byte_at is not None and attempt.succeeded():
                place.state.succeeded(attempt.first_byte_at - attempt.submitted_at)
            course.leave(record.input_tokens + record.output_tokens)
        line = line_of(admission, target, self.endpoint.path, record)
        self._gateway.journal.append(line, self._recorded)

    def _recorded(self, failure: OSError | None) -> None:
        """The record is on disk, or could not be put there: settle, and let the client have its last bytes."""
        gateway, record, client, attempt = self._gateway, self._record, self.client, self._attempt
        admission = attempt.course.admission
        gateway.calls.discard(self)
        if failure is not None:
            self._lose(attempt, failure)
            return
        gateway.admissions.settle(admission, record.cost, record.input_tokens + record.output_tokens)
        gateway.counters.count(admission, record)
        for observer in gateway.observers:
            observer(self)
        if client is GONE:
            pass
        elif attempt.reader is None:
            client.respond(self._status, self._headers(attempt, record.cost), self._body)
        elif self.endpoint.relays and self._status != attempt.status:
            client.break_off()  # there is no other way to tell
        else:
            client.end_stream()
        self._let_go()

    def _let_go(self) -> None:
        """Free the call's memory at once: whatever refers to itself waits for the garbage collector."""
        self.attempt = None
        del self._attempt

    def _lose(self, attempt: Attempt, failure: OSError) -> None:
        """Answer a call with an error because nobody would ever know of it."""
        gateway = self._gateway
        gateway.admissions.release(attempt.course.admission)
        gateway.counters.journal_failures += 1
        _log.error("call %s was not answered because its record cannot be written: %s", self.call_id, failure)
        if attempt.reader is not None:
            self.client.break_off()
        else:
            error = JournalFullError("The call cannot be recorded at the moment. Try again later.")
            self.client.respond(*error_answer(error, self._request_id or self.call_id))

    def _headers(self, attempt: Attempt, cost: Decimal | None) -> bytes:
        course = attempt.course
        lines = answer_headers(
            attempt.content_type,
            self._request_id or self.call_id,
            attempt.wire.answer_lines,
            course.admission.permit.scopes,
            cost,
        )
        if course.attempts > 1:
            lines += b"x-litemaas-attempts: %d\r\n" % course.attempts
        return lines + attempt.header_lines


AttemptTracing = Callable[[Delivery, Attempt], str]
"""Is told of an attempt before it is sent; returns header lines for its upstream; must neither wait nor raise."""

Observer = Callable[[Delivery], None]
"""Is told of a call that was sent, when it has ended and is recorded; must neither wait nor raise."""

"""Leads one call from admission to settlement: who calls, may they, where to, what came back, what did it cost.

No task and no await for a call that is admitted at once: the upstream's connection calls the methods here as the answer
comes, and they call the client's. A call is ended once, by `_end`: its record goes to the journal, and when that is on
disk its holds are settled and the client gets its last bytes.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from litemaas.domain.errors import LiteMaaSError, RateLimitedError
from litemaas.domain.keys.errors import MissingKeyError
from litemaas.domain.rights import Rights
from litemaas.domain.router import Place
from litemaas.domain.settlement import Record, new_call_id, record_of
from litemaas.gateway.answers import TOO_LONG, Refusal, answer_headers, error_answer, refusal_of, upstream_refusal
from litemaas.gateway.call_request import CallRequest, read_request, upstream_body
from litemaas.gateway.client import GONE, Client
from litemaas.gateway.course import Course
from litemaas.gateway.endpoints import Endpoint
from litemaas.gateway.errors import JournalFullError, error_headers, wire_error
from litemaas.gateway.estimates import estimate_answer, estimate_stream
from litemaas.gateway.streaming import StreamReader
from litemaas.providers.errors import AnswerBroken, AnswerTimedOut, UpstreamError
from litemaas.providers.upstream import UpstreamCall
from litemaas.providers.usage import Usage, read_usage

if TYPE_CHECKING:
    from litemaas.gateway.gateway import Gateway

_CLIENT_LEFT = 499  # nginx's word for it; it is only ever seen in the ledger
_OK_BELOW = 300
_ELSEWHERE = frozenset((401, 403, 404, 408, 429, *range(500, 600)))
"""Answers that concern the deployment, not the request: another deployment may do better."""
_EVENT_STREAM = b"text/event-stream"

_log = logging.getLogger(__name__)


class Exchange(UpstreamCall):
    """One call.

    Args:
        gateway: What all calls share.
        client: Who asked.
        endpoint: What for.
        request_id: The client's own id for the call, echoed.
    """

    __slots__ = (
        "_body",
        "_client",
        "_content_type",
        "_course",
        "_ended",
        "_endpoint",
        "_first_byte_at",
        "_gateway",
        "_reader",
        "_record",
        "_request",
        "_request_id",
        "_retry_after",
        "_size",
        "_status",
        "_submitted_at",
        "_task",
        "_usage",
        "_wire",
        "call_id",
    )

    def __init__(self, gateway: "Gateway", client: Client, endpoint: Endpoint, request_id: str | None) -> None:
        self._gateway = gateway
        self._client = client
        self._endpoint = endpoint
        self._request_id = request_id
        self._task: asyncio.Task[None] | None = None
        self._course: Course | None = None
        self._reader: StreamReader | None = None
        self._ended = False
        self._status = 0
        self._size = 0
        self._first_byte_at: float | None = None
        self._content_type = b"application/json"
        self._retry_after: bytes | None = None
        self._body: list[bytes] = []
        self.call_id = new_call_id(time.time())

    # --- from the client ---

    def begin(self, key_digest: bytes | None, path: str, body: bytes) -> None:
        """Admit the call and send it on its way."""
        gateway = self._gateway
        gateway.counters.in_flight += 1
        gateway.calls.add(self)
        try:
            if key_digest is None:
                raise MissingKeyError("No key was sent. Send it as 'Authorization: Bearer sk-…'.")
            gateway.check_open()
            rights = gateway.admissions.rights(key_digest)
            rights.check_route(path)
            self._request = request = read_request(self._endpoint, body)
            admission = gateway.admissions.admit(rights, request.asked)
            if admission is None:
                self._task = asyncio.get_running_loop().create_task(self._admit_patiently(rights, request))
            else:
                self._forward(Course(gateway.router, admission))
        except Exception as error:  # noqa: BLE001 - the process must outlive any one call
            self._refuse(error)

    def client_left(self) -> None:
        """The client hung up: stop the upstream, and charge for what it did."""
        self._client = GONE  # if the call has ended, its last bytes may still wait for the journal
        if self._ended:
            return
        if self._task is not None and not self._task.done():
            self._task.cancel()
        course = self._course
        if course is None or not course.attempts:
            self._ended = True
            if course is not None:
                self._gateway.admissions.release(course.admission)
            self._leave()
        else:
            sent = course.place is not None and self.sent_at > 0.0
            self.cancel()
            self._end(_CLIENT_LEFT, self._produced() if sent else None, "client_left")

    def cut_off(self) -> None:
        """The process ends and cannot wait any longer."""
        client = self._client
        self.client_left()
        client.break_off()

    def figures(self) -> tuple[Usage | None, Record]:
        """What the ended call used, None: nothing, and what it cost."""
        return self._usage, self._record

    # --- admission and forwarding ---

    async def _admit_patiently(self, rights: Rights, request: CallRequest) -> None:
        admissions = self._gateway.admissions
        try:
            admission = await admissions.admit_patiently(rights, request.asked)
            if self._ended:
                admissions.release(admission)
            else:
                self._forward(Course(self._gateway.router, admission))
        except Exception as error:  # noqa: BLE001 - the process must outlive any one call
            self._refuse(error)

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
            if course.attempts and isinstance(error, RateLimitedError):
                self._retry_after = error_headers(error)["retry-after"].encode()
                self._fail(refusal_of(error))
            else:
                self._refuse(error)

    def _send(self, course: Course, place: Place) -> None:
        gateway = self._gateway
        self._status = self._size = 0
        self._body = []
        self._first_byte_at = self._retry_after = None
        self._content_type = b"application/json"
        target = place.target
        self._submitted_at = time.time()
        self._wire = wire = gateway.wires.of(target)
        upstream_model, bound = target.deployment.upstream_model, course.admission.max_output
        body = upstream_body(self._request, upstream_model, bound, wire.max_output_field)
        UpstreamCall.__init__(self, wire.request(self._endpoint, body), wire.timeouts)
        gateway.upstreams.submit(wire.origin, self)

    def _go_on(self, failure: Refusal) -> None:
        """Send a call that failed to another deployment, else to a model that stands in, else tell the failure."""
        course = cast("Course", self._course)
        if course.may_retry():
            self._forward(course)
        else:
            self._fall_back(course.admission.permit.model.group.routing.fallbacks, failure)

    def _fall_back(self, models: Sequence[str], failure: Refusal) -> None:
        course = cast("Course", self._course)
        if course.may_fall_back(models):
            self._task = asyncio.get_running_loop().create_task(self._let_others_stand_in(course, models, failure))
        else:
            self._fail(failure)

    async def _let_others_stand_in(self, course: Course, models: Sequence[str], failure: Refusal) -> None:
        try:
            found = await course.fall_back(self._gateway.admissions, self._request.asked, models)
        except Exception:  # noqa: BLE001 - the process must outlive any one call
            _log.exception("call %s could not fall back", self.call_id)
            found = False
        if found:
            self._forward(course)
        else:
            self._fail(failure)

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
        self._leave()
        self._client.respond(*error_answer(error, self._request_id or self.call_id))

    # --- from the upstream ---

    def answer_began(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:  # noqa: D102
        self._status = status
        fields = dict(headers)
        self._content_type = fields.get(b"content-type", b"application/json")
        self._retry_after = fields.get(b"retry-after")
        if self._request.stream and status < _OK_BELOW and self._content_type.startswith(_EVENT_STREAM):
            self._reader = StreamReader(hides_usage=self._request.hides_usage)
            self._client.begin_stream(self._headers(None))

    def answer_piece(self, data: bytes) -> None:  # noqa: D102
        if self._first_byte_at is None:
            self._first_byte_at = time.time()
        reader = self._reader
        if reader is not None:
            if passed_on := reader.feed(data):
                self._client.stream(passed_on)
            return
        self._size += len(data)
        if self._size > self._gateway.settings.upstream.max_answer_bytes:
            self.cancel()
            self.answer_failed(AnswerBroken("The model's answer is too large."))
            return
        self._body.append(data)

    def answer_ended(self) -> None:  # noqa: D102
        if self._ended:
            return
        if self._reader is not None:
            if rest := self._reader.flush():
                self._client.stream(rest)
            self._end(self._status, self._produced(), None)
        elif self._status < _OK_BELOW:
            body = b"".join(self._body)
            self._body = [body]
            self._end(self._status, read_usage(body) or estimate_answer(self._request.asked, body), None)
        else:
            failure = upstream_refusal(self._status, b"".join(self._body), self._wire.target.credential)
            course = cast("Course", self._course)
            if self._status in _ELSEWHERE:
                course.failed()
                self._go_on(failure)
            elif failure.code == TOO_LONG:
                course.leave(0)
                self._fall_back(course.admission.permit.model.group.routing.context_window_fallbacks, failure)
            else:
                self._fail(failure)

    def answer_failed(self, error: UpstreamError) -> None:  # noqa: D102
        if self._ended:
            return
        failure = refusal_of(error)
        produced = None if self._reader is None else self._produced()
        cast("Course", self._course).failed(produced.input + produced.output if produced else 0)
        if self._reader is not None:
            self._client.stream(b"data: %b\n\n" % failure.body)
            self._end(failure.status, produced, failure.code)
        elif (self._status == 0 or self._status in _ELSEWHERE) and not isinstance(error, AnswerTimedOut):
            self._go_on(failure)
        else:
            self._fail(failure)

    # --- the end ---

    def _fail(self, failure: Refusal) -> None:
        """End a call that was sent, in vain."""
        self._status, self._body = failure.status, [failure.body]
        self._content_type = b"application/json"
        self._end(failure.status, None, failure.code)

    def _produced(self) -> Usage:
        """What the upstream has done for us so far, by its word or by our count."""
        reader = self._reader
        if reader is None:
            return estimate_stream(self._request.asked, 0)
        return reader.usage or estimate_stream(self._request.asked, reader.events)

    def _end(self, status: int, usage: Usage | None, error_code: str | None) -> None:
        self._ended = True
        self._status = status
        self._usage = usage
        course = cast("Course", self._course)  # only what has a course is sent
        self._record = record = record_of(
            course.admission,
            self._wire.target,
            self._endpoint.path,
            call_id=self.call_id,
            status=status,
            usage=usage,
            streamed=self._reader is not None,
            attempts=course.attempts,
            first_byte_at=self._first_byte_at,
            error_code=error_code,
            request_id=self._request_id,
            end_user=self._request.end_user,
        )
        if course.place is not None:
            if status < _OK_BELOW and self._first_byte_at is not None:
                course.place.state.succeeded(self._first_byte_at - self._submitted_at)
            course.leave(record.tokens)
        self._gateway.journal.append(record.line, self._recorded)

    def _recorded(self, failure: OSError | None) -> None:
        """The record is on disk, or could not be put there: settle, and let the client have its last bytes."""
        gateway, record = self._gateway, self._record
        admission = cast("Course", self._course).admission
        if failure is None:
            gateway.admissions.settle(admission, record.cost, record.tokens)
        else:
            gateway.admissions.release(admission)
            gateway.counters.journal_failures += 1
            _log.error("call %s was not answered because its record cannot be written: %s", self.call_id, failure)
        gateway.counters.count(admission.permit.model.name, self._status, self._usage, record)
        self._leave()
        if self._client is GONE:
            return
        if self._reader is not None:
            if failure is None:
                self._client.end_stream()
            else:
                self._client.break_off()
        elif failure is None:
            self._client.respond(self._status, self._headers(record.cost), self._body[0])
        else:
            error = JournalFullError("The call cannot be recorded at the moment. Try again later.")
            self._client.respond(*error_answer(error, self._request_id or self.call_id))

    def _headers(self, cost: Decimal | None) -> bytes:
        course = cast("Course", self._course)
        lines = answer_headers(
            self._content_type, self._request_id or self.call_id, self._wire.answer_lines, course.admission, cost
        )
        if course.attempts > 1:
            lines += b"x-litemaas-attempts: %d\r\n" % course.attempts
        return lines if self._retry_after is None else b"%bretry-after: %b\r\n" % (lines, self._retry_after)

    def _leave(self) -> None:
        self._gateway.counters.in_flight -= 1
        self._gateway.calls.discard(self)

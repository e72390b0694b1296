"""Leads one call from its first byte to its end: who calls, may they, and then its delivery.

No task and no await for a call that is admitted at once.
"""

import asyncio
import logging
import time

from msgspec.structs import replace

from litemaas.domain.admission import Admission
from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.keys.errors import MissingKeyError
from litemaas.domain.rights import Rights
from litemaas.domain.settlement import new_call_id
from litemaas.gateway.calls.answers import refusal_of
from litemaas.gateway.calls.attempt import Attempt
from litemaas.gateway.calls.course import Course
from litemaas.gateway.calls.delivery import Delivery
from litemaas.gateway.calls.demands import NO_DEMANDS, Demands
from litemaas.gateway.calls.interceptors import Answer, Call, Interceptor, go_through, review
from litemaas.gateway.calls.kept_files import bind_to_keeper, files_named, may_name_files
from litemaas.gateway.calls.streaming import StreamReader
from litemaas.gateway.endpoints.call_request import CallRequest, read_request
from litemaas.providers.usage import Usage

_log = logging.getLogger(__name__)


class Exchange(Delivery):
    """One call, see `Delivery`."""

    __slots__ = ()

    def begin(self, key_digest: bytes | None, path: str, body: bytes, demands: Demands = NO_DEMANDS) -> None:
        """Admit the call and send it on its way."""
        gateway = self._gateway
        gateway.calls.add(self)
        self.call_id = new_call_id(time.time())
        self._demands = demands
        try:
            if key_digest is None:
                raise MissingKeyError("No key was sent. Send it as 'Authorization: Bearer sk-…'.")
            gateway.check_open()
            rights = gateway.admissions.rights(key_digest)
            if rights.bound_to_routes:
                rights.check_route(path)
            self.request = self.read(body)
            if may_name_files(body) and (names := files_named(self.request.fields)):
                self._task = asyncio.get_running_loop().create_task(self._find_files(names, rights))
                return
            self._go_on_to_admission(rights)
        except Exception as error:  # noqa: BLE001 - the process must outlive any one call
            self._refuse(error)

    def read(self, body: bytes) -> CallRequest:
        """What is asked in `body`.

        Raises:
            BadRequestError: It cannot be understood.
        """
        return read_request(self.endpoint, body)

    async def _find_files(self, names: list[str], rights: Rights) -> None:
        """Go on if the caller keeps the files that the body names, and only to where they lie."""
        try:
            model = rights.permit(self.request.asked.model).model
            self._demands = await bind_to_keeper(self._demands, names, rights, model, self._gateway.objects)
            if not self._ended:
                self._go_on_to_admission(rights)
        except Exception as error:  # noqa: BLE001 - the process must outlive any one call
            self._refuse(error)

    def _go_on_to_admission(self, rights: Rights) -> None:
        request, context_tokens = self.request, self._demands.context_tokens
        if context_tokens:
            request.asked = replace(request.asked, input_bytes=request.asked.input_bytes + context_tokens)
        if self._gateway.interceptors and self._is_intercepted(rights):
            return
        self._admit(rights)

    def _is_intercepted(self, rights: Rights) -> bool:
        """Let those interceptors see the call, before it is admitted, whom it concerns; False if there is none."""
        permit = rights.permit(self.request.asked.model)
        chain = tuple(one for one in self._gateway.interceptors if one.applies(rights, permit))
        if chain:
            call = Call(rights, permit, self.endpoint, self.request, self.headers, self.stop)
            self._task = asyncio.get_running_loop().create_task(self._go_through(chain, call))
        return bool(chain)

    async def _go_through(self, chain: tuple[Interceptor, ...], call: Call) -> None:
        try:
            client, answer = await go_through(chain, call, self.client)
            if self._ended:
                return
            self.client, self.request, self._reviews = client, call.request, call.reviews
            if answer is None:
                self._admit(call.rights)
            else:
                if not answer.is_stream():
                    answer = answer._replace(body=await review(call.reviews, answer.body))
                free = await self._gateway.admissions.admit_free(call.rights, call.request.asked)
                if self._ended:
                    self._gateway.admissions.release(free)
                else:
                    self._pass_on(answer, free)
        except Exception as error:  # noqa: BLE001 - the process must outlive any one call
            self._refuse(error)

    def stop(self, error: LiteMaaSError) -> None:
        """End a stream that may not go on: its client is told why, and pays for what was produced."""
        attempt = self.attempt
        if self._ended or attempt is None:
            return
        produced, failure = self._produced_by(attempt), refusal_of(error)
        attempt.cancel()
        self.client.stream(b"data: %b\n\n" % failure.body)
        self._end(attempt, failure.status, produced, failure.code)

    def _pass_on(self, answer: Answer, admission: Admission) -> None:
        """End a call that an interceptor has answered: it cost nothing."""
        gateway = self._gateway
        self._course = course = Course(gateway.router, admission)
        self.attempt = attempt = Attempt(self, course, gateway.wires.of(course.first_target(), self.endpoint))
        attempt.content_type, attempt.header_lines = answer.content_type, answer.header_lines
        self._body = answer.body
        if answer.is_stream():
            attempt.reader = StreamReader(hides_usage=False)
            self.begin_stream(attempt)
            self.client.stream(answer.body)
        if not self._ended:  # a stream may have been stopped
            self._end(attempt, 200, None, None, cached=True)

    def _take(self, attempt: Attempt, usage: Usage | None) -> None:
        if self._reviews:
            self._task = asyncio.get_running_loop().create_task(self._review(attempt, usage))
        else:
            super()._take(attempt, usage)

    async def _review(self, attempt: Attempt, usage: Usage | None) -> None:
        """Let a whole answer be seen before it is told; whatever is said of it, it is paid for."""
        self._reviewed = usage
        status, code = attempt.status, None
        try:
            self._body = await review(self._reviews, self._body)
        except Exception as error:  # noqa: BLE001 - the process must outlive any one call
            if not isinstance(error, LiteMaaSError):
                _log.error("call %s could not be reviewed", self.call_id, exc_info=error)
            failure = refusal_of(error)
            attempt.content_type, self._body = b"application/json", failure.body
            status, code = failure.status, failure.code
        if not self._ended:
            self._end(attempt, status, usage, code)

    def _admit(self, rights: Rights) -> None:
        gateway = self._gateway
        admission = gateway.admissions.admit(rights, self.request.asked)
        if admission is None:
            self._task = asyncio.get_running_loop().create_task(self._admit_patiently(rights))
        else:
            self._forward(self._course_of(admission))

    def _course_of(self, admission: Admission) -> Course:
        course = Course(self._gateway.router, admission)
        if self._demands is not NO_DEMANDS:
            course.heed(self._demands)
        return course

    async def _admit_patiently(self, rights: Rights) -> None:
        admissions = self._gateway.admissions
        try:
            admission = await admissions.admit_patiently(rights, self.request.asked)
            if self._ended:
                admissions.release(admission)
            else:
                self._forward(self._course_of(admission))
        except Exception as error:  # noqa: BLE001 - the process must outlive any one call
            self._refuse(error)

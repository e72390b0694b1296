"""Spans of calls that go on: made where model servers are told whose child they are (`traceparent`).

A call's span begins with its first attempt, each attempt is a span below it, and what an upstream makes of the call is
below the attempt. That is done while the call waits, and only where the setting names the upstreams that may know.
"""

import logging
import time
from urllib.parse import urlsplit

from msgspec import Struct
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from litemaas.domain.catalog.entities import Deployment
from litemaas.gateway.calls.attempt import Attempt
from litemaas.gateway.calls.delivery import Delivery
from litemaas.gateway.telemetry.span_attributes import FAILED, operation_of, server_of
from litemaas.providers.registry import PROVIDERS

_MOST_OPEN = 10_000
_NANOSECONDS = 1_000_000_000

_log = logging.getLogger(__name__)


class _OpenCall(Struct, eq=False):
    """A call that goes on.

    Attributes:
        attempt: The one that goes on.
        attempt_span: Its.
        attempts: So far.
    """

    span: Span
    attempt: Attempt
    attempt_span: Span
    attempts: int


class AttemptSpans:
    """Makes the spans.

    Args:
        hosts: Of the model servers that are told: names, `.suffix` for all below it, or `*` for all.
    """

    def __init__(self, tracer: Tracer, propagator: TraceContextTextMapPropagator, hosts: tuple[str, ...]) -> None:
        self._tracer = tracer
        self._propagator = propagator
        self._hosts = hosts
        self._open: dict[str, _OpenCall] = {}

    def begin(self, call: Delivery, attempt: Attempt) -> str:
        """Begin the span of an attempt, and of its call if it is the first.

        Returns:
            Header lines for the upstream, each ended by CR LF; empty: it is not told.
        """
        try:
            span = self._begin(call, attempt)
            if not self._is_told(attempt.wire.target.deployment):
                return ""
            carrier: dict[str, str] = {}
            self._propagator.inject(carrier, set_span_in_context(span, Context()))
            return "".join(f"{name}: {value}\r\n" for name, value in carrier.items())
        except Exception:  # noqa: BLE001 - a call must not fail for want of a span
            _log.exception("an attempt has no span")
            return ""

    def take(self, call_id: str) -> Span | None:
        """End the last attempt of a call that has ended; returns the call's own span, which goes on."""
        known = self._open.pop(call_id, None)
        if known is None:
            return None
        _end(known)
        return known.span

    def _begin(self, call: Delivery, attempt: Attempt) -> Span:
        known = self._open.get(call.call_id)
        target, now = attempt.wire.target, time.time_ns()
        if known is None:
            span = self._tracer.start_span(
                f"{operation_of(call.endpoint.path)} {target.model}",
                self._propagator.extract(call.headers, Context()),
                SpanKind.CLIENT,
                start_time=int(attempt.course.admission.started_at * _NANOSECONDS),
            )
            number = 1
        else:
            _end(known)
            span, number = known.span, known.attempts + 1
        attributes: dict[str, str | int] = {"litemaas.deployment_id": target.deployment.id, "litemaas.attempt": number}
        attributes |= {name: value for name, value in server_of(target.deployment).items() if value is not None}
        child = self._tracer.start_span(
            "attempt", set_span_in_context(span, Context()), SpanKind.CLIENT, attributes, start_time=now
        )
        self._open[call.call_id] = _OpenCall(span, attempt, child, number)
        if len(self._open) > _MOST_OPEN:
            del self._open[next(iter(self._open))]  # a call that could not be recorded is never taken
        return child

    def _is_told(self, deployment: Deployment) -> bool:
        provider = PROVIDERS.get(deployment.provider)
        host = urlsplit(deployment.api_base or (provider and provider.api_base) or "").hostname or ""
        return any(one in {"*", host} or (one.startswith(".") and host.endswith(one)) for one in self._hosts)


def _end(call: _OpenCall) -> None:
    """End the span of the attempt that goes on, or has just ended."""
    attempt, span = call.attempt, call.attempt_span
    if attempt.status:
        span.set_attribute("http.response.status_code", attempt.status)
    if not attempt.succeeded() or not attempt.status:
        kind = str(attempt.status) if attempt.status >= FAILED else "no_answer"
        span.set_attribute("error.type", kind)
        span.set_status(Status(StatusCode.ERROR, kind))
    span.end()

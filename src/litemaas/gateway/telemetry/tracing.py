"""Traces of calls for OpenTelemetry: one span for each call that was sent to a model, as the GenAI conventions have it.

A call pays one append to a queue, at its end; a thread of its own makes spans of what the ledger's record says, and the
SDK sends them in batches. A collector that is slow or away costs spans, never calls. No prompt and no answer is in a
span: the record does not have them. What the SDK reads from the environment (`OTEL_SERVICE_NAME`,
`OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS` and so on) holds.
"""

import contextlib
import logging
import queue
import threading

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from litemaas import __version__
from litemaas.gateway.calls.delivery import Delivery
from litemaas.gateway.telemetry.attempts import AttemptSpans
from litemaas.gateway.telemetry.span_attributes import FAILED, TracedCall, attributes_of, operation_of

_MOST_WAITING = 10_000
_LAST_SPANS_SECONDS = 5.0
_NANOSECONDS = 1_000_000_000

_log = logging.getLogger(__name__)


class CallTracer:
    """An `Observer` that makes spans.

    Args:
        endpoint: Base URL of an OTLP/HTTP receiver; spans go to `/v1/traces` below it.
        told_hosts: Of the model servers that get a `traceparent`, see `AttemptSpans`.

    Attributes:
        attempts: Makes spans of attempts, for the `traceparent`; None: no model server gets one.
    """

    def __init__(self, endpoint: str, told_hosts: tuple[str, ...] = ()) -> None:
        ours = Resource({SERVICE_NAME: "litemaas", SERVICE_VERSION: __version__})
        resource = (
            Resource.create().merge(ours).merge(OTELResourceDetector().detect())
        )  # the environment's word is last
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("litemaas", __version__)
        self._propagator = TraceContextTextMapPropagator()
        self.attempts = AttemptSpans(self._tracer, self._propagator, told_hosts) if told_hosts else None
        self._waiting: queue.Queue[TracedCall | None] = queue.Queue(_MOST_WAITING)
        self._dropping = False
        self._thread = threading.Thread(target=self._work, name="tracing", daemon=True)
        self._thread.start()

    def __call__(self, call: Delivery) -> None:
        """Take note of a call that has ended; if too many wait already, it has no span."""
        attempt = call.attempt
        if attempt is None:
            return
        record = call.figures()[1]
        key = attempt.course.admission.rights.key
        span = self.attempts.take(call.call_id) if self.attempts is not None else None
        ended = TracedCall(record, call.endpoint.path, attempt.wire.target, key, call.headers, span)
        try:
            self._waiting.put_nowait(ended)
        except queue.Full:
            if not self._dropping:
                _log.warning("calls end faster than spans can be made of them: some will have none")
            self._dropping = True
        else:
            self._dropping = False

    def close(self) -> None:
        """Send the last spans, if that can be done within seconds."""
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(None)
            self._thread.join(_LAST_SPANS_SECONDS)

    def _work(self) -> None:
        while (call := self._waiting.get()) is not None:
            try:
                self._make_span(call)
            except Exception:  # noqa: BLE001 - a call without a span must not cost all others theirs
                _log.exception("a call has no span")
        self._provider.shutdown()

    def _make_span(self, call: TracedCall) -> None:
        record = call.record
        began = int(record.started_at * _NANOSECONDS)
        name = f"{operation_of(call.endpoint)} {call.target.model}"
        span = call.span
        if span is None:
            parent = self._propagator.extract(call.headers, Context())
            span = self._tracer.start_span(name, parent, SpanKind.CLIENT, attributes_of(call), start_time=began)
        else:
            span.update_name(name)  # another model may have stood in
            span.set_attributes(attributes_of(call))
        if record.status >= FAILED:
            span.set_status(Status(StatusCode.ERROR, record.error_code))
        span.end(began + record.duration_ms * (_NANOSECONDS // 1000))

"""What the hot path counts: plain integers, handed to Prometheus when it asks (`metrics`)."""

from bisect import bisect_left
from collections import defaultdict
from decimal import Decimal

from litemaas.domain.admission import Admission
from litemaas.domain.settlement import Record

LATENCY_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Upper bounds of the latency buckets, in seconds."""


_BOUNDS = [round(bound * 1000) for bound in LATENCY_BOUNDS]


class Histogram:
    """Counts by bucket, with their sum in milliseconds."""

    __slots__ = ("buckets", "sum")

    def __init__(self) -> None:
        self.buckets = [0] * (len(LATENCY_BOUNDS) + 1)
        self.sum = 0


class ModelCounters:
    """Counters of one model group."""

    __slots__ = ("cost", "duration", "first_byte", "input_tokens", "output_tokens", "statuses")

    def __init__(self) -> None:
        self.statuses: defaultdict[int, int] = defaultdict(int)
        self.input_tokens = 0
        self.output_tokens = 0
        self.cost = Decimal(0)
        self.duration = Histogram()
        self.first_byte = Histogram()


class Counters:
    """All counters of a process.

    Attributes:
        refused: Calls that were not admitted, by error code.
        above_hold: Calls that cost more than the hold that should have bounded them.
        estimated: Calls whose usage we counted ourselves.
    """

    __slots__ = ("above_hold", "estimated", "journal_failures", "models", "refused")

    def __init__(self) -> None:
        self.models: dict[str, ModelCounters] = {}
        self.refused: dict[str, int] = {}
        self.above_hold = 0
        self.estimated = 0
        self.journal_failures = 0

    def count(self, admission: Admission, record: Record) -> None:
        """Count a call that was sent upstream."""
        model = admission.permit.model.name
        counters = self.models.get(model)
        if counters is None:
            counters = self.models[model] = ModelCounters()
        counters.statuses[record.status] += 1
        milliseconds, histogram = record.duration_ms, counters.duration
        histogram.buckets[bisect_left(_BOUNDS, milliseconds)] += 1
        histogram.sum += milliseconds
        first = record.first_byte_ms
        if first is not None:
            histogram = counters.first_byte
            histogram.buckets[bisect_left(_BOUNDS, first)] += 1
            histogram.sum += first
        counters.input_tokens += record.input_tokens
        counters.output_tokens += record.output_tokens
        cost = record.cost
        if cost:
            counters.cost += cost
            if admission.holds and cost > admission.holds[0].amount:
                self.above_hold += 1
        if record.estimated:
            self.estimated += 1

    def count_refused(self, code: str | None) -> None:
        """Count a call that was not admitted."""
        code = code or "invalid_request"
        self.refused[code] = self.refused.get(code, 0) + 1

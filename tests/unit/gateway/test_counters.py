"""What is counted of calls."""

from decimal import Decimal

from litemaas.domain.settlement import Record
from litemaas.gateway.counters import LATENCY_BOUNDS, Counters
from litemaas.providers.usage import Usage


def record(cost: str, *, seconds: float = 0.2, first_byte_seconds: float | None = None) -> Record:
    return Record(Decimal(cost), 0, b"", False, seconds, first_byte_seconds)


def test_each_duration_is_counted_in_the_first_bucket_that_holds_it():
    counters = Counters()
    for seconds in (0.0, 0.01, 0.011, 300.0, 301.0):
        counters.count("a", 200, None, record("0", seconds=seconds))
    buckets = counters.models["a"].duration.buckets
    assert buckets[:2] == [2, 1]
    assert buckets[-2:] == [1, 1]
    assert sum(buckets) == 5
    assert len(buckets) == len(LATENCY_BOUNDS) + 1


def test_calls_are_counted_by_model_and_status():
    counters = Counters()
    counters.count("a", 200, Usage(3, 4), record("0.5", first_byte_seconds=0.1))
    counters.count("a", 200, Usage(1, 1, estimated=True), record("0.25"))
    counters.count("a", 502, None, record("0"))
    counters.count("b", 200, Usage(1, 1), record("1", first_byte_seconds=0.1))
    counted = counters.models["a"]
    assert counted.statuses == {200: 2, 502: 1}
    assert (counted.input_tokens, counted.output_tokens, counted.cost) == (4, 5, Decimal("0.75"))
    assert sum(counted.first_byte.buckets) == 1
    assert counters.estimated == 1


def test_refusals_are_counted_by_code():
    counters = Counters()
    for code in ("key_expired", None, "key_expired"):
        counters.count_refused(code)
    assert counters.refused == {"key_expired": 2, "invalid_request": 1}

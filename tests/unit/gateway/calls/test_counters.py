"""What is counted of calls."""

from decimal import Decimal
from threading import Thread

import pytest

from factories import served_model
from litemaas.domain.admission import Admission, Asked
from litemaas.domain.budgets.leases import Hold, Lease
from litemaas.domain.rights import Permit
from litemaas.domain.settlement import Record
from litemaas.gateway.calls.counters import LATENCY_BOUNDS, Counters


def sent(model: str = "a", held: str | None = None) -> Admission:
    """What is known of a call that was sent."""
    permit = Permit(served_model(model), (), ())
    holds = [] if held is None else [Hold(Lease("key:1"), 0, Decimal(held))]
    return Admission(None, permit, Asked(model, 1), 0, holds, 0.0)


def record(status: int = 200, cost: str = "0", *, ms: int = 200, **more: object) -> Record:
    return Record("id", 0.0, status, Decimal(cost), ms, more.pop("first_byte_ms", None), **more)


def test_each_duration_is_counted_in_the_first_bucket_that_holds_it():
    counters = Counters()
    for milliseconds in (0, 10, 11, 300_000, 301_000):
        counters.count(sent(), record(ms=milliseconds))
    buckets = counters.models()["a"].duration.buckets
    assert buckets[:2] == [2, 1]
    assert buckets[-2:] == [1, 1]
    assert sum(buckets) == 5
    assert len(buckets) == len(LATENCY_BOUNDS) + 1


def test_calls_are_counted_by_model_and_status():
    counters = Counters()
    counters.count(sent(), record(200, "0.5", first_byte_ms=100, input_tokens=3, output_tokens=4))
    counters.count(sent(), record(200, "0.25", input_tokens=1, output_tokens=1, estimated=True))
    counters.count(sent(), record(502))
    counters.count(sent("b"), record(200, "1", first_byte_ms=100))
    counted = counters.models()["a"]
    assert counted.statuses == {200: 2, 502: 1}
    assert (counted.input_tokens, counted.output_tokens, counted.cost) == (4, 5, Decimal("0.75"))
    assert sum(counted.first_byte.buckets) == 1
    assert counted.estimated == 1


@pytest.mark.parametrize(("held", "above"), [("0.2", 0), ("0.199999999999", 1), (None, 0)])
def test_a_call_above_its_hold_is_counted(held, above):
    counters = Counters()
    counters.count(sent(held=held), record(200, "0.2"))
    assert counters.above_hold == above


def test_no_call_is_lost_or_counted_twice_while_prometheus_asks_from_another_thread():
    counters, calls = Counters(), 20_000
    reader = Thread(target=lambda: [counters.models() for _ in range(300)])
    reader.start()
    for _ in range(calls):
        counters.count(sent(), record(200, "0.5", input_tokens=1))
    reader.join()
    counted = counters.models()["a"]
    assert (counted.statuses[200], counted.input_tokens, counted.cost) == (calls, calls, Decimal(calls) / 2)
    assert sum(counted.duration.buckets) == calls


def test_refusals_are_counted_by_code():
    counters = Counters()
    for code in ("key_expired", None, "key_expired"):
        counters.count_refused(code)
    assert counters.refused == {"key_expired": 2, "invalid_request": 1}

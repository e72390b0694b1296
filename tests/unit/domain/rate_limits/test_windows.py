from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from litemaas.domain.rate_limits.windows import SlidingWindow

WINDOW_MS = 60_000
MOST_LATE_MS = 100

pauses_ms = st.lists(st.integers(0, 40_000) | st.integers(0, 300), max_size=80)
limits = st.integers(1, 8)
starts_ms = st.integers(0, 10**9)


def run(start_ms: int, pauses: list[int], limit: int) -> tuple[list[int], list[int]]:
    """Offer a call after each pause; return the milliseconds at which calls passed and were refused."""
    window = SlidingWindow()
    passed, refused = [], []
    for moment in accumulate(pauses, initial=start_ms):
        window.advance(moment / 1000)
        if window.requests < limit:
            window.count(moment / 1000, 1, 7)
            passed.append(moment)
        else:
            refused.append(moment)
        assert window.tokens == 7 * window.requests
    return passed, refused


@given(starts_ms, pauses_ms, limits)
def test_no_sixty_seconds_hold_more_than_the_limit(start, pauses, limit):
    passed, _ = run(start, pauses, limit)

    for first in passed:
        assert sum(first <= moment < first + WINDOW_MS for moment in passed) <= limit


@given(starts_ms, pauses_ms, limits)
def test_a_refused_call_would_exceed_the_limit_or_waits_at_most_a_tenth_of_a_second_more(start, pauses, limit):
    passed, refused = run(start, pauses, limit)

    for moment in refused:
        counted = [one for one in passed if one <= moment and one > moment - WINDOW_MS - MOST_LATE_MS]
        assert len(counted) >= limit


@given(starts_ms, st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 50)), min_size=1, max_size=40))
def test_waiting_as_long_as_told_suffices_and_is_not_much_too_long(start, takes):
    window, now_ms, total = SlidingWindow(), start, 0
    for pause, amount in takes:
        now_ms += pause
        window.count(now_ms / 1000, 1, amount)
        total += amount
    now = now_ms / 1000

    seconds = window.seconds_until(now, "tokens", 1, total)  # full to the brim

    oldest_ms = start + takes[0][0]
    leaves_in = (oldest_ms + WINDOW_MS - now_ms) / 1000
    assert leaves_in - 1e-6 <= seconds <= leaves_in + 0.1 + 1e-6
    window.advance(now + seconds + 1e-6)
    assert window.tokens <= total - takes[0][1]


def test_what_fits_now_needs_no_waiting():
    window = SlidingWindow()
    window.count(100.0, 3, 0)

    assert window.seconds_until(100.0, "requests", 2, 5) == 0.0


def test_what_can_never_fit_waits_a_whole_window():
    window = SlidingWindow()
    window.count(100.0, 3, 0)

    assert window.seconds_until(100.0, "requests", 6, 5) == 60.0


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=3000))
def test_memory_stays_bounded_however_much_is_counted(moments_ms):
    window = SlidingWindow()
    for moment in sorted(moments_ms):
        window.advance(moment / 1000)
        window.count(moment / 1000, 1, 0)

    assert len(window._slices) <= 601


def test_the_oldest_entry_tells_when_something_leaves():
    window = SlidingWindow()
    assert window.seconds_to_free(1000.0) == 60
    window.count(1000.0, 1, 0)
    window.count(1010.0, 0, 1)

    assert 50 <= window.seconds_to_free(1010.0) <= 50.1

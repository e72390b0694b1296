from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.domain.budgets.entities import LIFETIME
from litemaas.domain.budgets.periods import after, parse_duration, window_end, window_start
from litemaas.domain.errors import InvalidInputError

durations = st.builds("{}{}".format, st.integers(1, 999_999), st.sampled_from(["s", "m", "h", "d", "w", "mo"]))
everyday = st.builds("{}{}".format, st.integers(1, 60), st.sampled_from(["s", "m", "h", "d", "w", "mo"]))
moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
SMALLEST = timedelta(microseconds=1)


@given(durations, moments)
def test_a_window_contains_its_moment_whatever_the_duration(duration, moment):
    start, end = window_start(duration, moment), window_end(duration, moment)

    assert start <= moment
    assert end is None or moment < end


@given(everyday, moments)
def test_windows_tile_time(duration, moment):
    start, end = window_start(duration, moment), window_end(duration, moment)

    assert window_start(duration, start) == start
    assert window_start(duration, end - SMALLEST) == start
    assert window_start(duration, end) == end
    assert window_end(duration, start - SMALLEST) == start


@given(everyday, moments, st.integers(-23, 23))
def test_a_window_is_the_same_in_every_time_zone(duration, moment, hours):
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))

    assert window_start(duration, elsewhere) == window_start(duration, moment)
    assert window_end(duration, elsewhere) == window_end(duration, moment)


@given(moments)
def test_thirty_days_are_a_calendar_month(moment):
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)

    assert window_start("30d", moment) == window_start("1mo", moment) == first
    assert window_end("30d", moment).day == 1


@given(moments)
def test_a_week_begins_on_monday_at_midnight(moment):
    for duration in ("7d", "1w"):
        start = window_start(duration, moment)
        assert start.weekday() == 0
        assert (start.hour, start.minute, start.second, start.microsecond) == (0, 0, 0, 0)
        assert moment - start < timedelta(days=7)


@given(moments)
def test_days_begin_at_midnight_and_hours_on_the_hour(moment):
    assert window_start("1d", moment) == moment.replace(hour=0, minute=0, second=0, microsecond=0)
    assert window_start("1h", moment) == moment.replace(minute=0, second=0, microsecond=0)


def test_a_budget_without_a_period_is_for_life():
    assert window_start(None, datetime.now(UTC)) == LIFETIME
    assert window_end(None, datetime.now(UTC)) is None


def test_a_window_that_would_end_after_the_last_year_never_ends():
    assert window_end("999999mo", datetime(2026, 11, 22, tzinfo=UTC)) is None


def test_a_year_is_a_calendar_year():
    assert window_start("12mo", datetime(2026, 11, 22, 13, tzinfo=UTC)) == datetime(2026, 1, 1, tzinfo=UTC)
    assert window_end("12mo", datetime(2026, 11, 22, 13, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "30", "d", "0d", "-1d", "1.5h", "1y", "30 d", "1d2h", "1000000d", "٣d", "1MO"])
def test_text_that_is_not_a_duration_is_refused(text):
    with pytest.raises(InvalidInputError, match="not a duration"):
        parse_duration(text)


def test_a_month_later_keeps_the_day_where_it_can():
    assert after(datetime(2027, 1, 31, 5, tzinfo=UTC), "1mo") == datetime(2027, 2, 28, 5, tzinfo=UTC)
    assert after(datetime(2027, 12, 15, tzinfo=UTC), "2mo") == datetime(2028, 2, 15, tzinfo=UTC)


@given(durations, moments)
def test_a_time_beyond_the_calendar_is_refused_with_a_sentence(duration, moment):
    try:
        later = after(moment, duration)
    except InvalidInputError as error:
        later = error.message

    assert later == f"{duration!r} reaches beyond the year 9999." or later > moment

"""Budget periods: when the current window began.

Computed from the clock whenever it is needed, so that no reset job can fail. As in LiteLLM, windows begin where people
expect them, in UTC: hours on the hour, days at midnight, weeks (`7d`, `1w`) on Monday, months (`30d`, `1mo`) on the
first. Any other length counts from 1970-01-01.
"""

import re
from datetime import UTC, datetime, timedelta

from litemaas.domain.budgets.entities import LIFETIME
from litemaas.domain.errors import InvalidInputError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_PATTERN = re.compile(r"([1-9]\d{0,5})(s|mo|m|h|d|w)")


def parse_duration(text: str) -> tuple[int, str]:
    """Split a duration such as `30d` into number and unit (`s`, `m`, `h`, `d`, `w`, `mo`).

    Raises:
        InvalidInputError: It is not one.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise InvalidInputError(f"{text!r} is not a duration. Write a number and s, m, h, d, w or mo, such as 30d.")
    return int(match[1]), match[2]


def after(moment: datetime, duration: str) -> datetime:
    """The moment one `duration` after `moment`; a month keeps the day where it can.

    Raises:
        InvalidInputError: `duration` is malformed or reaches beyond the year 9999.
    """
    number, unit = parse_duration(duration)
    try:
        if unit == "mo":
            return _plus_months(moment, number)
        return moment + timedelta(seconds=number * _SECONDS[unit])
    except (OverflowError, ValueError) as error:
        raise InvalidInputError(f"{duration!r} reaches beyond the year 9999.") from error


def window_start(duration: str | None, moment: datetime) -> datetime:
    """When the window that contains `moment` began, in UTC; `LIFETIME` without a duration."""
    if duration is None:
        return LIFETIME
    moment = moment.astimezone(UTC)
    number, unit = parse_duration(duration)
    if (number, unit) == (30, "d"):
        number, unit = 1, "mo"
    if unit == "mo":
        months = (moment.year - LIFETIME.year) * 12 + moment.month - 1
        return _plus_months(LIFETIME, months - months % number)
    length = timedelta(seconds=number * _SECONDS[unit])
    origin = _MONDAY if length % timedelta(days=7) == timedelta(0) else LIFETIME
    return moment - (moment - origin) % length


def window_end(duration: str | None, moment: datetime) -> datetime | None:
    """When the window that contains `moment` ends; None: never, or beyond the year 9999."""
    if duration is None:
        return None
    start = window_start(duration, moment)
    try:
        return after(start, "1mo" if duration.strip() == "30d" else duration)
    except InvalidInputError:
        return None


def divmod_month(months: int) -> tuple[int, int]:
    """Year and month (1 to 12) of a count of months since year 0."""
    year, month = divmod(months, 12)
    return year, month + 1


def _plus_months(moment: datetime, number: int) -> datetime:
    year, month = divmod_month(moment.year * 12 + moment.month - 1 + number)
    first_of_next = datetime(*divmod_month(year * 12 + month), 1, tzinfo=moment.tzinfo)
    last_day = (first_of_next - timedelta(days=1)).day
    return moment.replace(year=year, month=month, day=min(moment.day, last_day))

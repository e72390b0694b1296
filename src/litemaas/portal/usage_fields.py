"""Usage as it is asked for and shown."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel

from litemaas.domain.spend.usage import Series, Slice, Totals, UsageFilter
from litemaas.portal.fields import Money

_DEFAULT_DAYS = 30
_MOST_VALUES = 200

Values = Annotated[list[str] | None, Query(max_length=_MOST_VALUES)]
"""What usage is narrowed to."""


class UsageTotals(BaseModel):
    """Sums."""

    cost: Money
    requests: int
    failed_requests: int
    input_tokens: int
    output_tokens: int


class TrendPoint(UsageTotals):
    """The sums of one day."""

    day: date


class TrendSeries(BaseModel):
    """Day by day; `id` is empty for the series that folds all others."""

    id: str
    name: str
    points: list[TrendPoint]


class BreakdownRow(UsageTotals):
    """The part of the usage that belongs to one model, key or the like."""

    id: str
    name: str


def span(since: date | None, until: date | None) -> UsageFilter:
    """The days that are asked for; the last thirty if nothing is said."""
    last = until or datetime.now(UTC).date()
    return UsageFilter(since=since or last - timedelta(days=_DEFAULT_DAYS - 1), until=last)


def usage_totals(totals: Totals) -> UsageTotals:
    """Sums as they are shown."""
    return UsageTotals(**_fields(totals))


def trend_points(series: Series, wanted: UsageFilter) -> list[TrendPoint]:
    """All days of the span; those without usage show zeros."""
    days = [wanted.since + timedelta(days=number) for number in range((wanted.until - wanted.since).days + 1)]
    return [TrendPoint(day=day, **_fields(series.days.get(day, Totals()))) for day in days]


def breakdown_rows(slices: Sequence[Slice]) -> list[BreakdownRow]:
    """Slices as they are shown."""
    return [BreakdownRow(id=one.id, name=one.name, **_fields(one.totals)) for one in slices]


def _fields(totals: Totals) -> dict[str, Any]:
    return {name: getattr(totals, name) for name in Totals.__struct_fields__}

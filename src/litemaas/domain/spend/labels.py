"""Spend by label: what a cost centre, a project or a course used, day by day.

A call has the labels that its key and team had when it was made; changing them later does not change what was charged.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import add, sub
from typing import Any

from msgspec import Struct

from litemaas.domain.spend.reading import reading
from litemaas.domain.spend.usage import Series, Slice, Totals, remainder
from litemaas.storage.postgres import Pool

_SUMS = """
sum(cost) AS cost, sum(requests)::bigint AS requests, sum(failed_requests)::bigint AS failed_requests,
sum(input_tokens)::bigint AS input_tokens, sum(output_tokens)::bigint AS output_tokens
"""
_VALUES = f"""
SELECT day, value, {_SUMS} FROM daily_label_spend WHERE day BETWEEN $1 AND $2 AND name = $3 GROUP BY 1, 2
"""  # noqa: S608 - constants
_DAYS = f"""
SELECT day, {_SUMS} FROM daily_totals WHERE day BETWEEN $1 AND $2 GROUP BY 1 ORDER BY 1 DESC
"""  # noqa: S608 - constants
_CHOSEN = "day BETWEEN $1 AND $2 AND name = $3 AND ($4::text[] IS NULL OR value = ANY($4))"
_SLICES = f"""
SELECT value, {_SUMS} FROM daily_label_spend WHERE {_CHOSEN} GROUP BY 1 ORDER BY sum(cost) DESC, 1
"""  # noqa: S608 - constants
_SLICED_DAYS = f"""
SELECT day, value, {_SUMS} FROM daily_label_spend WHERE {_CHOSEN} GROUP BY 1, 2 ORDER BY 1
"""  # noqa: S608 - constants
_CHOSEN_DAYS = f"""
SELECT day, {_SUMS} FROM daily_label_spend WHERE {_CHOSEN} GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - constants
_NAMES = "SELECT DISTINCT name FROM daily_label_spend WHERE day BETWEEN $1 AND $2 ORDER BY 1"
_SERIES = 5


class LabelledDay(Struct, frozen=True):
    """What all calls of a day used, and what those with the label used, by its value."""

    day: date
    total: Totals
    by_value: Mapping[str, Totals]


class LabelUsage(Struct, frozen=True):
    """What a span used, told apart by a label.

    Attributes:
        slices: By value, the dearest first.
        unlabelled: What has no value of the label.
        series: Day by day: the five dearest values, and under an empty id what is left.
    """

    total: Totals
    slices: list[Slice]
    unlabelled: Totals
    series: list[Series]


class LabelReports:
    """Questions about spend by label. Days are UTC and both ends are in."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def days(self, name: str, first: date, last: date) -> list[LabelledDay]:
        """What each day used, told apart by the label `name`; the latest day first, days without calls left out."""
        async with reading(self._pool) as connection:
            days = await connection.fetch(_DAYS, first, last)
            values = await connection.fetch(_VALUES, first, last, name)
        by_day: dict[date, dict[str, Totals]] = {row["day"]: {} for row in days}
        for row in values:
            by_day.setdefault(row["day"], {})[row["value"]] = _totals(row)
        return [LabelledDay(row["day"], _totals(row), by_day[row["day"]]) for row in days]

    async def usage(self, name: str, first: date, last: date, values: Sequence[str] | None = None) -> LabelUsage:
        """What calls used, told apart by the label `name`; with `values` only those calls that have one of them."""
        chosen = (first, last, name)
        async with reading(self._pool) as connection:
            slices = [
                Slice(row["value"], row["value"], _totals(row))
                for row in await connection.fetch(_SLICES, *chosen, values)
            ]
            days = (
                await connection.fetch(_DAYS, first, last)
                if values is None
                else await connection.fetch(_CHOSEN_DAYS, *chosen, values)
            )
            top = [one.id for one in slices[:_SERIES]]
            dearest = await connection.fetch(_SLICED_DAYS, *chosen, top)
        whole = Series("", "", {row["day"]: _totals(row) for row in days})
        series = [Series(one, one, {row["day"]: _totals(row) for row in dearest if row["value"] == one}) for one in top]
        rest = remainder(whole, series)
        total = _sum(whole.days.values())
        return LabelUsage(
            total=total,
            slices=slices,
            unlabelled=_combined(total, _sum(one.totals for one in slices), sub),
            series=[*series, rest] if rest.days else series,
        )

    async def names(self, first: date, last: date) -> list[str]:
        """The labels that calls of this time had."""
        async with reading(self._pool) as connection:
            return [row["name"] for row in await connection.fetch(_NAMES, first, last)]


def _sum(parts: Iterable[Totals]) -> Totals:
    return reduce(lambda one, other: _combined(one, other, add), parts, Totals())


def _combined(one: Totals, other: Totals, how: Callable[[Any, Any], Any]) -> Totals:
    return Totals(**{name: how(getattr(one, name), getattr(other, name)) for name in Totals.__struct_fields__})


def _totals(row: Any) -> Totals:
    return Totals(**{name: row[name] for name in Totals.__struct_fields__})

"""Spend by label: what a cost centre, a project or a course used, day by day.

A call has the labels that its key and team had when it was made; changing them later does not change what was charged.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from litemaas.domain.spend.usage import Slice, Totals
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
_SPAN = f"""
SELECT value, {_SUMS} FROM daily_label_spend WHERE day BETWEEN $1 AND $2 AND name = $3
GROUP BY 1 ORDER BY sum(cost) DESC, 1
"""  # noqa: S608 - constants
_NAMES = "SELECT DISTINCT name FROM daily_label_spend WHERE day BETWEEN $1 AND $2 ORDER BY 1"


class LabelledDay(Struct, frozen=True):
    """What all calls of a day used, and what those with the label used, by its value."""

    day: date
    total: Totals
    by_value: Mapping[str, Totals]


class LabelReports:
    """Questions about spend by label. Days are UTC and both ends are in."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def days(self, name: str, first: date, last: date) -> list[LabelledDay]:
        """What each day used, told apart by the label `name`; the latest day first, days without calls left out."""
        async with self._pool.acquire() as connection:
            days = await connection.fetch(_DAYS, first, last)
            values = await connection.fetch(_VALUES, first, last, name)
        by_day: dict[date, dict[str, Totals]] = {row["day"]: {} for row in days}
        for row in values:
            by_day.setdefault(row["day"], {})[row["value"]] = _totals(row)
        return [LabelledDay(row["day"], _totals(row), by_day[row["day"]]) for row in days]

    async def by_value(self, name: str, first: date, last: date) -> list[Slice]:
        """What calls with the label `name` used, by its value, the dearest first."""
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_SPAN, first, last, name)
        return [Slice(row["value"], row["value"], _totals(row)) for row in rows]

    async def names(self, first: date, last: date) -> list[str]:
        """The labels that calls of this time had."""
        async with self._pool.acquire() as connection:
            return [row["name"] for row in await connection.fetch(_NAMES, first, last)]


def _totals(row: Any) -> Totals:
    return Totals(**{name: row[name] for name in Totals.__struct_fields__})

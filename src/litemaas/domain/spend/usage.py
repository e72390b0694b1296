"""Usage as people look at it: totals, trends and who used what, from the daily rollups alone.

The rollups are small where the ledger is long, so that a page of figures costs milliseconds however many calls there
were. All days are UTC.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from litemaas.domain.errors import InvalidInputError
from litemaas.domain.spend.reading import reading
from litemaas.domain.spend.rollups import OWNERS
from litemaas.storage.postgres import Connection, Pool

Dimension = Literal["model", "key", "provider", "endpoint", "user", "team"]
"""What usage can be told apart by."""

_COLUMNS: Mapping[Dimension, str] = {
    "model": "d.model",
    "key": "d.key_id",
    "provider": "d.provider",
    "endpoint": "d.endpoint",
    "user": "d.user_id",
    "team": "d.team_id",
}
_MOST_DAYS = 366
_SERIES = 5
_WEEK = 7
_DAY = timedelta(days=1)

_SUMS = """
COALESCE(sum(d.cost), 0) AS cost, COALESCE(sum(d.requests), 0)::bigint AS requests,
COALESCE(sum(d.failed_requests), 0)::bigint AS failed_requests,
COALESCE(sum(d.input_tokens), 0)::bigint AS input_tokens, COALESCE(sum(d.output_tokens), 0)::bigint AS output_tokens
"""

_FILTERS: Mapping[Dimension, str] = {
    "user": "users",
    "team": "teams",
    "key": "keys",
    "model": "models",
    "provider": "providers",
}
"""The fields of `UsageFilter`, by the dimension of which they choose."""

_NAMES = {
    "key": "SELECT id::text AS id, COALESCE(alias, '…' || key_hint) AS name FROM keys WHERE id::text = ANY($1)",
    "user": "SELECT id, COALESCE(alias, email, id) AS name FROM users WHERE id = ANY($1)",
    "team": "SELECT id, COALESCE(alias, id) AS name FROM teams WHERE id = ANY($1)",
}

# $1, $2: the first and the last day; $3, $4: the first and the last Monday of whole weeks; $5: the day before those
# weeks; $6: the day after them. Three spans put together, not one condition with OR: each is a range of an index then.
_OWNED = "id, provider, requests, failed_requests, input_tokens, output_tokens, cost"
_OWNERS_BY_DAY = "owner_totals d WHERE d.days = 1 AND d.day BETWEEN $1 AND $2 AND d.kind = "
_OWNERS_BY_WEEK = f"""(
SELECT kind, {_OWNED} FROM owner_totals WHERE days = 7 AND day BETWEEN $3 AND $4
UNION ALL SELECT kind, {_OWNED} FROM owner_totals WHERE days = 1 AND day BETWEEN $1 AND $5
UNION ALL SELECT kind, {_OWNED} FROM owner_totals WHERE days = 1 AND day BETWEEN $6 AND $2
) d WHERE d.kind = """  # noqa: S608 - constants
_SPENT = """
key_id, user_id, team_id, model, provider, endpoint, requests, failed_requests, input_tokens, output_tokens, cost
"""
_SPEND_BY_WEEK = f"""(
SELECT {_SPENT} FROM weekly_spend WHERE week BETWEEN $3 AND $4
UNION ALL SELECT {_SPENT} FROM daily_spend WHERE day BETWEEN $1 AND $5
UNION ALL SELECT {_SPENT} FROM daily_spend WHERE day BETWEEN $6 AND $2
) d WHERE true"""  # noqa: S608 - constants

_BREAKDOWN_SORTS = ("cost", "requests", "failed_requests", "input_tokens", "output_tokens", "id")


class UsageFilter(Struct, frozen=True, kw_only=True):
    """Which usage; None: all.

    Attributes:
        since: First day.
        until: Last day.
        keys: Ids of keys.
    """

    since: date
    until: date
    users: list[str] | None = None
    teams: list[str] | None = None
    keys: list[str] | None = None
    models: list[str] | None = None
    providers: list[str] | None = None

    def check(self) -> None:
        """Refuse a span that is none.

        Raises:
            InvalidInputError: It ends before it begins, or is longer than a year.
        """
        if not timedelta(0) <= self.until - self.since < timedelta(days=_MOST_DAYS):
            raise InvalidInputError("until must lie between since and a year after it.", param="until")

    @property
    def before(self) -> "UsageFilter":
        """The same for the span of the same length that ends the day before."""
        days = self.until - self.since + timedelta(days=1)
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return UsageFilter(**{**fields, "since": self.since - days, "until": self.until - days})


class Totals(Struct, frozen=True, kw_only=True):
    """Sums; cost in US dollars."""

    cost: Decimal = Decimal(0)
    requests: int = 0
    failed_requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Slice(Struct, frozen=True):
    """The part of the usage that belongs to one model, key, …; `id` and `name` are empty where it belongs to none."""

    id: str
    name: str
    totals: Totals


class Series(Struct, frozen=True):
    """Usage day by day; `id` is empty for the series that folds those which have none of their own."""

    id: str
    name: str
    days: dict[date, Totals]


class UsageReports:
    """Questions about usage."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def totals(self, wanted: UsageFilter) -> Totals:
        """The sums of all."""
        source = _source(wanted, day_by_day=False)
        async with reading(self._pool) as connection:
            return _totals(await connection.fetchrow(f"SELECT {_SUMS} {source.rows}", *source.parameters))

    async def trend(self, wanted: UsageFilter, dimension: Dimension | None = None) -> list[Series]:
        """Usage day by day: one series, or the five dearest of a dimension and one for the others.

        The others are what is left of the whole, so that nobody has to add them up.
        """
        whole = _source(wanted)
        async with reading(self._pool) as connection:
            rows = await connection.fetch(
                f"SELECT d.day, '' AS id, {_SUMS} {whole.rows} GROUP BY d.day ORDER BY d.day", *whole.parameters
            )
            everything = _series("", "", rows)
            if dimension is None:
                return [everything]
            top = await self._top(connection, wanted, dimension)
            column, filtered, parameters = _source(wanted, dimension)
            rows = await connection.fetch(
                f"SELECT d.day, {column} AS id, {_SUMS} {filtered} AND {column} = ANY(${len(parameters) + 1})"
                " GROUP BY 1, 2 ORDER BY 1",
                *parameters,
                top,
            )
            names = await _names(connection, dimension, top)
        series = [_series(one, names.get(one, one), rows) for one in top]
        others = remainder(everything, series)
        return [*series, others] if others.days else series

    async def breakdown(
        self,
        wanted: UsageFilter,
        dimension: Dimension,
        *,
        sort_by: str = "cost",
        descending: bool = True,
        limit: int,
        offset: int = 0,
    ) -> tuple[list[Slice], int]:
        """One page of the usage by a dimension, and how many slices there are.

        Raises:
            InvalidInputError: Slices cannot be sorted by `sort_by`.
        """
        if sort_by not in _BREAKDOWN_SORTS:
            raise InvalidInputError(f"sort must be one of {', '.join(_BREAKDOWN_SORTS)}.", param="sort")
        direction = "DESC" if descending else "ASC"
        column, filtered, parameters = _source(wanted, dimension, day_by_day=False)
        async with reading(self._pool) as connection:
            rows = await connection.fetch(
                f"SELECT {column} AS id, {_SUMS}, count(*) OVER () AS total {filtered}"
                f" GROUP BY 1 ORDER BY {sort_by} {direction}, 1"
                f" LIMIT ${len(parameters) + 1} OFFSET ${len(parameters) + 2}",
                *parameters,
                limit,
                offset,
            )
            names = await _names(connection, dimension, [row["id"] for row in rows])
        slices = [Slice(row["id"], names.get(row["id"], row["id"]), _totals(row)) for row in rows]
        return slices, rows[0]["total"] if rows else 0

    async def requests_by_key(self, key_ids: Sequence[str], today: date, days: int) -> dict[str, list[int]]:
        """How many calls keys made on each of the last `days`, the oldest first."""
        first = today - timedelta(days=days - 1)
        counts = {key: [0] * days for key in key_ids}
        async with reading(self._pool) as connection:
            for row in await connection.fetch(
                "SELECT id, day, sum(requests)::bigint AS requests FROM owner_totals"
                " WHERE kind = 'key' AND days = 1 AND day BETWEEN $2 AND $3 AND id = ANY($1) GROUP BY 1, 2",
                key_ids,
                first,
                today,
            ):
                counts[row["id"]][(row["day"] - first).days] = row["requests"]
        return counts

    async def _top(self, connection: Connection, wanted: UsageFilter, dimension: Dimension) -> list[str]:
        column, filtered, parameters = _source(wanted, dimension, day_by_day=False)
        rows = await connection.fetch(
            f"SELECT {column} AS id {filtered} AND {column} <> '' GROUP BY 1"
            f" ORDER BY sum(d.cost) DESC, sum(d.requests) DESC, 1 LIMIT {_SERIES}",
            *parameters,
        )
        return [row["id"] for row in rows]


class _Source(NamedTuple):
    """Where usage is read.

    Attributes:
        column: What it is told apart by.
        rows: `FROM` and `WHERE`.
        parameters: Theirs.
    """

    column: str
    rows: str
    parameters: list[Any]


def _source(wanted: UsageFilter, dimension: Dimension | None = None, *, day_by_day: bool = True) -> _Source:
    """The smallest rollup that can answer, with only the conditions that are asked for, so that an index serves them.

    Where nobody in particular is asked about, the totals answer, which are few; where one kind of owner is, its own.
    Unless the days are told apart, a row stands for each whole week.
    """
    wanted.check()
    columns = dict(_COLUMNS)
    asked: set[Dimension] = {one for one, name in _FILTERS.items() if getattr(wanted, name) is not None}
    parameters: list[Any] = [wanted.since, wanted.until]
    weeks = None if day_by_day else _whole_weeks(wanted)
    around = (weeks[0] - _DAY, weeks[1] + timedelta(days=_WEEK)) if weeks else ()
    named = asked | {dimension} if dimension else asked
    owners = named.intersection(OWNERS)
    if not owners:
        source = "daily_totals d WHERE d.day BETWEEN $1 AND $2"
    elif len(owners) == 1 and named - owners <= {"provider"}:
        (owner,) = owners
        columns[owner] = "d.id"
        source = f"{_OWNERS_BY_WEEK if weeks else _OWNERS_BY_DAY}'{owner}'"
        parameters += [*(weeks or ()), *around]
    else:
        source = _SPEND_BY_WEEK if weeks else "daily_spend d WHERE d.day BETWEEN $1 AND $2"
        parameters += [*(weeks or ()), *around]
    for one, name in _FILTERS.items():
        if one in asked:
            parameters.append(getattr(wanted, name))
            source += f" AND {columns[one]} = ANY(${len(parameters)})"
    return _Source(columns[dimension] if dimension else "''", f"FROM {source}", parameters)


def _whole_weeks(wanted: UsageFilter) -> tuple[date, date] | None:
    """The first and the last Monday of the weeks that lie within the span; None if none does."""
    first = wanted.since + timedelta(days=-wanted.since.weekday() % _WEEK)
    last = wanted.until + _DAY - timedelta(days=(wanted.until.weekday() + 1) % _WEEK + _WEEK)
    return (first, last) if first <= last else None


async def _names(connection: Connection, dimension: str, ids: Sequence[str]) -> dict[str, str]:
    query = _NAMES.get(dimension)
    if query is None or not ids:
        return {}
    return {row["id"]: row["name"] for row in await connection.fetch(query, ids)}


def _series(one: str, name: str, rows: Sequence[Any]) -> Series:
    return Series(one, name, {row["day"]: _totals(row) for row in rows if row["id"] == one})


def remainder(whole: Series, parts: Sequence[Series]) -> Series:
    """What is left of each day of the whole; days of which nothing is are left out."""
    days = {}
    for day, totals in whole.days.items():
        left = {
            name: getattr(totals, name) - sum(getattr(part.days[day], name) for part in parts if day in part.days)
            for name in Totals.__struct_fields__
        }
        if any(left.values()):
            days[day] = Totals(**left)
    return Series("", "", days)


def _totals(row: Any) -> Totals:
    return Totals(**{name: row[name] for name in Totals.__struct_fields__})

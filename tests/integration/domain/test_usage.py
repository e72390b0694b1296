from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from litemaas.domain.spend.usage import Dimension, Series, UsageFilter, UsageReports
from litemaas.storage.postgres import Pool
from support.ledger import book

FIRST = date(2026, 10, 28)  # a Wednesday
DAYS = 26
COSTS = {"ada": Decimal("0.5"), "bob": Decimal("0.25"), "": Decimal("0.125")}


@pytest.fixture
async def reports(pool: Pool) -> UsageReports:
    """Ada calls each day, Bob each other day, and somebody without a user each third."""
    for number, (step, (user, cost)) in product(range(DAYS), enumerate(COSTS.items(), start=1)):
        if number % step == 0:
            moment = datetime(2026, 10, 28, 12, tzinfo=UTC) + timedelta(days=number)
            await book(pool, moment, str(cost), user_id=user or None)
    return UsageReports(pool)


def expected(since: int, until: int) -> dict[str, Decimal]:
    """What each should have spent from the day `since` to the day `until`."""
    sums = {
        user: cost * sum(number % step == 0 for number in range(since, until + 1))
        for step, (user, cost) in enumerate(COSTS.items(), start=1)
    }
    return {user: cost for user, cost in sums.items() if cost}


def span(since: int, until: int, **chosen: list[str]) -> UsageFilter:
    return UsageFilter(since=FIRST + timedelta(days=since), until=FIRST + timedelta(days=until), **chosen)


async def test_who_used_how_much_is_the_same_whatever_weeks_a_span_has(reports: UsageReports):
    for since, length in product(range(8), (1, 5, 6, 7, 8, 12, 13, 14, 18)):
        until = since + length - 1
        slices, count = await reports.breakdown(span(since, until), "user", limit=10)
        assert {one.id: one.totals.cost for one in slices} == expected(since, until)
        assert count == len(expected(since, until))


async def test_a_filter_on_the_same_dimension_narrows_it(reports: UsageReports):
    slices, _ = await reports.breakdown(span(0, 20, users=["bob"]), "user", limit=10)
    assert [(one.id, one.totals.cost) for one in slices] == [("bob", expected(0, 20)["bob"])]
    slices, _ = await reports.breakdown(span(0, 20, models=["granite"]), "user", limit=10)
    assert {one.id: one.totals.cost for one in slices} == expected(0, 20)


@pytest.mark.parametrize(
    ("dimension", "chosen"),
    [
        ("user", {"models": ["granite"]}),
        ("user", {"providers": ["openai"]}),
        ("model", {"users": ["ada"]}),
        ("key", {"users": ["ada"], "models": ["granite"]}),
        ("provider", {"users": ["bob"], "providers": ["openai"]}),
    ],
)
async def test_whole_weeks_add_up_to_their_days_whatever_is_asked(
    reports: UsageReports, dimension: Dimension, chosen: dict[str, list[str]]
):
    for since, length in product(range(7), (6, 7, 8, 13, 20)):
        wanted = span(since, since + length - 1, **chosen)
        slices, _ = await reports.breakdown(wanted, dimension, limit=10)
        (days,) = await reports.trend(wanted)
        assert sum(one.totals.cost for one in slices) == cost_of(days) == (await reports.totals(wanted)).cost > 0


def cost_of(series: Series) -> Decimal:
    return sum((totals.cost for totals in series.days.values()), Decimal(0))


async def test_a_trend_by_user_shows_the_dearest_and_folds_the_others(reports: UsageReports, pool: Pool):
    series = await reports.trend(span(0, 20), "user")
    assert [(one.id, cost_of(one)) for one in series] == [(user, expected(0, 20)[user]) for user in ("ada", "bob", "")]
    assert len(series[0].days) == 21
    for number in range(5):
        await book(pool, datetime(2026, 10, 29, tzinfo=UTC), "99", user_id=f"rich-{number}")
    series = await reports.trend(span(0, 20), "user")
    assert [one.id for one in series] == [f"rich-{number}" for number in range(5)] + [""]
    assert cost_of(series[-1]) == sum(expected(0, 20).values())


async def test_a_trend_without_others_has_no_series_for_them(reports: UsageReports):
    series = await reports.trend(span(1, 1), "user")
    assert [one.id for one in series] == ["ada"]

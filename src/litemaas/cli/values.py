"""Kinds of values that options take. Each refuses what it cannot use with a sentence that shows what it wants."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

import click

_DAYS = re.compile(r"(\d{1,4})d")


class Dollars(click.ParamType[Decimal]):
    """An amount of money, exact, not negative."""

    name = "DOLLARS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Return the amount; the command line fails where there is none."""
        try:
            amount = Decimal(value)
        except InvalidOperation:
            self.fail(f"{value} is no amount of dollars: write a number such as 0.15.", param, ctx)
        if not amount.is_finite() or amount < 0:
            self.fail(f"{value} is no amount of dollars: write a number such as 0.15, at least 0.", param, ctx)
        return amount


class Day(click.ParamType[dt.date]):
    """A day as ISO 8601 writes it."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the day; the command line fails where there is none."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no day: write one such as 2026-11-01.", param, ctx)


class Since(click.ParamType[dt.date]):
    """A day, or how many days ago it was."""

    name = "DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the day; the command line fails where there is none."""
        if isinstance(value, dt.date):
            return value
        if match := _DAYS.fullmatch(value):
            return today() - dt.timedelta(days=int(match[1]))
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is neither a day such as 2026-11-01 nor a number of days such as 7d.", param, ctx)


class Label(click.ParamType[tuple[str, str]]):
    """A label's name and value."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return both; the command line fails where one is missing."""
        name, sign, text = str(value).partition("=")
        if not (name and sign and text):
            self.fail(f"{value} is no label: write NAME=VALUE, such as cost_centre=4711.", param, ctx)
        return name, text


def today() -> dt.date:
    """The day it is now, in UTC, as the ledger counts days."""
    return dt.datetime.now(dt.UTC).date()

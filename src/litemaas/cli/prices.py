"""Prices as options of commands: tokens and characters per million, as people compare them, all else each."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import click

from litemaas.cli.values import Dollars

_Command = TypeVar("_Command", bound=Callable[..., Any])
_MILLION = Decimal(1_000_000)


class _Unit(NamedTuple):
    """What is paid for: LiteLLM's name of its price, and of how many the option says it."""

    field: str
    help: str
    many: Decimal = Decimal(1)


_UNITS: dict[str, _Unit] = {
    "input_price": _Unit("input_cost_per_token", "Per million input tokens.", _MILLION),
    "output_price": _Unit("output_cost_per_token", "Per million output tokens.", _MILLION),
    "cached_input_price": _Unit("cache_read_input_token_cost", "Per million cached input tokens.", _MILLION),
    "request_price": _Unit("input_cost_per_request", "Per request."),
    "image_price": _Unit("output_cost_per_image", "Per image made."),
    "input_image_price": _Unit("input_cost_per_image", "Per image of a prompt."),
    "second_price": _Unit("input_cost_per_second", "Per second of audio heard."),
    "character_price": _Unit("input_cost_per_character", "Per million characters spoken.", _MILLION),
    "search_price": _Unit("input_cost_per_query", "Per search unit of a reranker."),
}


def price_options(command: _Command) -> _Command:
    """Give a command an option for each price."""
    for name, unit in reversed(_UNITS.items()):
        option = "--" + name.replace("_", "-")
        command = click.option(option, name, type=Dollars(), help=unit.help)(command)
    return command


def prices_given(given: Mapping[str, Any]) -> dict[str, str]:
    """The prices that were given as options, exact, per unit, by LiteLLM's names."""
    return {unit.field: f"{given[name] / unit.many:f}" for name, unit in _UNITS.items() if given.get(name) is not None}


def prices_text(row: Mapping[str, Any]) -> str:
    """The prices of a row of the management API, as its options would say them; those of nothing are left out."""
    amounts = {name: Decimal(str(row[unit.field])) * unit.many for name, unit in _UNITS.items() if row[unit.field]}
    return ", ".join(f"{name.removesuffix('_price')} {amount.normalize():f}" for name, amount in amounts.items())

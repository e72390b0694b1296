"""What commands print: tables for people, JSON for machines, money that nobody has to guess at."""

import sys
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

from litemaas.cli.errors import CommandError

_CENT = Decimal("0.01")
_ANY_WIDTH = 100_000  # a pipe has no width: nothing is cut off


class Column(NamedTuple):
    """A column of a table; numbers stand on the right."""

    title: str
    is_number: bool = False


def print_json(value: Any) -> None:
    """Print `value` as indented JSON; a `Decimal` becomes a number with all its digits."""
    import msgspec  # noqa: PLC0415 - `up` draws nothing and should not carry it

    encoded = msgspec.json.Encoder(decimal_format="number").encode(value)
    print(msgspec.json.format(encoded, indent=2).decode())


def print_table(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], *, totals: Sequence[str] = (), nothing: str
) -> None:
    """Print a table, or the sentence `nothing` on standard error if there are no rows.

    Args:
        columns: One for each cell of a row.
        rows: The cells; what could control a terminal in them is not passed on. A column of empty texts is left out.
        totals: A last row under a line.
        nothing: What to say to an empty table.
    """
    if not rows:
        print(nothing, file=sys.stderr)
        return
    from rich import box  # noqa: PLC0415 - loading rich takes longer than most commands
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    shown = [place for place, column in enumerate(columns) if column.is_number or any(row[place] for row in rows)]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, show_footer=bool(totals))
    footers = totals or [""] * len(columns)
    for place in shown:
        column, footer = columns[place], footers[place]
        table.add_column(
            column.title,
            Text(footer, style="bold"),
            justify="right" if column.is_number else "left",
            overflow="fold",
            no_wrap=column.is_number,
        )
    for row in rows:
        table.add_row(*(Text(printable(row[place])) for place in shown))
    console = Console(width=None if sys.stdout.isatty() else _ANY_WIDTH, highlight=False)
    console.print(table)


def printable(text: str) -> str:
    """Return `text` without what could control a terminal: names come from upstreams and other people."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def number(value: Any) -> Decimal:
    """Return a JSON number (or None) as an exact amount.

    Raises:
        CommandError: It is not a number.
    """
    if value is None:
        return Decimal(0)
    if isinstance(value, int | Decimal):
        return Decimal(value)
    raise CommandError("LiteMaaS answered with something else than a number: use the `litemaas` of its version.")


def money(amount: Decimal) -> str:
    """Return dollars to the cent; less than a cent is shown exactly, so that a first call's cost is not `$0.00`."""
    if amount == 0 or abs(amount) >= _CENT:
        return f"${amount.quantize(_CENT, ROUND_HALF_EVEN):,}"
    return f"${amount.normalize():f}"


def count(amount: Decimal) -> str:
    """Return a whole number with thousands separated."""
    return f"{int(amount):,}"

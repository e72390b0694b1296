"""`litemaas ledger`: what it holds, its calls as a file, its rollups made anew."""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.options import calls_litemaas, json_option
from litemaas.cli.output import Column, count, money, number, print_json, print_table
from litemaas.cli.values import Day
from litemaas.cli.waiting import waiting

_DAYS_AT_ONCE = 7
_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_STEP = 1024  # as PostgreSQL itself counts sizes


@click.group()
def ledger() -> None:
    """The record of all calls. Its size, its calls as a file, its rollups."""


@ledger.command("status")
@json_option
@calls_litemaas
def show_status(client: Client, *, as_json: bool) -> None:
    """Show the months that the ledger holds, and their sizes."""
    status = client.get("/ledger/status")
    if as_json:
        print_json(status)
        return
    columns = [Column("Month"), Column("Calls (estimated)", is_number=True), Column("Size", is_number=True)]
    rows = [[row["month"][:7], count(number(row["calls"])), _size(row["bytes"])] for row in status["partitions"]]
    totals = ["Total", count(number(status["calls"])), _size(status["bytes"])]
    print_table(columns, rows, totals=totals, nothing="The ledger has no partition yet.")
    kept = status["months_kept"]
    print(f"\nRollups: {_size(status['rollup_bytes'])}. ", end="")
    print(f"Calls are kept for {kept} whole months." if kept else "Calls are kept for ever (LITEMAAS_LEDGER_MONTHS=0).")


@ledger.command("rebuild")
@click.option("--from", "first", type=Day(), required=True, help="First day, UTC.")
@click.option("--to", "last", type=Day(), required=True, help="Last day, UTC.")
@json_option
@calls_litemaas
def rebuild(client: Client, *, first: dt.date, last: dt.date, as_json: bool) -> None:
    """Make daily sums anew from single calls. Sums that an import brought stay as they are."""
    if last < first:
        raise click.UsageError("--to must not be before --from.")
    days: list[dict[str, Any]] = []
    for begin, end in _pieces(first, last):
        with waiting(f"Rebuilding {begin} to {end}…"):
            days += client.post("/ledger/rebuild", {"first_day": f"{begin}", "last_day": f"{end}"})["days"]
    if as_json:
        print_json(days)
        return
    changed = [day for day in days if day["changed"]]
    columns = [Column("Day"), *(Column(title, is_number=True) for title in ("Calls", "before", "Spend", "before"))]
    rows = [
        [
            day["day"],
            *(count(number(day[name])) for name in ("requests", "requests_before")),
            *(money(number(day[name])) for name in ("cost", "cost_before")),
        ]
        for day in changed
    ]
    if rows:
        print_table(columns, rows, nothing="")
    print(f"Rebuilt {len(days)} days; {len(changed) or 'none'} had been wrong.")


@ledger.command("export")
@click.option("--format", "kind", type=click.Choice(("csv", "jsonl")), default="csv", help="CSV, or JSON lines.")
@click.option("--from", "first", type=Day(), help="First day, UTC; left out: from the beginning.")
@click.option("--to", "last", type=Day(), help="Last day, UTC; left out: to the end.")
@click.option("--user", "user_id", metavar="ID", help="Only calls of this user.")
@click.option("--team", "team_id", metavar="ID", help="Only calls of this team.")
@click.option("--model", metavar="NAME", help="Only calls of this model.")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="A file; left out: the terminal.")
@calls_litemaas
def export(
    client: Client,
    /,
    *,
    kind: str,
    first: dt.date | None,
    last: dt.date | None,
    output: Path | None,
    **chosen: str | None,
) -> None:
    """Write single calls, the oldest first. Millions of them need no memory."""
    query: dict[str, str | int] = {"format": kind}
    query |= {name: f"{day}" for name, day in (("start_date", first), ("end_date", last)) if day}
    query |= {name: value for name, value in chosen.items() if value}
    pieces = client.download("/ledger/export", query)
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        return
    unfinished = output.with_name(f"{output.name}.part")
    with waiting(f"Writing {output}…"), unfinished.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    unfinished.replace(output)
    print(f"Wrote {output} ({_size(output.stat().st_size)}).", file=sys.stderr)


def _pieces(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    while first <= last:
        end = min(first + dt.timedelta(days=_DAYS_AT_ONCE - 1), last)
        yield first, end
        first = end + dt.timedelta(days=1)


def _size(octets: int) -> str:
    size, unit = float(octets), 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size, unit = size / _STEP, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{octets} {_UNITS[0]}"

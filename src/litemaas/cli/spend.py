"""`litemaas spend`: what was spent, by whom, on what, and when."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import click

from litemaas.cli.client import Client
from litemaas.cli.options import calls_litemaas, json_option
from litemaas.cli.output import Column, count, money, number, print_json, print_table
from litemaas.cli.values import Since, today
from litemaas.cli.waiting import waiting

_PAGE_SIZE = 1000
_NOBODY = "(none)"


class _Grouping(NamedTuple):
    """Where the API keeps the sums of one kind."""

    path: str
    breakdown: str | None


_USERS, _TEAMS = "/user/daily/activity", "/team/daily/activity"
_GROUPINGS = {
    "key": _Grouping(_USERS, "api_keys"),
    "user": _Grouping(_USERS, "entities"),
    "team": _Grouping(_TEAMS, "entities"),
    "model": _Grouping(_USERS, "models"),
    "day": _Grouping(_USERS, None),
    "label": _Grouping("/label/daily/activity", "entities"),
}
_METRICS = {
    "Requests": "api_requests",
    "Failed": "failed_requests",
    "Input tokens": "prompt_tokens",
    "Output tokens": "completion_tokens",
}


@click.command()
@click.option("--by", type=click.Choice(tuple(_GROUPINGS)), default="key", help="What one line is.")
@click.option("--label", metavar="NAME", help="With --by label: which one's values, such as cost_centre.")
@click.option("--since", type=Since(), default="30d", help="First day (UTC), or how many days ago it was.")
@json_option
@calls_litemaas
def spend(client: Client, *, by: str, label: str | None, since: dt.date, as_json: bool) -> None:
    """Show what was spent. The most expensive come first; a total comes last."""
    if (by == "label") != (label is not None):
        raise click.UsageError("--by label and --label NAME belong together.")
    grouping = _GROUPINGS[by]
    sums: dict[str, dict[str, Decimal]] = {}
    names: dict[str, str] = {}
    total = _no_sums()
    with waiting("Adding up…"):
        for day in _days(client, grouping.path, since, label):
            _add(total, day["metrics"])
            for name, group in _groups(day, grouping.breakdown):
                _add(sums.setdefault(name, _no_sums()), group["metrics"])
                names[name] = _shown(name, group.get("metadata") or {})
    rest = _rest(total, sums.values())
    if any(rest.values()):
        sums[""], names[""] = rest, _NOBODY
    if as_json:
        rows = [{by: name, "name": names[name]} | metrics for name, metrics in sums.items()]
        print_json({"since": since, "by": by, "rows": rows, "total": total})
        return
    order = sorted(sums) if by == "day" else sorted(sums, key=lambda name: sums[name]["spend"], reverse=True)
    columns = [Column(by.capitalize()), *(Column(title, is_number=True) for title in (*_METRICS, "Spend"))]
    print_table(
        columns,
        [[names[name], *_cells(sums[name])] for name in order],
        totals=["Total", *_cells(total)] if sums else (),
        nothing=f"Nothing was spent since {since}.",
    )


def _days(client: Client, path: str, since: dt.date, label: str | None) -> Iterator[dict[str, Any]]:
    """Yield the days of all pages; a day that lies on two pages comes twice, each time with a part of its sums."""
    page, has_more = 1, True
    while has_more:
        query: dict[str, str | int] = {
            "start_date": f"{since}",
            "end_date": f"{today()}",
            "page": page,
            "page_size": _PAGE_SIZE,
        }
        if label is not None:
            query["label"] = label
        answer = client.get(path, query)
        yield from answer["results"]
        page, has_more = page + 1, bool(answer["metadata"]["has_more"])


def _groups(day: dict[str, Any], breakdown: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    if breakdown is None:
        yield day["date"], day
    else:
        yield from day["breakdown"][breakdown].items()


def _no_sums() -> dict[str, Decimal]:
    return dict.fromkeys((*_METRICS.values(), "spend"), Decimal(0))


def _add(sums: dict[str, Decimal], metrics: dict[str, Any]) -> None:
    for metric in sums:
        sums[metric] += number(metrics.get(metric))


def _rest(total: dict[str, Decimal], sums: Iterable[dict[str, Decimal]]) -> dict[str, Decimal]:
    """Return what is in no group: spend without a user or a team."""
    rest = dict(total)
    for metrics in sums:
        for metric, amount in metrics.items():
            rest[metric] -= amount
    return rest


def _shown(name: str, about: dict[str, Any]) -> str:
    return str(about.get("key_alias") or about.get("key_name") or name)


def _cells(metrics: dict[str, Decimal]) -> list[str]:
    return [*(count(metrics[metric]) for metric in _METRICS.values()), money(metrics["spend"])]

"""`litemaas key`: the life of virtual keys."""

import sys
from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.key_fields import LIMITS, fields_given, key_options
from litemaas.cli.key_names import find_hash, key_argument, shown_name
from litemaas.cli.options import calls_litemaas, json_option, yes_option
from litemaas.cli.output import Column, money, number, print_json, print_table
from litemaas.cli.paging import all_pages
from litemaas.cli.values import Label

_MONEY = {"spend", "total_spend", "max_budget", "soft_budget"}


@click.group()
def key() -> None:
    """Virtual keys. KEY is an alias, or a hash or its beginning; - reads the key's text from standard input."""


@key.command("issue")
@key_options
@click.option(
    "--label",
    "labels",
    type=Label(),
    multiple=True,
    help="Reaches the record of every call; may be repeated.",
)
@json_option
@calls_litemaas
def issue_key(client: Client, /, *, as_json: bool, labels: tuple[tuple[str, str], ...], **given: Any) -> None:
    """Issue a key. Standard output gets its text alone, which is never shown again.

    Without a model it may call all that its owner may; without a limit it has none, and it never expires.
    """
    asked = fields_given(given)
    if labels:
        asked["metadata"] = {"labels": dict(labels)}
    _print_issued(client.post("/key/generate", asked), as_json=as_json)


@key.command("update")
@key_argument
@key_options
@click.option(
    "--unlimited", type=click.Choice(tuple(LIMITS)), multiple=True, help="Free it of this limit; may be repeated."
)
@json_option
@calls_litemaas
def update_key(client: Client, /, name: str, *, unlimited: tuple[str, ...], as_json: bool, **given: Any) -> None:
    """Change a key. What is left out stays; models that are named replace those it had."""
    freed = dict.fromkeys(LIMITS[limit] for limit in unlimited)
    changes = fields_given(given)
    if not changes.keys().isdisjoint(freed):
        raise click.UsageError("A limit cannot be set and taken away at once.")
    if not (changes or freed):
        raise click.UsageError("Say what to change, such as --max-budget 10.")
    changed = client.post("/key/update", {"key": find_hash(client, name)} | changes | freed)
    if as_json:
        print_json(changed)
    else:
        print("Changed.")


@key.command("list")
@click.option("--user", "user_id", metavar="ID", help="Only keys of this user.")
@click.option("--team", "team_id", metavar="ID", help="Only keys of this team.")
@json_option
@calls_litemaas
def list_keys(client: Client, *, user_id: str | None, team_id: str | None, as_json: bool) -> None:
    """List keys."""
    wanted = {name: value for name, value in (("user_id", user_id), ("team_id", team_id)) if value is not None}
    rows = list(
        all_pages(client, "/key/list", wanted | {"return_full_object": "true"}, rows="keys", size_parameter="size")
    )
    if as_json:
        print_json(rows)
        return
    columns = [
        *(Column(title) for title in ("Key", "Ends with", "User", "Team", "Models", "State", "Expires")),
        Column("Spend", is_number=True),
        Column("Budget", is_number=True),
    ]
    print_table(columns, [_cells(row) for row in rows], nothing="No keys yet: issue one with `litemaas key issue`.")


@key.command("info")
@key_argument
@json_option
@calls_litemaas
def show_key(client: Client, name: str, *, as_json: bool) -> None:
    """Show one key: what it may do and what it has spent."""
    answer = client.get("/key/info", {"key": find_hash(client, name)})
    if as_json:
        print_json(answer)
        return
    facts = {field: value for field, value in answer["info"].items() if value not in (None, [], {}, "")}
    rows = [[field, money(number(value)) if field in _MONEY else _text(value)] for field, value in facts.items()]
    print_table([Column("Field"), Column("Value")], rows, nothing="LiteMaaS knows nothing of this key.")


@key.command("block")
@key_argument
@calls_litemaas
def block_key(client: Client, name: str) -> None:
    """Refuse all calls with a key until it is unblocked."""
    client.post("/key/block", {"key": find_hash(client, name)})
    print("Blocked.")


@key.command("unblock")
@key_argument
@calls_litemaas
def unblock_key(client: Client, name: str) -> None:
    """Let a blocked key call again."""
    client.post("/key/unblock", {"key": find_hash(client, name)})
    print("Unblocked.")


@key.command("rotate")
@key_argument
@click.option("--grace-period", metavar="PERIOD", help="How long the old text goes on working, such as 24h.")
@json_option
@calls_litemaas
def rotate_key(client: Client, name: str, *, grace_period: str | None, as_json: bool) -> None:
    """Give a key a new text. Standard output gets it alone; it is never shown again."""
    body = {"key": find_hash(client, name)} | ({"grace_period": grace_period} if grace_period else {})
    _print_issued(client.post("/key/regenerate", body), as_json=as_json)


@key.command("revoke")
@key_argument
@yes_option
@calls_litemaas
def revoke_key(client: Client, name: str, *, confirmed: bool) -> None:
    """Revoke a key for good; its spend stays on record."""
    key_hash = find_hash(client, name)
    if not confirmed:
        click.confirm(f"Revoke {name}?", abort=True, err=True)
    client.post("/key/delete", {"keys": [key_hash]})
    print("Revoked.")


def _print_issued(issued: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(issued)
        return
    print(issued["key"])
    print("Keep it now: it is not shown again.", file=sys.stderr)


def _cells(row: dict[str, Any]) -> list[str]:
    budget = row.get("max_budget")
    return [
        shown_name(row),
        str(row.get("key_name") or "")[-4:],
        row.get("user_id") or "",
        row.get("team_id") or "",
        ", ".join(row.get("models") or ()) or "none",
        "blocked" if row.get("blocked") else str(row.get("status") or "active"),
        str(row.get("expires") or ""),
        money(number(row.get("spend"))),
        "" if budget is None else money(number(budget)),
    ]


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

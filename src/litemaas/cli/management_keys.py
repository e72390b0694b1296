"""`litemaas management-key`: credentials of automation for the management API."""

import sys
from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.options import calls_litemaas, json_option, yes_option
from litemaas.cli.output import Column, print_json, print_table
from litemaas.domain.management_keys.entities import Scope


@click.group("management-key")
def management_key() -> None:
    """Keys with which automation manages LiteMaaS. Each has scopes, and an end if you give it one."""


@management_key.command("issue")
@click.argument("name")
@click.option(
    "--scope",
    "-s",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    metavar="SCOPE",
    multiple=True,
    required=True,
    help="What it may do, such as keys:write; may be repeated; * is everything.",
)
@click.option("--duration", metavar="PERIOD", help="When it expires, such as 90d; left out: never.")
@json_option
@calls_litemaas
def issue_management_key(
    client: Client, *, name: str, scopes: tuple[str, ...], duration: str | None, as_json: bool
) -> None:
    """Issue a management key called NAME. Standard output gets its text alone, which is never shown again."""
    body = {"name": name, "scopes": list(scopes)} | ({"duration": duration} if duration else {})
    issued = client.post("/management_key/issue", body)
    if as_json:
        print_json(issued)
        return
    print(issued["key"])
    print("Keep it now: it is not shown again. Programs take it where they take the master key.", file=sys.stderr)


@management_key.command("list")
@json_option
@calls_litemaas
def list_management_keys(client: Client, *, as_json: bool) -> None:
    """List the management keys that are not revoked."""
    answer = client.get("/management_key/list")
    if as_json:
        print_json(answer)
        return
    columns = [Column(title) for title in ("Name", "Ends with", "Scopes", "Expires", "Last used", "Issued by")]
    rows = [_cells(row) for row in answer["management_keys"]]
    print_table(columns, rows, nothing="No management keys: issue one with `litemaas management-key issue`.")


@management_key.command("revoke")
@click.argument("name")
@yes_option
@calls_litemaas
def revoke_management_key(client: Client, *, name: str, confirmed: bool) -> None:
    """Revoke the management key called NAME for good."""
    if not confirmed:
        click.confirm(f"Revoke {name}?", abort=True, err=True)
    client.post("/management_key/revoke", {"name": name})
    print("Revoked.")


def _cells(row: dict[str, Any]) -> list[str]:
    return [
        row["name"],
        row["ends_with"],
        ", ".join(row["scopes"]),
        row["expires_at"] or "never",
        row["last_used_at"] or "never",
        row["created_by"],
    ]

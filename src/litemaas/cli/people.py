"""`litemaas user` and `litemaas team`."""

from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.options import calls_litemaas, json_option, yes_option
from litemaas.cli.output import Column, count, money, number, print_json, print_table
from litemaas.cli.paging import all_pages

_MONEY = (Column("Spend", is_number=True), Column("Budget", is_number=True))


@click.group()
def user() -> None:
    """People."""


@click.group()
def team() -> None:
    """Teams, which share models and budgets."""


@user.command("list")
@json_option
@calls_litemaas
def list_users(client: Client, *, as_json: bool) -> None:
    """List users."""
    rows = list(all_pages(client, "/user/list", {}, rows="users", size_parameter="page_size"))
    if as_json:
        print_json(rows)
        return
    columns = [*(Column(title) for title in ("ID", "E-mail", "Role")), Column("Keys", is_number=True), *_MONEY]
    cells = [
        [
            row["user_id"],
            row.get("user_email") or "",
            row.get("user_role") or "",
            count(number(row.get("key_count"))),
            *_money(row),
        ]
        for row in rows
    ]
    print_table(columns, cells, nothing="No users yet: one appears with the first key issued to it.")


@user.command("link")
@click.argument("user_id", metavar="USER")
@click.option("--login-of", required=True, metavar="ID", help="The user who came into being at the first login there.")
@yes_option
@calls_litemaas
def link_login(client: Client, *, user_id: str, login_of: str, confirmed: bool) -> None:
    """Let a login enter as USER from now on.

    For people who come from another identity provider or cluster now.
    """
    if not confirmed:
        click.confirm(f"Let whoever logs in as {login_of} be {user_id}?", abort=True, err=True)
    client.post("/user/link_login", {"user_id": user_id, "login_of": login_of})
    print("Linked.")


@team.command("list")
@json_option
@calls_litemaas
def list_teams(client: Client, *, as_json: bool) -> None:
    """List teams."""
    rows = client.get("/team/list")
    if as_json:
        print_json(rows)
        return
    columns = [*(Column(title) for title in ("ID", "Alias", "Models")), Column("Members", is_number=True), *_MONEY]
    cells = [
        [
            row["team_id"],
            row.get("team_alias") or "",
            ", ".join(row.get("models") or ()) or "none",
            count(number(len(row.get("members_with_roles") or ()))),
            *_money(row),
        ]
        for row in rows
    ]
    print_table(columns, cells, nothing="No teams yet: add one in the web UI, or with POST /team/new.")


def _money(row: dict[str, Any]) -> tuple[str, str]:
    budget = row.get("max_budget")
    return money(number(row.get("spend"))), "" if budget is None else money(number(budget))

"""`litemaas notice-channel`: where notices go."""

from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.errors import CommandError
from litemaas.cli.options import calls_litemaas, json_option, yes_option
from litemaas.cli.output import Column, print_json, print_table, printable
from litemaas.cli.secret_input import read_secret, read_secret_from_input
from litemaas.cli.waiting import waiting

_KINDS = ("webhook", "slack", "teams", "email")
_ALL = "all"


@click.group("notice-channel")
def notice_channel() -> None:
    """Where notices go. They tell of spent budgets, expiring keys, deployments that do not answer."""


@notice_channel.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="What the other end understands.")
@click.option("--address", help="Of a webhook whose address is no secret.")
@click.option("--address-stdin", is_flag=True, help="Read the webhook's address from standard input.")
@click.option("--address-env", metavar="NAME", help="Read the webhook's address from this variable.")
@click.option(
    "--event", "events", multiple=True, metavar="EVENT", help="What goes through it; may be repeated; left out: all."
)
@click.option("--smtp-host", "host", metavar="HOST", help="The mail server.")
@click.option("--smtp-port", "port", type=click.IntRange(1, 65535), default=587, help="Its port.")
@click.option(
    "--smtp-security",
    "security",
    type=click.Choice(("starttls", "tls", "none")),
    default="starttls",
    help="How the connection to it is encrypted.",
)
@click.option("--smtp-username", "username", metavar="NAME", help="Our name at the mail server.")
@click.option("--smtp-password-env", "password_env", metavar="NAME", help="Read our password there from this variable.")
@click.option("--from", "sender", metavar="ADDRESS", help="Who the mail is from.")
@click.option("--to", "recipients", multiple=True, metavar="ADDRESS", help="Who gets the mail; may be repeated.")
@click.option("--link-local", is_flag=True, help="Let it lead to link-local and metadata addresses.")
@json_option
@calls_litemaas
def add_channel(client: Client, /, name: str, *, kind: str, events: tuple[str, ...], **given: Any) -> None:
    """Add the channel NAME. For a webhook standard output gets the key of its signatures, never shown again."""
    body: dict[str, Any] = {"name": name, "kind": kind, "link_local": given["link_local"]}
    if events:
        body["events"] = list(events)
    if kind == "email":
        body["mail"] = _mail(given)
    else:
        body["url"] = _url(given)
    added = client.post("/notice_channel/new", body)
    if given["as_json"]:
        print_json(added)
        return
    if added["signing_key"]:
        print(added["signing_key"])
    click.echo(f"Added {name}. Try it with `litemaas notice-channel test {name}`.", err=True)


@notice_channel.command("list")
@json_option
@calls_litemaas
def list_channels(client: Client, *, as_json: bool) -> None:
    """List the channels."""
    answer = client.get("/notice_channel/list")
    if as_json:
        print_json(answer)
        return
    columns = [Column(title) for title in ("Name", "Kind", "Leads to", "Events", "Added by")]
    rows = [
        [row["name"], row["kind"], row["place"], ", ".join(row["events"] or [_ALL]), row["created_by"] or ""]
        for row in answer["channels"]
    ]
    print_table(columns, rows, nothing="No channels: add one with `litemaas notice-channel add`.")


@notice_channel.command("test")
@click.argument("name")
@calls_litemaas
def test_channel(client: Client, *, name: str) -> None:
    """Send a message through the channel NAME now."""
    with waiting(f"Sending through {name}…"):
        answer = client.post("/notice_channel/test", {"name": name})
    if not answer["sent"]:
        raise CommandError(f"Nothing goes through {name}: {answer['error']}")
    print("Sent.")


@notice_channel.command("remove")
@click.argument("name")
@yes_option
@calls_litemaas
def remove_channel(client: Client, *, name: str, confirmed: bool) -> None:
    """Remove the channel NAME, with what waits for it."""
    if not confirmed:
        click.confirm(f"Remove {name}?", abort=True, err=True)
    client.post("/notice_channel/delete", {"name": name})
    print(f"Removed {name}.")


@notice_channel.command("history")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, help="How many, the latest first.")
@json_option
@calls_litemaas
def show_history(client: Client, *, limit: int, as_json: bool) -> None:
    """Show the latest notices, and what became of each."""
    answer = client.get("/notice/list", {"limit": limit})
    if as_json:
        print_json(answer)
        return
    columns = [Column(title) for title in ("At", "Event", "What happened", "Sent through")]
    rows = [[row["at"][:19], row["event"], row["message"], _way(row["deliveries"])] for row in answer["notices"]]
    print_table(columns, rows, nothing="There were no notices.")


def _url(given: dict[str, Any]) -> str:
    plain = given["address"]
    if plain and (given["address_stdin"] or given["address_env"]):
        raise click.UsageError("--address, --address-stdin and --address-env exclude each other.")
    secret = read_secret("Address", "address", from_input=given["address_stdin"], variable=given["address_env"])
    return str(plain or secret or read_secret_from_input("Address"))


def _mail(given: dict[str, Any]) -> dict[str, Any]:
    needed = {"--smtp-host": given["host"], "--from": given["sender"], "--to": given["recipients"]}
    if missing := [option for option, value in needed.items() if not value]:
        raise click.UsageError(f"A channel of the kind email needs {' and '.join(missing)}.")
    mail = {name: given[name] for name in ("host", "port", "security", "username", "sender")}
    password = read_secret("Password", "smtp-password", from_input=False, variable=given["password_env"])
    return mail | {"recipients": list(given["recipients"]), "password": password}


def _way(deliveries: list[dict[str, Any]]) -> str:
    return printable(
        ", ".join(
            one["channel"]
            if one["state"] == "sent"
            else f"{one['channel']} ({one['state']}: {one['last_error'] or 'soon'})"
            for one in deliveries
        )
    )

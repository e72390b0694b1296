"""`litemaas guardrail`: what may not be said to a model, or by one."""

from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.key_names import find_hash
from litemaas.cli.options import calls_litemaas, json_option, yes_option
from litemaas.cli.output import Column, print_json, print_table, printable

_KINDS = ("pattern", "secrets", "personal_data")
_ACTIONS = ("block", "mask", "log")
_SIDES = ("input", "output")


@click.group("guardrail")
def guardrail() -> None:
    """What may not be said to a model, or by one. Patterns, secrets, personal data."""


@guardrail.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="What it looks for.")
@click.option("--action", type=click.Choice(_ACTIONS), default="block", help="What it does about it.")
@click.option("--side", "sides", type=click.Choice(_SIDES), multiple=True, help="Where; left out: on both sides.")
@click.option("--pattern", "patterns", multiple=True, metavar="REGEX", help="In RE2's syntax; may be repeated.")
@click.option("--entity", "entities", multiple=True, help="Personal data, such as EMAIL_ADDRESS; may be repeated.")
@click.option("--all", "for_all", is_flag=True, help="Guard all calls; else it guards whom it is bound to.")
@json_option
@calls_litemaas
def add_guardrail(client: Client, /, *, name: str, as_json: bool, **given: Any) -> None:
    """Add the guardrail NAME."""
    body = {"name": name} | {field: list(v) if isinstance(v, tuple) else v for field, v in given.items()}
    if not body["sides"]:
        del body["sides"]
    added = client.post("/guardrail/new", body)
    if as_json:
        print_json(added)
        return
    click.echo(
        f"Added {name}. It guards all calls."
        if added["for_all"]
        else f"Added {name}. It guards nobody yet: `litemaas guardrail bind {name} --model …`."
    )


@guardrail.command("update")
@click.argument("name")
@click.option("--action", type=click.Choice(_ACTIONS), help="What it does about it.")
@click.option("--side", "sides", type=click.Choice(_SIDES), multiple=True, help="Where.")
@click.option(
    "--pattern", "patterns", multiple=True, metavar="REGEX", help="All that it has from now on; may be repeated."
)
@click.option("--entity", "entities", multiple=True, help="All that it has from now on; may be repeated.")
@click.option("--all/--bound", "for_all", default=None, help="Guard all calls, or only whom it is bound to.")
@calls_litemaas
def update_guardrail(client: Client, /, *, name: str, **given: Any) -> None:
    """Change the guardrail NAME. What is left out stays."""
    changes = {field: list(v) if isinstance(v, tuple) else v for field, v in given.items() if v not in {None, ()}}
    if not changes:
        raise click.UsageError("Say what to change, such as --action mask.")
    client.post("/guardrail/update", {"name": name} | changes)
    print("Changed.")


@guardrail.command("list")
@json_option
@calls_litemaas
def list_guardrails(client: Client, *, as_json: bool) -> None:
    """List the guardrails."""
    answer = client.get("/guardrail/list")
    if as_json:
        print_json(answer)
        return
    columns = [Column(title) for title in ("Name", "Looks for", "Does", "On", "Guards")]
    rows = [
        [row["name"], _looks_for(row), row["action"], ", ".join(row["sides"]), _guards(row)]
        for row in answer["guardrails"]
    ]
    print_table(columns, rows, nothing="No guardrails: add one with `litemaas guardrail add`.")


@guardrail.command("test")
@click.argument("name")
@click.argument("text", type=click.File(), default="-")
@json_option
@calls_litemaas
def test_guardrail(client: Client, *, name: str, text: Any, as_json: bool) -> None:
    """Show what the guardrail NAME finds in a text. TEXT is a file; left out: standard input."""
    answer = client.post("/guardrail/test", {"name": name, "text": text.read()})
    if as_json:
        print_json(answer)
        return
    print(printable(answer["masked"].rstrip("\n")))
    click.echo(f"Found {len(answer['findings'])}.", err=True)


def _whom(command: Any) -> Any:
    """The options that name whose calls are guarded."""
    for option in (
        click.option("--key", metavar="KEY", help="A key's alias or hash, or - to read its text."),
        click.option("--team", metavar="ID", help="A team's id."),
        click.option("--model", metavar="NAME", help="A model's public name."),
    ):
        command = option(command)
    return command


@guardrail.command("bind")
@click.argument("name")
@_whom
@calls_litemaas
def bind_guardrail(client: Client, *, name: str, key: str | None, team: str | None, model: str | None) -> None:
    """Have the guardrail NAME guard a key, a team or a model."""
    client.post("/guardrail/bind", {"name": name, **_holder(client, key, team, model)})
    print("Bound.")


@guardrail.command("unbind")
@click.argument("name")
@_whom
@calls_litemaas
def unbind_guardrail(client: Client, *, name: str, key: str | None, team: str | None, model: str | None) -> None:
    """Undo a binding of the guardrail NAME."""
    client.post("/guardrail/unbind", {"name": name, **_holder(client, key, team, model)})
    print("Unbound.")


@guardrail.command("remove")
@click.argument("name")
@yes_option
@calls_litemaas
def remove_guardrail(client: Client, *, name: str, confirmed: bool) -> None:
    """Remove the guardrail NAME. What it kept from passing passes then."""
    if not confirmed:
        click.confirm(f"Remove {name}?", abort=True, err=True)
    client.post("/guardrail/delete", {"name": name})
    print(f"Removed {name}.")


def _holder(client: Client, key: str | None, team: str | None, model: str | None) -> dict[str, str]:
    named = {holder: name for holder, name in (("key", key), ("team", team), ("model", model)) if name is not None}
    if len(named) != 1:
        raise click.UsageError("Name one of --key, --team and --model.")
    ((holder, name),) = named.items()
    return {"holder": holder, "id": find_hash(client, name) if holder == "key" else name}


def _looks_for(row: dict[str, Any]) -> str:
    return ", ".join(row["patterns"] or row["entities"] or [row["kind"].replace("_", " ")])


def _guards(row: dict[str, Any]) -> str:
    if row["for_all"]:
        return "all calls"
    return ", ".join(f"{one['holder']} {one['key_alias'] or one['id']}" for one in row["bindings"]) or "nobody yet"

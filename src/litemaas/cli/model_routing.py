"""`litemaas model route`: how a model's calls are spread, and who stands in for it."""

from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.model_names import deployments_of
from litemaas.cli.options import calls_litemaas, json_option
from litemaas.cli.output import Column, print_json, print_table
from litemaas.domain.catalog.entities import MOST_ALLOWED_FAILS, MOST_COOLDOWN_SECONDS, MOST_RETRIES
from litemaas.domain.routing.choosing import STRATEGIES

_STAND_INS = ("fallbacks", "context_window_fallbacks")


@click.command("route")
@click.argument("name")
@click.option("--strategy", type=click.Choice(tuple(STRATEGIES)), help="Which deployment gets a call.")
@click.option(
    "--retries", type=click.IntRange(0, MOST_RETRIES), help="How many further deployments a failed call goes to."
)
@click.option(
    "--fallback", "fallbacks", multiple=True, metavar="MODEL", help="Stands in when they failed; may be repeated."
)
@click.option(
    "--long-prompt-fallback",
    "context_window_fallbacks",
    multiple=True,
    metavar="MODEL",
    help="Stands in when a prompt is too long; may be repeated.",
)
@click.option("--no-fallback", is_flag=True, help="No model stands in any more.")
@click.option(
    "--allowed-fails",
    type=click.IntRange(0, MOST_ALLOWED_FAILS),
    help="Failures in a minute before a deployment rests.",
)
@click.option(
    "--cooldown",
    "cooldown_seconds",
    type=click.FloatRange(0, MOST_COOLDOWN_SECONDS),
    metavar="SECONDS",
    help="How long it rests then.",
)
@json_option
@calls_litemaas
def route_model(client: Client, /, name: str, *, no_fallback: bool, as_json: bool, **given: Any) -> None:
    """Show or change where calls to the model NAME go. What is left out stays; without options nothing changes."""
    changes = {field: list(v) if isinstance(v, tuple) else v for field, v in given.items() if v not in (None, ())}
    if no_fallback:
        if not changes.keys().isdisjoint(_STAND_INS):
            raise click.UsageError("--no-fallback and models that stand in exclude each other.")
        changes |= dict.fromkeys(_STAND_INS)
    row = deployments_of(client, name)[0]
    if changes:
        body = {"model_info": {"id": row["model_info"]["id"], "routing": changes}}
        row = client.post("/model/update", body)
    routing = row["model_info"]["routing"]
    if as_json:
        print_json(routing)
        return
    cells = [[field.replace("_", " "), _text(value)] for field, value in routing.items()]
    print_table([Column("Routing"), Column(row["model_name"])], cells, nothing="")


def _text(value: Any) -> str:
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)

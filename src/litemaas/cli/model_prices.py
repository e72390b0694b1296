"""`litemaas price`: what models cost, now and from a later day on."""

from datetime import UTC, date, datetime, time
from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.options import calls_litemaas, json_option
from litemaas.cli.output import Column, print_json, print_table
from litemaas.cli.prices import price_options, prices_given, prices_text
from litemaas.cli.values import Day


@click.group()
def price() -> None:
    """Prices of models, also ahead of time. Days begin at midnight UTC."""


@price.command("set")
@click.argument("name")
@price_options
@click.option("--from", "begins", type=Day(), help="First day; left out: from now on.")
@calls_litemaas
def set_price(client: Client, /, name: str, *, begins: date | None, **given: Any) -> None:
    """Set what the model NAME costs. Prices that are not named stay as they are."""
    prices = prices_given(given)
    if not prices:
        raise click.UsageError("Name at least one price, such as --input-price 0.15.")
    when = {"effective_from": _midnight(begins)} if begins else {}
    client.post("/model/prices", {"model_name": name, **prices, **when})
    print(f"{name} costs that from {begins} on." if begins else f"{name} costs that from now on.")


@price.command("list")
@json_option
@calls_litemaas
def list_prices(client: Client, *, as_json: bool) -> None:
    """List prices that are not in force yet."""
    rows = client.get("/model/prices/coming")["data"]
    if as_json:
        print_json(rows)
        return
    cells = [[row["effective_from"], row["model_name"], prices_text(row)] for row in rows]
    print_table([Column("From"), Column("Model"), Column("Prices")], cells, nothing="No price changes later.")


@price.command("cancel")
@click.argument("name")
@click.option("--from", "begins", type=Day(), required=True, help="Its first day.")
@calls_litemaas
def cancel_price(client: Client, name: str, *, begins: date) -> None:
    """Take back coming prices of the model NAME."""
    client.post("/model/prices/cancel", {"model_name": name, "effective_from": _midnight(begins)})
    print("Taken back.")


def _midnight(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat()

"""Prices for models that come without: a source that knows list prices by itself need not have written them down."""

from collections.abc import AsyncIterator, Iterable

from msgspec import to_builtins

from litemaas.domain.budgets.entities import LIFETIME
from litemaas.domain.moving.entities import Bundle, Chunk, Row
from litemaas.domain.pricing.defaults import default_price
from litemaas.storage.postgres import Connection


async def with_list_prices(connection: Connection, bundle: Bundle) -> AsyncIterator[Chunk]:
    """Go through the chunks, and after the last price tell list prices of new deployments that have none."""
    unpriced: dict[str, Row] = {}
    for chunk in bundle.chunks:
        if chunk.table == "deployments" and bundle.wants_list_prices:
            unpriced |= await _new(connection, chunk.rows)
        elif chunk.table == "prices":
            for row in chunk.rows:
                unpriced.pop(row["deployment_id"], None)
        elif unpriced:
            yield Chunk("prices", await _listed(unpriced.values()))
            unpriced = {}
        yield chunk
    if unpriced:
        yield Chunk("prices", await _listed(unpriced.values()))


async def _new(connection: Connection, rows: list[Row]) -> dict[str, Row]:
    present = await connection.fetch("SELECT id FROM deployments WHERE id = ANY($1)", [row["id"] for row in rows])
    known = {row["id"] for row in present}
    return {row["id"]: row for row in rows if row["id"] not in known}


async def _listed(rows: Iterable[Row]) -> list[Row]:
    found = [await default_price(row["id"], *_listed_name(row), LIFETIME) for row in rows]
    return [
        {name: value for name, value in to_builtins(price).items() if value is not None} for price in found if price
    ]


def _listed_name(row: Row) -> tuple[str, str]:
    """Provider and model under which a price list has a deployment: those of `base_model`, if the source names one."""
    base = str(row["metadata"].get("base_model") or row["upstream_model"])
    provider, slash, model = base.partition("/")
    return (provider, model) if slash and row["metadata"].get("base_model") else (row["provider"], base)

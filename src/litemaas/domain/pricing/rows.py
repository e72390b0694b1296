"""SQL of single prices."""

from datetime import datetime

from msgspec.structs import astuple

from litemaas.domain.pricing.entities import Price
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row

_COLUMNS = Price.__struct_fields__


async def add_price(connection: Connection, price: Price) -> None:
    """Store a price; one from the same moment is replaced."""
    await connection.execute(
        "DELETE FROM prices WHERE deployment_id = $1 AND effective_from = $2", price.deployment_id, price.effective_from
    )
    await connection.execute(insert_row("prices", _COLUMNS), *astuple(price))


async def current_price(connection: Connection, deployment_id: str, moment: datetime) -> Price | None:
    """The price in force at `moment`."""
    row = await connection.fetchrow(
        "SELECT * FROM prices WHERE deployment_id = $1 AND effective_from <= $2 ORDER BY effective_from DESC LIMIT 1",
        deployment_id,
        moment,
    )
    return Price(**row) if row else None


async def drop_price(connection: Connection, deployment_id: str, effective_from: datetime) -> Price | None:
    """Delete the price that begins at a moment, and return it; None if there is none."""
    row = await connection.fetchrow(
        "DELETE FROM prices WHERE deployment_id = $1 AND effective_from = $2 RETURNING *", deployment_id, effective_from
    )
    return Price(**row) if row else None


async def coming_prices(connection: Connection, moment: datetime) -> list[Price]:
    """Prices that begin after `moment`, the next first."""
    rows = await connection.fetch(
        "SELECT * FROM prices WHERE effective_from > $1 ORDER BY effective_from, deployment_id", moment
    )
    return [Price(**row) for row in rows]

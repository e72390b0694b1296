"""SQL of the prices of one deployment."""

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

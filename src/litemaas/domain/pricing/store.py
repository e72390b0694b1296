"""SQL of prices."""

from collections import defaultdict

from litemaas.domain.pricing.entities import Price
from litemaas.storage.postgres import Connection


async def load_prices(connection: Connection) -> dict[str, list[Price]]:
    """All prices by deployment, in ascending order of `effective_from`."""
    prices: dict[str, list[Price]] = defaultdict(list)
    for row in await connection.fetch("SELECT * FROM prices ORDER BY deployment_id, effective_from"):
        prices[row["deployment_id"]].append(Price(**row))
    return prices

"""Setting what a model costs from a moment on, for all its deployments at once."""

from datetime import UTC, datetime

from msgspec.structs import asdict

from litemaas.domain.access.errors import UnknownModelError
from litemaas.domain.administration.patches import Patch
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.catalog import rows
from litemaas.domain.catalog.store import load_deployments
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.pricing.entities import Price
from litemaas.domain.pricing.rows import add_price
from litemaas.storage.postgres import Pool


class PriceService:
    """Prices."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def change(self, actor: Actor, name: str, prices: Patch, effective_from: datetime | None) -> None:
        """Let the model of this public name cost `prices` per unit, by field of `Price`, from a moment on.

        Raises:
            UnknownModelError: There is no such model.
            InvalidInputError: The moment is over: calls were charged at the price of then.
        """
        now = datetime.now(UTC)
        begins = effective_from or now
        if begins < now:
            raise InvalidInputError("A price cannot begin in the past.", param="effective_from")
        values = {field: amount for field, amount in prices.items() if amount is not None}
        async with self._pool.acquire() as connection, connection.transaction():
            await rows.lock_catalog(connection)
            group = await rows.find_group(connection, name)
            if group is None:
                raise UnknownModelError(f"There is no model {name!r}.", param="name")
            for deployment in await load_deployments(connection):
                if deployment.group_id == group.id:
                    price = Price(deployment.id, begins, **values)
                    await add_price(connection, price)
                    await record(connection, actor, "set_price", "model", deployment.id, after=asdict(price))

"""What models cost from a moment on: set for all deployments at once, also ahead, and taken back before it comes."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import asdict, replace

from litemaas.domain.access.errors import UnknownModelError
from litemaas.domain.administration.patches import Patch, apply_patch
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.catalog import rows
from litemaas.domain.catalog.entities import Deployment
from litemaas.domain.catalog.store import load_deployments
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.pricing.entities import Price
from litemaas.domain.pricing.rows import add_price, coming_prices, current_price, drop_price
from litemaas.storage.postgres import Connection, Pool


class PriceService:
    """Prices."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def change(self, actor: Actor, name: str, prices: Patch, effective_from: datetime | None) -> None:
        """Let the model of this public name cost `prices` per unit, by field of `Price`, from a moment on.

        What is absent costs what it costs at that moment; None clears.

        Raises:
            UnknownModelError: There is no such model.
            InvalidInputError: The moment is over: calls were charged at the price of then.
        """
        now = datetime.now(UTC)
        begins = effective_from or now
        if begins < now:
            raise InvalidInputError("A price cannot begin in the past.", param="effective_from")
        async with self._pool.acquire() as connection, connection.transaction():
            await rows.lock_catalog(connection)
            for deployment in await _deployments(connection, name):
                present = await current_price(connection, deployment.id, begins)
                price = apply_patch(present or Price(deployment.id, begins), prices)
                price = replace(price, effective_from=begins, source="given")
                await add_price(connection, price)
                told = {"before": asdict(present) if present else None, "after": asdict(price)}
                await record(connection, actor, "set_price", "model", deployment.id, **told)

    async def cancel(self, actor: Actor, name: str, effective_from: datetime) -> None:
        """Take back the prices of a model that would begin at a moment.

        Raises:
            UnknownModelError: There is no such model.
            InvalidInputError: No price begins then, or it is in force already.
        """
        if effective_from <= datetime.now(UTC):
            raise InvalidInputError("This price is in force: set another one.", param="effective_from")
        async with self._pool.acquire() as connection, connection.transaction():
            await rows.lock_catalog(connection)
            dropped = 0
            for deployment in await _deployments(connection, name):
                if price := await drop_price(connection, deployment.id, effective_from):
                    await record(connection, actor, "cancel_price", "model", deployment.id, before=asdict(price))
                    dropped += 1
        if not dropped:
            raise InvalidInputError("No price of this model begins at that moment.", param="effective_from")

    async def coming(self) -> list[Price]:
        """Prices that are not in force yet, of all deployments, in the order in which they will be."""
        async with self._pool.acquire() as connection:
            return await coming_prices(connection, datetime.now(UTC))


async def _deployments(connection: Connection, name: str) -> Sequence[Deployment]:
    group = await rows.find_group(connection, name)
    if group is None:
        raise UnknownModelError(f"There is no model {name!r}.", param="name")
    return [one for one in await load_deployments(connection) if one.group_id == group.id]

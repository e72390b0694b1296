"""Adding, changing, moving and deleting models: deployments, and the groups that they serve."""

from datetime import UTC, datetime
from uuid import uuid4

from msgspec import UNSET
from msgspec.structs import asdict, replace

from litemaas.domain.administration.model_orders import ModelDetail, ModelOrder, merged, ordered
from litemaas.domain.administration.patches import apply_patch
from litemaas.domain.administration.renaming import carry_name
from litemaas.domain.administration.retiring import check_retirement
from litemaas.domain.administration.spreading import check_routing
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.budgets.entities import LIFETIME
from litemaas.domain.catalog import rows
from litemaas.domain.catalog.addresses import normalise_base, split_model
from litemaas.domain.catalog.entities import Deployment, ModelGroup
from litemaas.domain.catalog.errors import AddressError
from litemaas.domain.catalog.store import load_deployments, load_groups
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.pricing.defaults import default_price
from litemaas.domain.pricing.entities import Price
from litemaas.domain.pricing.rows import add_price, current_price
from litemaas.domain.pricing.store import load_prices
from litemaas.domain.probing import Trial
from litemaas.storage.postgres import Connection, Pool
from litemaas.storage.vault import Vault

_KIND = "model"


class CatalogService:
    """Models as administrators see them. A public name is a group; each way to serve it is a deployment.

    Args:
        pool: Where they are.
        vault: Encrypts the upstreams' credentials.
    """

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    async def add(self, actor: Actor, order: ModelOrder, *, deployment_id: str | None = None) -> ModelDetail:
        """Add a deployment; its group is created if there is none of this name.

        Raises:
            InvalidInputError: The name, the provider, the address, the successor or the routing cannot be right.
            DeploymentExistsError: The id is taken.
        """
        moment = datetime.now(UTC)
        group = self._new_group(actor, order, moment)
        deployment = self._draft(order, deployment_id=deployment_id, group=group)
        deployment = replace(deployment, created_at=moment, created_by=actor.name, updated_at=moment)
        price = await _first_price(deployment, order)
        async with self._pool.acquire() as connection, connection.transaction():
            await rows.lock_catalog(connection)
            present = await rows.find_group(connection, group.name)
            if present is not None:
                group = _stamped(ordered(present, order), actor, moment)
            await check_retirement(connection, group, order.group)
            await check_routing(connection, group, order.routing)
            await (rows.add_group if present is None else rows.save_group)(connection, group)
            deployment = replace(deployment, group_id=group.id)
            await rows.add_deployment(connection, deployment)
            if price is not None:
                await add_price(connection, price)
            await record(connection, actor, "add", _KIND, deployment.id, after=_told(group, deployment, price))
        return ModelDetail(group, deployment, price)

    async def update(self, actor: Actor, deployment_id: str, order: ModelOrder) -> ModelDetail:
        """Change a deployment; what is absent stays.

        Another public name moves it to that group, or renames its own if it is alone there.

        Raises:
            InvalidInputError: The name, the provider, the address, the successor or the routing cannot be right.
            DeploymentNotFoundError: There is none of this id.
        """
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection, connection.transaction():
            await rows.lock_catalog(connection)
            before = await rows.find_deployment(connection, deployment_id)
            old_group = await rows.group_of(connection, before)
            old_price = await current_price(connection, deployment_id, moment)
            group = _stamped(ordered(old_group, order), actor, moment)
            if order.name is not None and order.name != group.name:
                group = await _move(connection, group, order.name)
            await check_retirement(connection, group, order.group)
            await check_routing(connection, group, order.routing)
            await rows.save_group(connection, group)
            deployment = replace(self._ordered(before, order), group_id=group.id)
            deployment = replace(deployment, updated_at=moment, updated_by=actor.name)
            await rows.save_deployment(connection, deployment)
            await rows.delete_group_if_unserved(connection, old_group.id)
            price = old_price
            if order.prices:
                price = apply_patch(old_price or Price(deployment_id, moment), order.prices)
                price = replace(price, effective_from=moment, source="given")
                await add_price(connection, price)
            told = {"before": _told(old_group, before, old_price), "after": _told(group, deployment, price)}
            await record(connection, actor, "update", _KIND, deployment_id, **told)
        return ModelDetail(group, deployment, price)

    async def delete(self, actor: Actor, deployment_id: str) -> ModelDetail:
        """Delete a deployment, and its group with the last one. Keys keep the name, which then opens nothing.

        Raises:
            DeploymentNotFoundError: There is none of this id.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await rows.lock_catalog(connection)
            detail = await _detail(connection, deployment_id)
            await rows.delete_deployment(connection, deployment_id)
            await rows.delete_group_if_unserved(connection, detail.group.id)
            told = _told(detail.group, detail.deployment, detail.price)
            await record(connection, actor, "delete", _KIND, deployment_id, before=told)
        return detail

    async def get(self, deployment_id: str) -> ModelDetail:
        """Read a deployment.

        Raises:
            DeploymentNotFoundError: There is none of this id.
        """
        async with self._pool.acquire() as connection:
            return await _detail(connection, deployment_id)

    async def read(self) -> list[ModelDetail]:
        """All deployments, by public name and then by age."""
        async with self._pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
            groups = {group.id: group for group in await load_groups(connection)}
            deployments = await load_deployments(connection)
            prices = await load_prices(connection)
        moment = datetime.now(UTC)
        details = [
            ModelDetail(groups[one.group_id], one, _in_force(prices.get(one.id, []), moment)) for one in deployments
        ]
        return sorted(details, key=lambda detail: detail.group.name)

    async def trial(self, deployment_id: str) -> Trial:
        """What to try, to see whether a deployment works.

        Raises:
            DeploymentNotFoundError: There is none of this id.
        """
        detail = await self.get(deployment_id)
        return self._trial(detail.group, detail.deployment)

    def draft_trial(self, actor: Actor, order: ModelOrder) -> Trial:
        """What to try, to see whether a deployment would work that is not stored.

        Raises:
            InvalidInputError: The name, the provider or the address cannot be right.
        """
        group = self._new_group(actor, order, datetime.now(UTC))
        return self._trial(group, self._draft(order, group=group))

    def _trial(self, group: ModelGroup, deployment: Deployment) -> Trial:
        credential = self._vault.open(deployment.credential) if deployment.credential else None
        return Trial(
            deployment.provider,
            deployment.upstream_model,
            group.mode,
            deployment.api_base,
            credential,
            deployment.settings,
        )

    def _new_group(self, actor: Actor, order: ModelOrder, moment: datetime) -> ModelGroup:
        if not order.name:
            raise InvalidInputError("The model needs a public name.", param="model_name")
        group = ordered(ModelGroup(id=uuid4(), name=order.name), order)
        return replace(_stamped(group, actor, moment), created_at=moment, created_by=actor.name)

    def _draft(self, order: ModelOrder, *, group: ModelGroup, deployment_id: str | None = None) -> Deployment:
        if not order.model:
            raise InvalidInputError("Say which model: <provider>/<id>.", param="litellm_params.model")
        blank = Deployment(id=deployment_id or str(uuid4()), group_id=group.id, provider="", upstream_model="")
        order = replace(order, api_base=None) if order.api_base is UNSET else order
        return self._ordered(blank, order)

    def _ordered(self, deployment: Deployment, order: ModelOrder) -> Deployment:
        deployment = apply_patch(deployment, order.fields)
        if order.model is not None:
            upstream = split_model(order.model, order.provider)
            deployment = replace(deployment, provider=upstream.provider, upstream_model=upstream.model)
        if order.api_base is not UNSET:
            api_base = normalise_base(order.api_base, deployment.provider)
            if deployment.credential and order.credential is UNSET and api_base != deployment.api_base:
                raise AddressError(
                    "Give the api_key again: the stored one is not sent to another address.",
                    param="litellm_params.api_key",
                )
            deployment = replace(deployment, api_base=api_base)
        if order.credential is not UNSET:
            sealed = self._vault.seal(order.credential) if order.credential else None
            deployment = replace(deployment, credential=sealed)
        return replace(
            deployment,
            timeouts=apply_patch(deployment.timeouts, order.timeouts),
            settings=merged(deployment.settings, order.settings),
            metadata=merged(deployment.metadata, order.metadata),
        )


def _in_force(prices: list[Price], moment: datetime) -> Price | None:
    return next((price for price in reversed(prices) if price.effective_from <= moment), None)


async def _detail(connection: Connection, deployment_id: str) -> ModelDetail:
    deployment = await rows.find_deployment(connection, deployment_id)
    price = await current_price(connection, deployment_id, datetime.now(UTC))
    return ModelDetail(await rows.group_of(connection, deployment), deployment, price)


async def _first_price(deployment: Deployment, order: ModelOrder) -> Price | None:
    if order.prices:
        return apply_patch(Price(deployment.id, LIFETIME), order.prices)
    provider, model = deployment.provider, deployment.upstream_model
    if order.base_model:
        provider, slash, model = order.base_model.partition("/")
        if not slash:
            provider, model = deployment.provider, order.base_model
    return await default_price(deployment.id, provider, model, LIFETIME)


async def _move(connection: Connection, group: ModelGroup, name: str) -> ModelGroup:
    """The group called `name`: the one that is there, or `group` renamed if it has one deployment, or a copy."""
    there = await rows.find_group(connection, name)
    if there is not None:
        return there
    if await rows.deployment_count(connection, group.id) == 1:
        await carry_name(connection, group.name, name)
        return replace(group, name=name)
    copied = replace(group, id=uuid4(), name=name)
    await rows.add_group(connection, copied)
    return copied


def _stamped(group: ModelGroup, actor: Actor, moment: datetime) -> ModelGroup:
    return replace(group, updated_at=moment, updated_by=actor.name)


def _told(group: ModelGroup, deployment: Deployment, price: Price | None) -> dict[str, object]:
    told = {**asdict(deployment), "model_name": group.name, "price": price}
    told["group"] = {
        name: value for name, value in asdict(group).items() if not name.startswith(("created", "updated"))
    }
    return told

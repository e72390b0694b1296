"""`/model/prices`: what models cost, now and from a later moment on, for all deployments of a public name at once."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Response

from litemaas.domain.pricing.entities import Price
from litemaas.domain.pricing.names import LITELLM_NAMES
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform
from litemaas.gateway.management.model_requests import NewPrices, PricesToCancel
from litemaas.gateway.management.rendering import render
from litemaas.gateway.management.routing import ManagementRoute

router = APIRouter(tags=["models"], route_class=ManagementRoute)


@router.post("/model/prices")
async def set_prices(platform: AnyPlatform, actor: Administrator, body: NewPrices) -> Response:
    """Set what a public name costs, from now or a later moment on; absent prices stay, null clears."""
    await platform.prices.change(actor, body.model_name, body.per_unit(), body.effective_from)
    return render({"model_name": body.model_name, "coming": await _coming(platform, body.model_name)})


@router.post("/model/prices/cancel")
async def cancel_prices(platform: AnyPlatform, actor: Administrator, body: PricesToCancel) -> Response:
    """Take back prices that are not in force yet."""
    await platform.prices.cancel(actor, body.model_name, body.effective_from)
    return render({"model_name": body.model_name, "coming": await _coming(platform, body.model_name)})


@router.get("/model/prices/coming", dependencies=ADMINISTRATORS_ONLY)
async def coming_prices(platform: AnyPlatform, model_name: str | None = None) -> Response:
    """Prices that are not in force yet, the next first."""
    return render({"data": await _coming(platform, model_name)})


async def _coming(platform: AnyPlatform, name: str | None) -> list[dict[str, Any]]:
    """Per public name and moment one row: its deployments change together."""
    names = {detail.deployment.id: detail.group.name for detail in await platform.catalog.read()}
    coming = [price for price in await platform.prices.coming() if name in {None, names.get(price.deployment_id)}]
    ordered = sorted(coming, key=lambda price: (price.effective_from, names.get(price.deployment_id, "")))
    grouped = groupby(ordered, key=lambda price: (price.effective_from, names.get(price.deployment_id, "")))
    return [{"model_name": model, "effective_from": moment, **_amounts(prices)} for (moment, model), prices in grouped]


def _amounts(prices: Iterable[Price]) -> dict[str, Any]:
    first = next(iter(prices))
    return {name: getattr(first, field) for name, field in LITELLM_NAMES.items()}

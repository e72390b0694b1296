"""`/api/admin/models` and `/api/admin/deployments`: public names, what serves them, and what they cost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from pydantic import AwareDatetime, BaseModel

from litemaas.domain.access.errors import UnknownModelError
from litemaas.domain.administration.model_orders import ModelDetail, ModelOrder
from litemaas.domain.catalog.entities import Routing
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.probing import list_models, probe
from litemaas.domain.spend.usage import Totals, UsageFilter
from litemaas.portal.caller import Acting, ThePortal
from litemaas.portal.fields import Name, Order
from litemaas.portal.model_fields import (
    Credential,
    DeploymentFields,
    DeploymentView,
    GroupChange,
    GroupView,
    NewDeployment,
    NewModel,
    NewPrices,
    TestReport,
    deployment_view,
    group_view,
    test_report,
)
from litemaas.portal.model_health import UNSEEN
from litemaas.portal.model_routing import RoutingView, routing_view
from litemaas.portal.paging import Listing, Page
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router
from litemaas.providers.registry import PROVIDERS

router = portal_router("admin: models")

_NO_CONTENT = 204
_WEEK = timedelta(days=7)
_MOST_MODELS = 10_000
_SORTABLE = ("name", "mode", "health", "requests_7d", "cost_7d", "created_at")
_NO_CALLS = Totals()


class ProviderView(BaseModel):
    """A kind of upstream."""

    id: str
    title: str
    default_api_base: str | None
    needs_api_base: bool
    needs_api_key: bool


class Providers(BaseModel):
    """The kinds of upstreams that we speak to."""

    items: list[ProviderView]


class Endpoint(Order):
    """Where to look for models; without an address where the provider is."""

    provider: Name | None = None
    api_base: Name | None = None
    api_key: Credential | None = None

    def address(self) -> str:
        """Where to look.

        Raises:
            InvalidInputError: Nothing says it.
        """
        provider = PROVIDERS.get(self.provider or "")
        found = self.api_base or (provider.api_base if provider else None)
        if found is None:
            raise InvalidInputError("api_base is needed: the provider has no address of its own.", param="api_base")
        return found


class Discovered(BaseModel):
    """What an endpoint serves."""

    models: list[str]


@router.get("/admin/providers", openapi_extra=needs(Permission.MODELS_READ))
async def providers() -> Providers:
    """The kinds of upstreams that we speak to."""
    return Providers(
        items=[
            ProviderView(
                id=one.name,
                title=one.title,
                default_api_base=one.api_base,
                needs_api_base=one.api_base is None and not one.library,
                needs_api_key=(one.api_base or "").startswith("https:"),
            )
            for one in PROVIDERS.values()
        ]
    )


@router.get("/admin/routing", openapi_extra=needs(Permission.MODELS_READ))
async def default_routing() -> RoutingView:
    """How calls to a model are spread of which nobody said it."""
    return routing_view(Routing())


@router.get("/admin/models", openapi_extra=needs(Permission.MODELS_READ))
async def list_groups(
    portal: ThePortal, listing: Listing, provider: str | None = None, mode: str | None = None
) -> Page[GroupView]:
    """All public names with what serves them."""
    wanted = (listing.search or "").lower()
    groups = [
        group
        for group in await _groups(portal, await portal.platform.catalog.read())
        if mode in {None, group.mode}
        and (provider is None or any(one.provider == provider for one in group.deployments))
        and wanted in "\n".join([group.name, *(one.litellm_model for one in group.deployments)]).lower()
    ]
    sort_by, descending = listing.order("name")
    if sort_by not in _SORTABLE:
        raise InvalidInputError(f"sort must be one of {', '.join(_SORTABLE)}.", param="sort")
    groups.sort(key=lambda group: (getattr(group, sort_by), group.name), reverse=descending)
    return listing.of(groups[listing.offset : listing.offset + listing.page_size], len(groups))


@router.post("/admin/models", openapi_extra=needs(Permission.MODELS_WRITE))
async def add_model(portal: ThePortal, actor: Acting, body: NewModel) -> GroupView:
    """Add a deployment under a public name."""
    await portal.platform.catalog.add(actor, body.model_order(), deployment_id=body.id)
    return await _group(portal, body.public_name)


@router.post("/admin/models/test", openapi_extra=needs(Permission.MODELS_WRITE))
async def try_model(portal: ThePortal, actor: Acting, body: NewModel) -> TestReport:
    """Try a model before it is added, up to one real call."""
    trial = portal.platform.catalog.draft_trial(actor, body.model_order())
    return test_report(await probe(portal.platform.upstreams, trial))


@router.post("/admin/models/discover", openapi_extra=needs(Permission.MODELS_WRITE))
async def discover(portal: ThePortal, body: Endpoint) -> Discovered:
    """The models that an endpoint serves."""
    _, models = await list_models(portal.platform.upstreams, body.address(), body.api_key)
    return Discovered(models=models)


@router.post("/admin/models/{name:path}/deployments", openapi_extra=needs(Permission.MODELS_WRITE))
async def add_deployment(portal: ThePortal, actor: Acting, name: str, body: NewDeployment) -> GroupView:
    """Add a further way to serve a public name."""
    await _details(portal, name)
    await portal.platform.catalog.add(actor, body.order(name))
    return await _group(portal, name)


@router.put("/admin/models/{name:path}/prices", openapi_extra=needs(Permission.MODELS_WRITE))
async def set_prices(portal: ThePortal, actor: Acting, name: str, body: NewPrices) -> GroupView:
    """Set what a model costs, from now or a later moment on."""
    await portal.platform.prices.change(actor, name, body.per_unit(), body.effective_from)
    return await _group(portal, name)


@router.delete("/admin/models/{name:path}/prices/{effective_from}", openapi_extra=needs(Permission.MODELS_WRITE))
async def cancel_prices(portal: ThePortal, actor: Acting, name: str, effective_from: AwareDatetime) -> GroupView:
    """Take back prices that are not in force yet."""
    await portal.platform.prices.cancel(actor, name, effective_from)
    return await _group(portal, name)


@router.get("/admin/models/{name:path}", openapi_extra=needs(Permission.MODELS_READ))
async def read_group(portal: ThePortal, name: str) -> GroupView:
    """One public name."""
    return await _group(portal, name)


@router.patch("/admin/models/{name:path}", openapi_extra=needs(Permission.MODELS_WRITE))
async def change_group(portal: ThePortal, actor: Acting, name: str, body: GroupChange) -> GroupView:
    """Change a public name; another one is carried over to all that name the model."""
    details = await _details(portal, name)
    new_name = body.public_name or name
    if new_name != name and len(details) > 1:
        raise InvalidInputError("A name that several deployments serve cannot be changed.", param="public_name")
    order = ModelOrder(name=new_name, group=body.group(details[0].group.metadata), routing=body.routing_patch())
    await portal.platform.catalog.update(actor, details[0].deployment.id, order)
    return await _group(portal, new_name)


@router.delete("/admin/models/{name:path}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.MODELS_WRITE))
async def delete_group(portal: ThePortal, actor: Acting, name: str) -> None:
    """Delete a public name with all that serves it."""
    for detail in await _details(portal, name):
        await portal.platform.catalog.delete(actor, detail.deployment.id)


@router.patch("/admin/deployments/{deployment_id}", openapi_extra=needs(Permission.MODELS_WRITE))
async def change_deployment(
    portal: ThePortal, actor: Acting, deployment_id: str, body: DeploymentFields
) -> DeploymentView:
    """Change a deployment; a stored key is not sent to another address."""
    detail = await portal.platform.catalog.update(actor, deployment_id, body.order())
    return deployment_view(detail.deployment, (await portal.health.seen()).get(deployment_id, UNSEEN))


@router.delete(
    "/admin/deployments/{deployment_id}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.MODELS_WRITE)
)
async def delete_deployment(portal: ThePortal, actor: Acting, deployment_id: str) -> None:
    """Delete a deployment, and its public name with the last one."""
    await portal.platform.catalog.delete(actor, deployment_id)


@router.post("/admin/deployments/{deployment_id}/test", openapi_extra=needs(Permission.MODELS_WRITE))
async def try_deployment(portal: ThePortal, deployment_id: str) -> TestReport:
    """Try a deployment, up to one real call."""
    trial = await portal.platform.catalog.trial(deployment_id)
    return test_report(await probe(portal.platform.upstreams, trial))


async def _details(portal: Portal, name: str) -> list[ModelDetail]:
    details = [detail for detail in await portal.platform.catalog.read() if detail.group.name == name]
    if not details:
        raise UnknownModelError(f"There is no model {name!r}.", param="name")
    return details


async def _group(portal: Portal, name: str) -> GroupView:
    return (await _groups(portal, await _details(portal, name)))[0]


async def _groups(portal: Portal, details: Sequence[ModelDetail]) -> list[GroupView]:
    seen = await portal.health.seen()
    today = datetime.now(UTC).date()
    week = UsageFilter(since=today - _WEEK + timedelta(days=1), until=today)
    slices, _ = await portal.usage.breakdown(week, "model", limit=_MOST_MODELS)
    used = {one.id: one.totals for one in slices}
    coming = await portal.platform.prices.coming()
    by_name = groupby(details, key=lambda detail: detail.group.name)
    return [group_view(list(found), seen, used.get(name, _NO_CALLS), coming) for name, found in by_name]

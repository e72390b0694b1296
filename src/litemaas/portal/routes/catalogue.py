"""`/api/models`: the catalogue as the caller sees it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Literal, NoReturn

from pydantic import BaseModel

from litemaas.domain.access.errors import UnknownModelError
from litemaas.domain.access.grants import opens
from litemaas.domain.access_requests.entities import RequestStatus
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.serving import ServedModel
from litemaas.portal.caller import Caller, ThePortal
from litemaas.portal.model_health import UNSEEN, Health, Seen, health_together
from litemaas.portal.model_views import Capability, PricesView, capabilities_of, prices_view
from litemaas.portal.paging import Listing, Page
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router
from litemaas.providers.registry import PROVIDERS

router = portal_router("models")


class Access(StrEnum):
    """How the caller stands to a model."""

    GRANTED = "granted"
    REQUESTABLE = "requestable"
    PENDING = "pending"
    DENIED = "denied"


class CatalogueModel(BaseModel):
    """A model in the catalogue."""

    name: str
    mode: str
    description: str | None
    provider: str
    provider_title: str
    capabilities: list[Capability]
    max_input_tokens: int | None
    max_output_tokens: int | None
    prices: PricesView
    health: Health
    access: Access
    deprecated_on: date | None
    sunset_on: date | None
    successor: str | None
    access_groups: list[str]


class CatalogueProvider(BaseModel):
    """A kind of upstream that serves a model of the catalogue, as `provider` of a model names it."""

    id: str
    title: str


class CatalogueProviders(BaseModel):
    """Those that the catalogue can be narrowed to."""

    items: list[CatalogueProvider]


_SORTABLE = ("name", "mode", "provider", "access", "health", "max_input_tokens")


@router.get("/models", openapi_extra=needs(Permission.CATALOGUE_READ))
async def list_models(
    portal: ThePortal,
    caller: Caller,
    listing: Listing,
    provider: str | None = None,
    mode: str | None = None,
    capability: str | None = None,
    access: Access | Literal["all"] | None = None,
) -> Page[CatalogueModel]:
    """The models that one has or could ask for."""
    wanted = (listing.search or "").lower()
    found = [
        model
        for model in await _catalogue(portal, caller.user_id)
        if wanted in f"{model.name}\n{model.description or ''}\n{model.provider_title}\n{model.provider}".lower()
        and provider in {None, model.provider}
        and mode in {None, model.mode}
        and (capability is None or capability in model.capabilities)
        and access in {None, "all", model.access}
    ]
    sort_by, descending = listing.order("name")
    if sort_by not in _SORTABLE:
        raise InvalidInputError(f"sort must be one of {', '.join(_SORTABLE)}.", param="sort")
    found.sort(key=lambda model: (getattr(model, sort_by) or 0, model.name), reverse=descending)
    return listing.of(found[listing.offset : listing.offset + listing.page_size], len(found))


@router.get("/providers", openapi_extra=needs(Permission.CATALOGUE_READ))
async def list_providers(portal: ThePortal) -> CatalogueProviders:
    """The providers of all models, by title."""
    models = portal.platform.snapshot.catalog.models.values()
    names = {_provider(model) for model in models} - {""}
    providers = [CatalogueProvider(id=name, title=_title(name)) for name in names]
    return CatalogueProviders(items=sorted(providers, key=lambda one: one.title))


@router.get("/models/{name:path}", openapi_extra=needs(Permission.CATALOGUE_READ))
async def read_model(portal: ThePortal, caller: Caller, name: str) -> CatalogueModel:
    """One model."""
    found = next((one for one in await _catalogue(portal, caller.user_id) if one.name == name), None)
    return found or _unknown(name)


def served(portal: Portal, name: str) -> ServedModel:
    """The model of this public name.

    Raises:
        UnknownModelError: There is none.
    """
    model = portal.platform.snapshot.catalog.models.get(name)
    return model or _unknown(name)


def granted_models(portal: Portal, user_id: str) -> list[ServedModel]:
    """The models that a person was granted."""
    snapshot = portal.platform.snapshot
    user = snapshot.users.get(user_id)
    return [model for model in snapshot.catalog.models.values() if user is not None and opens(user.models, model)]


async def _catalogue(portal: Portal, user_id: str) -> list[CatalogueModel]:
    granted = {model.name for model in granted_models(portal, user_id)}
    statuses = await portal.requests.statuses_of(user_id)
    seen = await portal.health.seen()
    return [
        _view(model, _access(model.name, granted, statuses), seen)
        for model in portal.platform.snapshot.catalog.models.values()
    ]


def _access(name: str, granted: set[str], statuses: Mapping[str, RequestStatus]) -> Access:
    if name in granted:
        return Access.GRANTED
    asked = {RequestStatus.PENDING: Access.PENDING, RequestStatus.DENIED: Access.DENIED}
    status = statuses.get(name)
    return asked.get(status, Access.REQUESTABLE) if status else Access.REQUESTABLE


def _view(model: ServedModel, access: Access, seen: Mapping[str, Seen]) -> CatalogueModel:
    group, targets = model.group, model.targets
    now = datetime.now(UTC).timestamp()
    provider = _provider(model)
    return CatalogueModel(
        name=group.name,
        mode=group.mode,
        description=group.description,
        provider=provider,
        provider_title=_title(provider),
        capabilities=capabilities_of(group, (target.deployment.metadata for target in targets)),
        max_input_tokens=group.max_input_tokens,
        max_output_tokens=group.max_output_tokens,
        prices=prices_view(target.price_at(now) if target.prices else None for target in targets),
        health=health_together(seen.get(target.deployment.id, UNSEEN).health for target in targets),
        access=access,
        deprecated_on=group.deprecated_on,
        sunset_on=group.sunset_on,
        successor=group.successor,
        access_groups=group.access_groups,
    )


def _provider(model: ServedModel) -> str:
    return model.targets[0].deployment.provider if model.targets else ""


def _title(provider: str) -> str:
    return PROVIDERS[provider].title if provider in PROVIDERS else provider


def _unknown(name: str) -> NoReturn:
    raise UnknownModelError(f"There is no model {name!r}.", param="model")

"""Models that OpenShift AI serves, ready to be added: what each server answers to, and whether we have it already."""

import asyncio

from msgspec import Struct

from litemaas.domain.catalog.addresses import normalise_base
from litemaas.domain.catalog.errors import AddressError
from litemaas.domain.catalog.store import load_deployments
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.openshift_ai.entities import InferenceService
from litemaas.domain.openshift_ai.service import OpenShiftAi
from litemaas.domain.probing import list_models
from litemaas.providers.errors import UpstreamError
from litemaas.providers.upstream import Upstreams
from litemaas.storage.postgres import Pool

_PROVIDER = "openai"
_AT_ONCE = 8
_SECONDS = 5.0


class Offer(Struct, frozen=True):
    """An InferenceService that could be added.

    Attributes:
        models: The ids that its server answers to; the declared one where the server was not asked or did not tell.
        complaint: Why it did not tell, if it was asked.
        added: A deployment has its address already.
    """

    service: InferenceService
    models: list[str]
    complaint: str | None
    added: bool


class Offers(Struct, frozen=True):
    """All of them, and the namespaces that opted in but may not be seen."""

    offers: list[Offer]
    refused: list[str]


class DiscoveryService:
    """Finds models to add."""

    def __init__(self, pool: Pool, upstreams: Upstreams, openshift_ai: OpenShiftAi) -> None:
        self._pool = pool
        self._upstreams = upstreams
        self._openshift_ai = openshift_ai

    @property
    def enabled(self) -> bool:
        """Whether an operator wants OpenShift AI to be searched."""
        return self._openshift_ai.enabled

    async def find(self) -> Offers:
        """What OpenShift AI serves in the namespaces that opted in, by namespace and name.

        Raises:
            DiscoveryOffError, ClusterUnavailableError: The cluster is not to be asked, or does not tell.
        """
        listing = await self._openshift_ai.find()
        async with self._pool.acquire() as connection:
            known = {deployment.api_base for deployment in await load_deployments(connection)}
        turns = asyncio.Semaphore(_AT_ONCE)

        async def offer(service: InferenceService) -> Offer:
            async with turns:
                models, complaint = await self._ask(service)
            return Offer(service, models, complaint, _normal(service.api_base) in known)

        return Offers(list(await asyncio.gather(*map(offer, listing.services))), listing.refused)

    async def _ask(self, service: InferenceService) -> tuple[list[str], str | None]:
        """What the service answers to, and why it did not tell; one that is not ready or protected is not asked."""
        declared = [service.declared_name]
        if not service.ready or not service.api_base or service.protected:
            return declared, None
        try:
            _, models = await list_models(self._upstreams, service.api_base, None, seconds=_SECONDS)
        except (UpstreamError, InvalidInputError) as error:
            return declared, str(error)
        return models or declared, None


def _normal(api_base: str) -> str:
    """The address as a deployment would have it."""
    try:
        return normalise_base(api_base, _PROVIDER) or ""
    except AddressError:
        return api_base

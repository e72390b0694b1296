"""Asks the cluster for its InferenceServices, in the namespaces that opted in and nowhere else."""

import asyncio
from collections.abc import Mapping
from typing import Any

from litemaas.domain.openshift_ai.entities import InferenceService, Listing, inference_service, name_of
from litemaas.domain.openshift_ai.errors import ClusterUnavailableError, DiscoveryOffError
from litemaas.providers.kubernetes import ApiServer, ApiServerError, asking
from litemaas.settings import DiscoverySettings

_NAMESPACES = "/api/v1/namespaces"
_SERVICES = "/apis/serving.kserve.io/v1beta1/namespaces/{}/inferenceservices"
_RUNTIMES = "/apis/serving.kserve.io/v1alpha1/namespaces/{}/servingruntimes"
_FORBIDDEN = 403
_NOT_FOUND = 404
_GUIDE = "docs/OPENSHIFT_AI_INTEGRATION.md says which rights it needs."


class OpenShiftAi:
    """The models that OpenShift AI serves, as the API server knows them."""

    def __init__(self, settings: DiscoverySettings) -> None:
        self._settings = settings

    @property
    def enabled(self) -> bool:
        """Whether an operator wants them to be looked for."""
        return bool(self._settings.openshift_ai_selector)

    async def find(self) -> Listing:
        """List the InferenceServices of all namespaces that have the label.

        Raises:
            DiscoveryOffError: It is switched off, or we are in no cluster.
            ClusterUnavailableError: The cluster refuses or does not answer.
        """
        if not self.enabled:
            raise DiscoveryOffError("OpenShift AI is not searched: set LITEMAAS_OPENSHIFT_AI_SELECTOR.")
        if not self._settings.kubernetes_host:
            raise DiscoveryOffError("LiteMaaS does not run in a cluster, so that it cannot ask one for models.")
        try:
            async with asking(self._settings.kubernetes_url, self._settings.service_account_folder) as server:
                return await _find(server, self._settings.openshift_ai_selector)
        except ApiServerError as error:
            if error.status == _FORBIDDEN:
                raise ClusterUnavailableError(f"The service account may not list namespaces. {_GUIDE}") from error
            raise ClusterUnavailableError(str(error)) from error


async def _find(server: ApiServer, selector: str) -> Listing:
    names = sorted(name_of(one) for one in await server.list(_NAMESPACES, labels=selector))
    found = await asyncio.gather(*(_in_namespace(server, name) for name in names))
    services = [one for services in found if services for one in services]
    return Listing(services, [name for name, services in zip(names, found, strict=True) if services is None])


async def _in_namespace(server: ApiServer, namespace: str) -> list[InferenceService] | None:
    """The services of a namespace, by name; None: we may not see them."""
    try:
        items = await server.list(_SERVICES.format(namespace))
    except ApiServerError as error:
        if error.status == _FORBIDDEN:
            return None
        if error.status == _NOT_FOUND:
            return []  # KServe is not installed
        raise
    runtimes = await _runtimes(server, namespace) if items else {}
    return sorted((inference_service(one, runtimes) for one in items), key=lambda one: one.name)


async def _runtimes(server: ApiServer, namespace: str) -> Mapping[str, Mapping[str, Any]]:
    try:
        return {name_of(one): one for one in await server.list(_RUNTIMES.format(namespace))}
    except ApiServerError as error:
        if error.status in {_FORBIDDEN, _NOT_FOUND}:
            return {}  # whoever may not see them gets the name that nearly all of them give
        raise

"""`/api/admin/openshift-ai`: models that OpenShift AI serves in the cluster, to be added."""

from pydantic import BaseModel

from litemaas.domain.administration.discovery import Offer
from litemaas.portal.caller import ThePortal
from litemaas.portal.permissions import Permission
from litemaas.portal.routing import needs, portal_router

router = portal_router("admin: models")


class InferenceServiceView(BaseModel):
    """A model that OpenShift AI serves; `id` is the one that its deployment is to have."""

    id: str
    namespace: str
    name: str
    display_name: str
    models: list[str]
    ready: bool
    protected: bool
    url: str
    api_base: str
    complaint: str | None
    added: bool


class OpenShiftAiModels(BaseModel):
    """What was found; `enabled` is false where an operator has not switched the search on.

    `refused` are namespaces that opted in, but whose models we may not see.
    """

    enabled: bool
    items: list[InferenceServiceView]
    refused: list[str]


@router.get("/admin/openshift-ai", openapi_extra=needs(Permission.MODELS_WRITE))
async def find_models(portal: ThePortal) -> OpenShiftAiModels:
    """The models of the namespaces that opted in."""
    discovery = portal.platform.discovery
    if not discovery.enabled:
        return OpenShiftAiModels(enabled=False, items=[], refused=[])
    found = await discovery.find()
    return OpenShiftAiModels(enabled=True, items=[_view(offer) for offer in found.offers], refused=found.refused)


def _view(offer: Offer) -> InferenceServiceView:
    service = offer.service
    return InferenceServiceView(
        id=service.deployment_id,
        namespace=service.namespace,
        name=service.name,
        display_name=service.display_name,
        models=offer.models,
        ready=service.ready,
        protected=service.protected,
        url=service.url,
        api_base=service.api_base,
        complaint=offer.complaint,
        added=offer.added,
    )

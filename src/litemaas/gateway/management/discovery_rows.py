"""Models that OpenShift AI serves, as the management API shows them."""

from msgspec import Struct

from litemaas.domain.administration.discovery import Offer, Offers


class OpenShiftAiModel(Struct, kw_only=True):
    """An InferenceService; `model_id` is the id that a deployment of it has by convention."""

    namespace: str
    name: str
    display_name: str
    model_id: str
    models: list[str]
    ready: bool
    protected: bool
    url: str
    api_base: str
    complaint: str | None
    added: bool


class OpenShiftAiModels(Struct):
    """Answer of `/model/discover/openshift_ai`; `refused` are namespaces that opted in and may not be seen."""

    inference_services: list[OpenShiftAiModel]
    refused: list[str]


def offered_rows(offers: Offers) -> OpenShiftAiModels:
    """What was found, as it is shown."""
    return OpenShiftAiModels([_row(offer) for offer in offers.offers], offers.refused)


def _row(offer: Offer) -> OpenShiftAiModel:
    service = offer.service
    return OpenShiftAiModel(
        namespace=service.namespace,
        name=service.name,
        display_name=service.display_name,
        model_id=service.deployment_id,
        models=offer.models,
        ready=service.ready,
        protected=service.protected,
        url=service.url,
        api_base=service.api_base,
        complaint=offer.complaint,
        added=offer.added,
    )

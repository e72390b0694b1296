"""What an InferenceService of KServe is to us: a model at an address.

The address is the one inside the cluster, where there is one: calls then do not leave it, and no Route is needed. The
collection's module `inference_services_info` reads the same fields in the same way, so that both find the same models.
https://kserve.github.io/website/docs/reference/crd-api (InferenceService v1beta1, ServingRuntime v1alpha1)
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from msgspec import Struct

_AUTHORISATION = "security.opendatahub.io/enable-auth"
_DISPLAY_NAME = "openshift.io/display-name"
_SERVED_NAME = "--served-model-name"
_OWN_NAME = "{{.Name}}"
_OPENAI_PATH = "/v1"


class InferenceService(Struct, frozen=True, kw_only=True):
    """A model that OpenShift AI serves.

    Attributes:
        display_name: As OpenShift AI's dashboard has it.
        declared_name: The id that its server was told to answer to.
        url: For clients; empty while there is none.
        api_base: What a deployment's address must be; empty while there is none.
        protected: It wants a token.
    """

    namespace: str
    name: str
    display_name: str
    declared_name: str
    ready: bool
    url: str
    api_base: str
    protected: bool

    @property
    def deployment_id(self) -> str:
        """The id that a deployment of it has, so that whoever adds it, by whatever way, adds it once."""
        return f"{self.namespace}.{self.name}"


class Listing(Struct, frozen=True):
    """What the cluster told.

    Attributes:
        services: By namespace and name.
        refused: Namespaces that opted in and whose InferenceServices we may not see.
    """

    services: list[InferenceService]
    refused: list[str]


def name_of(item: Mapping[str, Any]) -> str:
    """The name of an object."""
    return str(item["metadata"]["name"])


def inference_service(item: Mapping[str, Any], runtimes: Mapping[str, Mapping[str, Any]]) -> InferenceService:
    """The service that the API server describes by `item`; `runtimes` are its namespace's ServingRuntimes by name."""
    metadata, status = item["metadata"], item.get("status") or {}
    annotations = metadata.get("annotations") or {}
    predictor = (item.get("spec") or {}).get("predictor") or {}
    model = predictor.get("model") or {}
    runtime = runtimes.get(str(model.get("runtime"))) or {}
    containers = [*((runtime.get("spec") or {}).get("containers") or ()), model, *(predictor.get("containers") or ())]
    url = str(status.get("url") or "")
    return InferenceService(
        namespace=str(metadata["namespace"]),
        name=name_of(item),
        display_name=str(annotations.get(_DISPLAY_NAME) or name_of(item)),
        declared_name=_declared_name(name_of(item), containers),
        ready=any(one.get("type") == "Ready" and one.get("status") == "True" for one in status.get("conditions") or ()),
        url=url,
        api_base=_api_base(str((status.get("address") or {}).get("url") or "") or url),
        protected=annotations.get(_AUTHORISATION) == "true",
    )


def _declared_name(name: str, containers: Iterable[Mapping[str, Any]]) -> str:
    """What vLLM is told to answer to, by the last container that says it; else the service's own name."""
    found = name
    for container in containers:
        arguments = [str(one) for one in (*(container.get("command") or ()), *(container.get("args") or ()))]
        for argument, following in pairwise([*arguments, ""]):
            option, equals, value = argument.partition("=")
            if option == _SERVED_NAME:
                found = (value if equals else following) or found
    return found.replace(_OWN_NAME, name)


def _api_base(url: str) -> str:
    url = url.rstrip("/")
    return url if not url or url.endswith(_OPENAI_PATH) else url + _OPENAI_PATH

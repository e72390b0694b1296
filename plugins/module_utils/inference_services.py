# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Models that OpenShift AI serves: KServe's InferenceServices, as the gateway can call them.

The address is the one inside the cluster, where there is one: calls then do not leave it, and no Route is needed. The name
is the one that vLLM answers to (its argument C(--served-model-name)), which is the InferenceService's own unless it or
its ServingRuntime says otherwise; C({{.Name}}) stands for the former (KServe's template variable).
"""

from __future__ import annotations

from .errors import ApiError

SERVICES = "serving.kserve.io/v1beta1"
RUNTIMES = "serving.kserve.io/v1alpha1"

AUTHORISATION = "security.opendatahub.io/enable-auth"
DISPLAY_NAME = "openshift.io/display-name"
SERVED_NAME = "--served-model-name"


class InferenceServices:
    """Lists the InferenceServices of a cluster."""

    def __init__(self, resources):
        self._resources = resources

    def find(self, namespaces, selector):
        """Lists them.

        Args:
            namespaces: Where to look; empty means everywhere.
            selector: Label selector of namespaces, beside their names; empty means any.

        Returns:
            Dictionaries as the module documents them, by namespace and name; none where KServe is not installed.
        """
        if self._resources.find(SERVICES, "InferenceService") is None:
            return []
        if selector:
            labelled, _version = self._resources.list("v1", "Namespace", None, selector)
            names = {one["metadata"]["name"] for one in labelled}
            namespaces = sorted(names & set(namespaces) if namespaces else names)
            if not namespaces:
                return []
        services = self._list(SERVICES, "InferenceService", namespaces)
        runtimes = {_place(one): one for one in self._runtimes(namespaces)} if services else {}
        return sorted((_described(one, runtimes) for one in services), key=lambda one: (one["namespace"], one["name"]))

    def _runtimes(self, namespaces):
        if self._resources.find(RUNTIMES, "ServingRuntime") is None:
            return []
        try:
            return self._list(RUNTIMES, "ServingRuntime", namespaces)
        except ApiError as error:
            if error.status == 403:
                return []  # whoever may not see them gets the name that nearly all of them give
            raise

    def _list(self, api_version, kind, namespaces):
        if namespaces:
            return [one for one in self._resources.list_in(api_version, kind, namespaces) if _in(one, namespaces)]
        return self._resources.list(api_version, kind)[0]


def _in(one, namespaces):
    return one["metadata"]["namespace"] in namespaces


def _place(one):
    return one["metadata"]["namespace"], one["metadata"]["name"]


def _described(service, runtimes):
    metadata, status = service["metadata"], service.get("status") or {}
    annotations = metadata.get("annotations") or {}
    predictor = (service.get("spec") or {}).get("predictor") or {}
    model = predictor.get("model") or {}
    runtime = runtimes.get((metadata["namespace"], model.get("runtime"))) or {}
    containers = [*((runtime.get("spec") or {}).get("containers") or ()), model, *(predictor.get("containers") or ())]
    internal = (status.get("address") or {}).get("url") or ""
    url = status.get("url") or ""
    return {
        "namespace": metadata["namespace"],
        "name": metadata["name"],
        "display_name": annotations.get(DISPLAY_NAME) or metadata["name"],
        "served_name": _served_name(metadata["name"], containers),
        "model_format": (model.get("modelFormat") or {}).get("name", ""),
        "ready": any(
            one.get("type") == "Ready" and one.get("status") == "True" for one in status.get("conditions") or ()
        ),
        "url": url,
        "internal_url": internal,
        "api_base": _api_base(internal or url),
        "protected": annotations.get(AUTHORISATION) == "true",
    }


def _served_name(name, containers):
    found = name
    for container in containers:
        arguments = [str(one) for one in [*(container.get("command") or ()), *(container.get("args") or ())]]
        for index, argument in enumerate(arguments):
            option, equals, value = argument.partition("=")
            if option == SERVED_NAME and (equals or index + 1 < len(arguments)):
                found = value if equals else arguments[index + 1]
    return found.replace("{{.Name}}", name)


def _api_base(url):
    url = url.rstrip("/")
    return url if not url or url.endswith("/v1") else url + "/v1"

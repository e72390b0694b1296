"""What is read of an InferenceService."""

from typing import Any

import pytest

from litemaas.domain.openshift_ai.entities import inference_service

INSIDE, OUTSIDE = "http://granite-predictor.lab.svc.cluster.local:8080", "https://granite-lab.apps.example.com"


def _item(**content: Any) -> dict[str, Any]:
    status = {"url": OUTSIDE, "address": {"url": INSIDE}, "conditions": [{"type": "Ready", "status": "True"}]}
    return {"metadata": {"name": "granite", "namespace": "lab"}, "status": status, **content}


def test_the_address_inside_the_cluster_is_preferred_and_gets_the_path_of_the_interface():
    assert inference_service(_item(), {}).api_base == f"{INSIDE}/v1"
    assert inference_service(_item(status={"url": f"{OUTSIDE}/v1/"}), {}).api_base == f"{OUTSIDE}/v1"
    assert inference_service(_item(status={}), {}).api_base == ""


@pytest.mark.parametrize(
    ("arguments", "declared"),
    [
        ([], "granite"),
        (["--served-model-name", "granite-8b"], "granite-8b"),
        (["--served-model-name=granite-8b"], "granite-8b"),
        (["--served-model-name={{.Name}}"], "granite"),
        (["--served-model-name"], "granite"),
        (["--port", "8080"], "granite"),
    ],
)
def test_the_model_is_called_as_its_server_was_told(arguments: list[str], declared: str):
    item = _item(spec={"predictor": {"model": {"args": arguments}}})
    assert inference_service(item, {}).declared_name == declared


def test_a_service_overrules_its_runtime():
    runtimes = {"vllm": {"spec": {"containers": [{"args": ["--served-model-name=from-the-runtime"]}]}}}
    plain = _item(spec={"predictor": {"model": {"runtime": "vllm"}}})
    assert inference_service(plain, runtimes).declared_name == "from-the-runtime"
    own = _item(spec={"predictor": {"model": {"runtime": "vllm", "args": ["--served-model-name=own"]}}})
    assert inference_service(own, runtimes).declared_name == "own"


def test_state_protection_and_name_are_read():
    annotations = {"security.opendatahub.io/enable-auth": "true", "openshift.io/display-name": "Granite 8B"}
    metadata = {"name": "granite", "namespace": "lab", "annotations": annotations}
    service = inference_service(
        _item(metadata=metadata, status={"conditions": [{"type": "Ready", "status": "False"}]}), {}
    )
    assert (service.protected, service.display_name, service.ready) == (True, "Granite 8B", False)
    assert service.deployment_id == "lab.granite"

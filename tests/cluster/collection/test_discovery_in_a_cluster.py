"""The program in a pod, as far as it can tell: it finds the models of OpenShift AI through a fake API server."""

import base64
import json
import os
import subprocess
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
import yaml
from gateway_support import PROGRAM, running_gateway
from kubernetes import client

KSERVE = "serving.kserve.io"


class ModelServer(BaseHTTPRequestHandler):
    """Lists one model, as vLLM does."""

    def do_GET(self):
        """Answer any address alike."""
        body = b'{"object": "list", "data": [{"id": "granite-8b-instruct"}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""


@contextmanager
def model_server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), ModelServer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def pod(fake, tmp_path):
    """The variables of a pod whose service account has the rights that the role gives it."""
    user = yaml.safe_load(
        Path(fake.add_user("system:serviceaccount:litemaas:discovery", cluster_admin=True)).read_text()
    )
    account = tmp_path / "account"
    account.mkdir()
    (account / "token").write_text(user["users"][0]["user"]["token"])
    authority = user["clusters"][0]["cluster"]["certificate-authority-data"]
    (account / "ca.crt").write_bytes(base64.b64decode(authority))
    address = urlsplit(fake.url)
    return {
        "KUBERNETES_SERVICE_HOST": address.hostname,
        "KUBERNETES_SERVICE_PORT_HTTPS": str(address.port),
        "LITEMAAS_SERVICE_ACCOUNT_DIR": str(account),
        "LITEMAAS_OPENSHIFT_AI_SELECTOR": "litemaas.io/models=true",
    }


def install_kserve(api):
    extensions = client.ApiextensionsV1Api(api)
    for version, plural, kind in (
        ("v1beta1", "inferenceservices", "InferenceService"),
        ("v1alpha1", "servingruntimes", "ServingRuntime"),
    ):
        schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
        extensions.create_custom_resource_definition(
            {
                "metadata": {"name": f"{plural}.{KSERVE}"},
                "spec": {
                    "group": KSERVE,
                    "scope": "Namespaced",
                    "names": {"plural": plural, "singular": kind.lower(), "kind": kind, "listKind": f"{kind}List"},
                    "versions": [
                        {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
                    ],
                },
            }
        )


def serve(api, namespace, name, url, ready="True"):
    objects = client.CustomObjectsApi(api)
    body = {
        "apiVersion": f"{KSERVE}/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"predictor": {"model": {"modelFormat": {"name": "vLLM"}}}},
        "status": {"url": url, "conditions": [{"type": "Ready", "status": ready}]},
    }
    objects.create_namespaced_custom_object(KSERVE, "v1beta1", namespace, "inferenceservices", body)


def test_the_command_line_finds_the_models_of_namespaces_that_opted_in(fake, api, core, pod, tmp_path):
    with model_server() as url, running_gateway(tmp_path / "data", **pod) as gateway:
        command = [PROGRAM, "model", "discover", "--openshift-ai", "--json"]
        environment = {**os.environ, "LITELLM_MASTER_KEY": gateway.master_key, "LITEMAAS_URL": gateway.url}

        def discovered():
            told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            return json.loads(told.stdout)["inference_services"]

        core.create_namespace({"metadata": {"name": "lab", "labels": {"litemaas.io/models": "true"}}})
        core.create_namespace({"metadata": {"name": "other"}})
        assert discovered() == []  # KServe is not installed
        install_kserve(api)
        for namespace in ("lab", "other"):
            serve(api, namespace, "granite", url)
        serve(api, "lab", "starting", "", ready="False")
        found = {one["model_id"]: one for one in discovered()}
        assert list(found) == ["lab.granite", "lab.starting"]
        assert (found["lab.granite"]["models"], found["lab.granite"]["ready"]) == (["granite-8b-instruct"], True)
        assert not found["lab.starting"]["ready"]

        fake.deny(user="system:serviceaccount:*", resource="inferenceservices")
        status, told = gateway.ask("/model/discover/openshift_ai")
        assert (status, told) == (200, {"inference_services": [], "refused": ["lab"]})
        fake.deny(user="system:serviceaccount:*", resource="namespaces")
        status, told = gateway.ask("/model/discover/openshift_ai")
        assert status == 503
        assert "may not list namespaces" in told["error"]["message"]

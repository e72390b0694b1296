"""The API server of a cluster, as far as OpenShift AI's models are concerned, with a service account for us."""

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from support.certificates import CertificateAuthority
from support.upstream import Call, http, running_upstream

TOKEN = "token-of-our-service-account"
_KSERVE = "/apis/serving.kserve.io"


class Cluster:
    """What is in the cluster, and how many objects it tells at a time.

    Attributes:
        forbidden: Paths that the service account may not see.
        settings: The variables that a pod of this cluster has.
    """

    def __init__(self, folder: Path, address: str) -> None:
        self.objects: dict[str, list[dict[str, Any]]] = {"/api/v1/namespaces": []}
        self.forbidden: set[str] = set()
        self.page = 1
        host, port = address.split(":")
        self.settings = {
            "KUBERNETES_SERVICE_HOST": host,
            "KUBERNETES_SERVICE_PORT_HTTPS": port,
            "LITEMAAS_SERVICE_ACCOUNT_DIR": str(folder),
            "LITEMAAS_OPENSHIFT_AI_SELECTOR": "litemaas.io/models=true",
        }

    def add_namespace(self, name: str, *, opted_in: bool = True) -> None:
        labels = {"litemaas.io/models": "true"} if opted_in else {}
        self.objects["/api/v1/namespaces"].append({"metadata": {"name": name, "labels": labels}})

    def serve(self, namespace: str, name: str, url: str, *, ready: bool = True, **annotations: str) -> None:
        """Let an InferenceService be there."""
        path = f"{_KSERVE}/v1beta1/namespaces/{namespace}/inferenceservices"
        conditions = [{"type": "Ready", "status": str(ready)}]
        service = {
            "metadata": {"name": name, "namespace": namespace, "annotations": annotations},
            "status": {"url": url, "conditions": conditions},
        }
        self.objects.setdefault(path, []).append(service)

    async def answer(self, call: Call) -> None:
        parts = urlsplit(call.path)
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            await call.send(http(b"{}", "401 Unauthorized"))
        elif parts.path in self.forbidden:
            await call.send(http(b"{}", "403 Forbidden"))
        elif parts.path not in self.objects:
            await call.send(http(b"{}", "404 Not Found"))
        else:
            await call.send(http(json.dumps(self._listed(parts.path, parse_qs(parts.query))).encode()))

    def _listed(self, path: str, query: dict[str, list[str]]) -> dict[str, Any]:
        """A page of a list, as an API server tells it."""
        label, _, value = query.get("labelSelector", [""])[0].partition("=")
        found = [
            one for one in self.objects[path] if not label or one["metadata"].get("labels", {}).get(label) == value
        ]
        begin = int(query.get("continue", ["0"])[0])
        end = begin + self.page
        return {"items": found[begin:end], "metadata": {"continue": str(end)} if end < len(found) else {}}


@asynccontextmanager
async def running_cluster(folder: Path) -> AsyncIterator[Cluster]:
    """An API server behind an authority of its own, which only the service account's folder tells."""
    authority = CertificateAuthority(folder, "cluster")
    clusters: list[Cluster] = []

    async def answer(call: Call) -> None:
        await clusters[0].answer(call)

    account = folder / "account"
    account.mkdir()
    (account / "token").write_text(f"{TOKEN}\n")
    (account / "ca.crt").write_bytes(authority.file.read_bytes())
    async with running_upstream(answer, authority.server_context()) as server:
        clusters.append(Cluster(account, server.address))
        yield clusters[0]


def forget_authority(folder: Path) -> None:
    """Put another authority into the service account's folder than the one that the API server has."""
    other = CertificateAuthority(folder, "other")
    ssl.create_default_context(cafile=str(other.file))
    (folder / "account" / "ca.crt").write_bytes(other.file.read_bytes())

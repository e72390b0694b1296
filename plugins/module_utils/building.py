# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Builds an image inside an OpenShift cluster from an archive that is sent there."""

from __future__ import annotations

import time

from .connection import APPLY_PATCH
from .errors import ClusterError
from .manifest import mark
from .source import CONTAINERFILE

BUILDS = "build.openshift.io/v1"
IMAGES = "image.openshift.io/v1"
POLL_SECONDS = 2
_ENDED_BADLY = ("Failed", "Error", "Cancelled")


class ImageBuild:
    """One image in one namespace; its tag is the digest of what it is built from."""

    def __init__(self, connection, namespace, name, owner):
        self._connection = connection
        self._namespace = namespace
        self._name = name
        self._owner = owner
        self._stream_path = f"/apis/{IMAGES}/namespaces/{namespace}/imagestreams/{name}"
        self._config_path = f"/apis/{BUILDS}/namespaces/{namespace}/buildconfigs/{name}"

    def find(self, tag):
        """Finds the image of a tag.

        Returns:
            Its reference by digest, or None where it has not been built.
        """
        stream = self._connection.get_or_none(self._stream_path) or {}
        for known in (stream.get("status") or {}).get("tags") or ():
            if known["tag"] == tag and known.get("items"):
                return known["items"][0]["dockerImageReference"]
        return None

    def build(self, tag, archive, timeout, report):
        """Builds the image and waits for it.

        Args:
            tag: Its tag.
            archive: What it is built from.
            timeout: Seconds.
            report: Called with a line for each phase of the build.

        Returns:
            Its reference by digest.

        Raises:
            ClusterError: The registry is off, the build failed, or it took too long.
        """
        self._apply(self._stream_path, self._stream())
        self._apply(self._config_path, self._config(tag))
        self._check_registry()
        # The server answers only when the build's pod is there and takes the archive.
        started = self._connection.upload(f"{self._config_path}/instantiatebinary", archive, timeout)
        self._wait(started["metadata"]["name"], time.monotonic() + timeout, report)
        reference = self.find(tag)
        if reference is None:
            message = f"The build of {self._namespace}/{self._name} ended without an image."
            raise ClusterError(message)
        return reference

    def _check_registry(self):
        stream = self._connection.get(self._stream_path)
        if not (stream.get("status") or {}).get("dockerImageRepository"):
            message = (
                "The cluster's image registry is off, so nothing can be built: "
                "switch it on, or set ocp4_workload_litemaas_image to a published image."
            )
            raise ClusterError(message)

    def _wait(self, name, deadline, report):
        path, phase = f"/apis/{BUILDS}/namespaces/{self._namespace}/builds/{name}", None
        while True:
            status = self._connection.get(path).get("status") or {}
            if status.get("phase") != phase:
                phase = status.get("phase")
                report(f"Build {name}: {phase}")
            if phase == "Complete":
                return
            if phase in _ENDED_BADLY:
                said = " ".join(status[part] for part in ("reason", "message", "logSnippet") if status.get(part))
                message = f"Build {name} in namespace {self._namespace} ended as {phase}: {said}"
                raise ClusterError(message)
            if time.monotonic() >= deadline:
                message = f"Build {name} in namespace {self._namespace} is still {phase}: see 'oc logs build/{name}'."
                raise ClusterError(message)
            time.sleep(POLL_SECONDS)

    def _apply(self, path, manifest):
        mark(manifest, self._owner)
        query = {"fieldManager": self._owner, "force": "true"}
        self._connection.request("PATCH", path, manifest, query, APPLY_PATCH)

    def _stream(self):
        # Pods name the image by its digest; the local lookup is for people who name it by its tag.
        return self._manifest(IMAGES, "ImageStream", {"lookupPolicy": {"local": True}})

    def _config(self, tag):
        spec = {
            "source": {"type": "Binary", "binary": {}},
            "strategy": {"type": "Docker", "dockerStrategy": {"dockerfilePath": CONTAINERFILE}},
            "output": {"to": {"kind": "ImageStreamTag", "name": f"{self._name}:{tag}"}},
            "successfulBuildsHistoryLimit": 1,
            "failedBuildsHistoryLimit": 1,
        }
        return self._manifest(BUILDS, "BuildConfig", spec)

    def _manifest(self, api_version, kind, spec):
        metadata = {
            "name": self._name,
            "namespace": self._namespace,
            "labels": {"app.kubernetes.io/part-of": "litemaas"},
        }
        return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}

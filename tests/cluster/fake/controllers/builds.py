"""OpenShift's builds and images: a build ends at once, and its output becomes a tag of the ImageStream.

The image's digest is that of the build's input, so that a test can tell whether the content that was built is the one
sent.
"""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.behaviour import Outcome
from cluster.fake.resources import now
from cluster.fake.store import Event
from cluster.fake.values import at

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

REGISTRY = "image-registry.openshift-image-registry.svc:5000"
_BUILDS = "build.openshift.io"
_IMAGES = "image.openshift.io"


class BuildController:
    """Keys are (namespace, `build/NAME`) and (namespace, `imagestream/NAME`)."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        if event.type == "DELETED" or event.kind.key not in {(_BUILDS, "builds"), (_IMAGES, "imagestreams")}:
            return []
        return [(event.after["metadata"]["namespace"], f"{event.kind.singular}/{event.after['metadata']['name']}")]

    def reconcile(self, namespace: str, name: str) -> None:
        what, _, name = name.partition("/")
        if what == "build":
            self._run(namespace, name)
        else:
            self._locate(namespace, name)

    def _locate(self, namespace: str, name: str) -> None:
        """An ImageStream learns where the registry keeps its images."""
        stream = self._cluster.find("imagestreams", _IMAGES, namespace, name)
        if stream is None:
            return
        status = {name: value for name, value in stream.get("status", {}).items() if name != "dockerImageRepository"}
        if self._cluster.behaviour.switches.image_registry:
            status["dockerImageRepository"] = f"{REGISTRY}/{namespace}/{name}"
        self._cluster.set_status("imagestreams", _IMAGES, stream, status)

    def _run(self, namespace: str, name: str) -> None:
        build = self._cluster.find("builds", _BUILDS, namespace, name)
        if build is None or at(build, "status", "phase") in {"Complete", "Failed"}:
            return
        config = at(build, "status", "config", "name") or name
        rule = self._cluster.behaviour.rollout(namespace, config)
        self._cluster.logs[namespace, name] = rule.log or rule.message
        status = {**build.get("status", {}), "startTimestamp": now(), "completionTimestamp": now()}
        if rule.outcome is Outcome.NEVER:
            self._cluster.set_status("builds", _BUILDS, build, {**build["status"], "phase": "Running"})
            return
        if rule.outcome is not Outcome.COMPLETES:
            status |= {"phase": "Failed", "reason": "DockerBuildFailed", "message": rule.message}
            status["logSnippet"] = rule.log
            self._cluster.set_status("builds", _BUILDS, build, status)
            return
        digest = self._cluster.archives.get((namespace, name)) or hashlib.sha256(name.encode()).hexdigest()
        image = f"sha256:{digest}"
        status |= {"phase": "Complete", "output": {"to": {"imageDigest": image}}}
        self._cluster.set_status("builds", _BUILDS, build, status)
        target = at(build, "spec", "output", "to") or {}
        if target.get("kind") == "ImageStreamTag":
            self._tag(target.get("namespace", namespace), target["name"], image)

    def _tag(self, namespace: str, stream_tag: str, image: str) -> None:
        stream_name, _, tag = stream_tag.partition(":")
        stream = self._cluster.find("imagestreams", _IMAGES, namespace, stream_name)
        if stream is None:
            return
        reference = f"{REGISTRY}/{namespace}/{stream_name}@{image}"
        item = {"created": now(), "dockerImageReference": reference, "image": image, "generation": 1}
        status = dict(stream.get("status", {}))
        tags = {known["tag"]: known["items"] for known in status.get("tags", ())}
        tags[tag] = [item, *tags.get(tag, [])]
        status["tags"] = [{"tag": known, "items": items} for known, items in tags.items()]
        self._cluster.set_status("imagestreams", _IMAGES, stream, status)
        self._cluster.remove("imagestreamtags", _IMAGES, namespace, stream_tag)
        self._cluster.create(
            "imagestreamtags",
            _IMAGES,
            {
                "metadata": {"name": stream_tag, "namespace": namespace},
                "image": {"metadata": {"name": image}, "dockerImageReference": reference},
            },
        )

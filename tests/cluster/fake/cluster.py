"""The cluster as a whole: wires kinds, objects, users, behaviour and controllers; everything above it is HTTP."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Literal

from .admission import Admission
from .behaviour import Behaviour
from .controllers import WorkQueue, assemble
from .decoding import Write
from .kinds import Kind, KindRegistry, built_in_kinds, custom_kinds
from .kubelet import Kubelet
from .request_log import RequestLog
from .resources import Resources, now
from .schemas import Schemas
from .store import Store
from .users import Directory, User
from .validation import Validator
from .values import Json

Profile = Literal["openshift", "kubernetes"]
_SYSTEM = User("system:kube-controller-manager", cluster_admin=True)


class Cluster:
    """All state, in memory. Create it inside a running event loop: controllers run on it."""

    def __init__(
        self,
        version: str,
        profile: Profile,
        seed: Callable[["Cluster"], None],
        *,
        server_url: str,
        certificate_authority: str,
    ) -> None:
        self.version = version
        self.profile = profile
        self.server_url = server_url
        self.certificate_authority = certificate_authority  # PEM
        self.schemas = Schemas(version)
        self.directory = Directory()
        self.requests = RequestLog()
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        """Back to a new cluster; users, their tokens and the cluster's addresses stay."""
        self.kinds = KindRegistry()
        self.kinds.add(built_in_kinds(self.schemas))
        self.store = Store()
        self.behaviour = Behaviour()
        self.directory.denials.clear()
        self.requests.clear()
        self.logs: dict[tuple[str, str], str] = {}  # what pods and builds printed, by namespace and name
        self.archives: dict[tuple[str, str], str] = {}  # digests of binary build inputs, by namespace and build
        admission = Admission(self.store, self.kinds, self.behaviour, self.directory)
        self.resources = Resources(self.store, Validator(self.schemas), admission)
        self.kubelet = Kubelet(self)
        self.controllers = WorkQueue(self.store, self.kinds, assemble(self))
        self._seed(self)

    def define(self, definitions: Iterable[Json]) -> None:
        """Serve the kinds of these CustomResourceDefinitions without storing the definitions."""
        for definition in definitions:
            self.kinds.add(custom_kinds(definition, self.schemas))

    def kind(self, plural: str, group: str = "") -> Kind:
        return self.kinds.named(plural, group)

    def find(self, plural: str, group: str, namespace: str, name: str) -> Json | None:
        return self.store.get(self.kind(plural, group), namespace, name)

    def create(self, plural: str, group: str, body: Json) -> Json:
        """Create as the cluster's own controllers do: validated and admitted like any other write.

        Raises:
            StatusError: as for any client.
        """
        write = Write(_SYSTEM, "kube-controller-manager")
        namespace = body["metadata"].get("namespace", "")
        return self.resources.create(self.kind(plural, group), namespace, body, write)

    def set_status(self, plural: str, group: str, found: Json, status: Json) -> None:
        """Write a status, unless nothing about it changed; conditions that stay keep their times."""
        previous = found.get("status", {})
        if "conditions" in status:
            status["conditions"] = _with_times(status["conditions"], previous.get("conditions", ()))
        if status != previous:
            metadata = dict(found["metadata"])
            self.store.put(self.kind(plural, group), {**found, "metadata": metadata, "status": status})

    def remove(self, plural: str, group: str, namespace: str, name: str) -> None:
        """Delete an object if it is there."""
        kind = self.kind(plural, group)
        if self.store.get(kind, namespace, name) is not None:
            self.resources.delete(kind, namespace, name, {}, dry_run=False)

    def release_dependents(self, owner: Json) -> None:
        """Take the owner out of the objects that it owns, so that they outlive it."""
        uid = owner["metadata"]["uid"]
        for kind in self.kinds:
            for found in list(self.store.select(kind)):
                references = found["metadata"].get("ownerReferences", ())
                if any(reference["uid"] == uid for reference in references):
                    kept = [reference for reference in references if reference["uid"] != uid]
                    self.store.put(kind, {**found, "metadata": {**found["metadata"], "ownerReferences": kept}})

    def warn(self, plural: str, group: str, found: Json, reason: str, message: str) -> None:
        """Record a warning Event about an object; the same one is recorded once."""
        metadata = found["metadata"]
        kind = self.kind(plural, group)
        digest = hashlib.sha256(f"{metadata['uid']}{reason}{message}".encode()).hexdigest()[:16]
        event = {
            "metadata": {"name": f"{metadata['name']}.{digest}", "namespace": metadata["namespace"]},
            "involvedObject": {
                "apiVersion": kind.api_version,
                "kind": kind.kind,
                "name": metadata["name"],
                "namespace": metadata["namespace"],
                "uid": metadata["uid"],
            },
            "type": "Warning",
            "reason": reason,
            "message": message,
            "count": 1,
            "firstTimestamp": now(),
            "lastTimestamp": now(),
            "source": {"component": "fake-cluster"},
        }
        if self.find("events", "", metadata["namespace"], event["metadata"]["name"]) is None:
            self.create("events", "", event)


def _with_times(conditions: list[Json], previous: Iterable[Json]) -> list[Json]:
    known = {condition["type"]: condition for condition in previous}
    result = []
    for condition in conditions:
        before = known.get(condition["type"], {})
        unchanged = all(before.get(name) == condition.get(name) for name in ("status", "reason", "message"))
        if unchanged:
            result.append(before)
            continue
        kept = before.get("lastTransitionTime") if before.get("status") == condition["status"] else None
        result.append({**condition, "lastTransitionTime": kept or now()})
    return result

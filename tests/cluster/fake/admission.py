"""What the server decides about an object before it stores it: the admission plug-ins that a deployment meets."""

import ipaddress
import itertools

from . import pod_security, security_contexts
from .behaviour import Behaviour
from .decoding import Write
from .errors import Cause, forbidden, forbidden_change, invalid, invalid_value, not_found
from .kinds import Kind, KindRegistry
from .store import Store
from .users import Access, Directory
from .values import Json, at, quantity

DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
_HOST_GENERATED = "openshift.io/host.generated"
_TEMPLATES = {
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "Deployment": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
}
_FIRST_UID = 1_000_700_000


class Admission:
    """Call it with the object in its final form; it completes the object in place or refuses it."""

    def __init__(self, store: Store, kinds: KindRegistry, behaviour: Behaviour, directory: Directory) -> None:
        self._store = store
        self._directory = directory
        self._kinds = kinds
        self._behaviour = behaviour
        self._addresses = ipaddress.ip_network("172.30.0.0/16").hosts()
        self._uid_blocks = itertools.count()

    def __call__(self, found: Json, before: Json | None, kind: Kind, write: Write) -> None:
        """Raises StatusError 403, 404 or 422."""
        namespace = self._living_namespace(found, before, kind) if kind.namespaced else None
        if kind.kind in _TEMPLATES and not kind.custom:
            self._workload(found, namespace, kind, write)
        if before is None and (plugin := self._at_creation(kind)) is not None:
            plugin(found, namespace, kind)
        if before is not None and kind.key == ("", "persistentvolumeclaims"):
            self._resized_claim(found, before, kind)
        if kind.key == ("route.openshift.io", "routes"):
            self._route_host(found, before, kind, write)
        if before is not None and kind.key == ("", "services") and "clusterIP" in before["spec"]:
            found["spec"].setdefault("clusterIP", before["spec"]["clusterIP"])
            found["spec"].setdefault("clusterIPs", before["spec"]["clusterIPs"])

    def _at_creation(self, kind: Kind):
        return {
            ("", "namespaces"): self._new_namespace,
            ("", "persistentvolumeclaims"): self._new_claim,
            ("", "pods"): self._new_pod,
            ("", "services"): self._new_service,
        }.get(kind.key)

    def _living_namespace(self, found: Json, before: Json | None, kind: Kind) -> Json:
        name = found["metadata"]["namespace"]
        namespaces = self._kinds.named("namespaces")
        namespace = self._store.get(namespaces, "", name)
        if namespace is None:
            raise not_found(namespaces, name)
        if before is None and namespace["metadata"].get("deletionTimestamp"):
            why = f"unable to create new content in namespace {name} because it is being terminated"
            cause = Cause("NamespaceTerminating", f"namespace {name} is being terminated", "metadata.namespace")
            raise forbidden(kind, found["metadata"]["name"], why, [cause])
        return namespace

    def _workload(self, found: Json, namespace: Json, kind: Kind, write: Write) -> None:
        """Pods are refused one by one, their workload only warned of; the strict mode refuses it outright."""
        spec = at(found, *_TEMPLATES[kind.kind])
        labels = namespace["metadata"].get("labels", {})
        for label in (pod_security.WARN, pod_security.ENFORCE):
            level = labels.get(label, "privileged")
            if broken := pod_security.violations(spec, level):
                write.warnings.append(f'would violate PodSecurity "{level}:latest": {", ".join(broken)}')
                break
        if self._behaviour.switches.security_context_constraints == "templates":
            self._refuse_by_constraint(spec, found["metadata"]["name"], namespace, kind)

    def _refuse_by_constraint(self, spec: Json, name: str, namespace: Json, kind: Kind) -> None:
        if refused := security_contexts.refusals(spec, namespace):
            listed = ", ".join(refused)
            raise forbidden(kind, name, f"unable to validate against any security context constraint: [{listed}]")

    def _new_namespace(self, found: Json, namespace: None, kind: Kind) -> None:
        if not self._kinds.has("securitycontextconstraints", "security.openshift.io"):
            return
        block = next(self._uid_blocks)
        annotations = found["metadata"].setdefault("annotations", {})
        uids = f"{_FIRST_UID + block * security_contexts.RANGE_SIZE}/{security_contexts.RANGE_SIZE}"
        annotations.setdefault(security_contexts.UID_RANGE, uids)
        annotations.setdefault(security_contexts.GROUPS, uids)
        annotations.setdefault(security_contexts.LEVEL, f"s0:c{block % 1024},c{block % 512}")

    def _new_claim(self, found: Json, namespace: Json, kind: Kind) -> None:
        if "storageClassName" in found["spec"]:
            return
        for each in self._store.select(self._kinds.named("storageclasses", "storage.k8s.io")):
            if at(each, "metadata", "annotations", DEFAULT_CLASS) == "true":
                found["spec"]["storageClassName"] = each["metadata"]["name"]
                return

    def _resized_claim(self, found: Json, before: Json, kind: Kind) -> None:
        """Source: kubernetes `plugin/pkg/admission/storage/persistentvolume/resize`."""
        asked, had = (quantity(at(one, "spec", "resources", "requests", "storage")) for one in (found, before))
        classes = self._kinds.named("storageclasses", "storage.k8s.io")
        storage_class = self._store.get(classes, "", found["spec"].get("storageClassName", ""))
        if asked > had and not (storage_class or {}).get("allowVolumeExpansion"):
            why = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must"
            raise forbidden(kind, found["metadata"]["name"], f"{why} support resize")

    def _new_pod(self, found: Json, namespace: Json, kind: Kind) -> None:
        name, spec = found["metadata"]["name"], found["spec"]
        account = spec.setdefault("serviceAccountName", "default")
        spec.setdefault("serviceAccount", account)
        accounts = self._kinds.named("serviceaccounts")
        where = namespace["metadata"]["name"]
        if self._store.get(accounts, where, account) is None:
            raise forbidden(
                kind, name, f'error looking up service account {where}/{account}: serviceaccount "{account}" not found'
            )
        if self._behaviour.switches.security_context_constraints != "off":
            self._refuse_by_constraint(spec, name, namespace, kind)
            security_contexts.fill_in(found, namespace)
        level = namespace["metadata"].get("labels", {}).get(pod_security.ENFORCE, "privileged")
        if broken := pod_security.violations(spec, level):
            raise forbidden(kind, name, f'violates PodSecurity "{level}:latest": {", ".join(broken)}')

    def _new_service(self, found: Json, namespace: Json, kind: Kind) -> None:
        spec = found["spec"]
        if spec["type"] != "ExternalName":
            spec.setdefault("clusterIP", "")
            spec["clusterIP"] = spec["clusterIP"] or str(next(self._addresses))
            spec["clusterIPs"] = [spec["clusterIP"]]

    def _route_host(self, found: Json, before: Json | None, kind: Kind, write: Write) -> None:
        """A Route without a host gets one; to choose or change it takes a permission of its own."""
        metadata, spec = found["metadata"], found["spec"]
        previous = before["spec"]["host"] if before is not None else ""
        host = spec.get("host") or previous
        if not host:
            label = spec.get("subdomain") or f"{metadata['name']}-{metadata['namespace']}"
            spec["host"] = f"{label}.{self._behaviour.switches.ingress_domain}"
            metadata.setdefault("annotations", {})[_HOST_GENERATED] = "true"
            return
        spec["host"] = host
        verb = "update" if before is not None else "create"
        access = Access(verb, "routes/custom-host", kind.group, metadata["namespace"], metadata["name"])
        if host != previous and not self._directory.allows(write.user, access):
            if before is not None:
                cause = invalid_value("spec.host", host, "field is immutable")
            else:
                cause = forbidden_change("spec.host", "you do not have permission to set the host field of the route")
            raise invalid(kind, metadata["name"], [cause])

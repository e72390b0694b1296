"""What an object must satisfy beyond its schema, and what may not change once it exists.

Source: kubernetes `pkg/apis/*/validation`, the rules that deployments meet in practice.
"""

import re
from collections.abc import Callable, Iterator

from .errors import Cause, forbidden_change, invalid, invalid_value, required, unsupported_value
from .kinds import Kind
from .pod_rules import LABEL, pod_spec_causes
from .selectors import matches_labels
from .values import Json, at, quantity

Rule = Callable[[Json, Json | None], Iterator[Cause]]

_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_SERVICE_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_LABEL_KEY = re.compile(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_DATA_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")
_CRON_FIELDS = 5
_MAX_NAME = 253
_MUTABLE_STATEFUL_SET_FIELDS = {
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
}


def check_rules(found: Json, before: Json | None, kind: Kind) -> None:
    """Refuse what breaks a rule.

    Args:
        found: The object as it would be stored, with its defaults.
        before: The object that it replaces, or None.
        kind: The object's kind.

    Raises:
        StatusError: 422 with one cause for each broken rule.
    """
    causes = list(_metadata_causes(found, kind))
    for rule in _RULES.get(kind.kind if not kind.custom else f"{kind.kind}.{kind.group}", ()):
        causes += rule(found, before)
    if causes:
        raise invalid(kind, found["metadata"]["name"], causes)


def _metadata_causes(found: Json, kind: Kind) -> Iterator[Cause]:
    name = found["metadata"]["name"]
    if kind.kind == "Namespace" and not LABEL.fullmatch(name):
        yield invalid_value(
            "metadata.name", name, "a lowercase RFC 1123 label must consist of lower case alphanumerics"
        )
    elif kind.kind == "Service" and not kind.custom and not _SERVICE_NAME.fullmatch(name):
        yield invalid_value("metadata.name", name, "a DNS-1035 label must start with a letter")
    elif not _names_freely(kind) and not (_SUBDOMAIN.fullmatch(name) and len(name) <= _MAX_NAME):
        yield invalid_value(
            "metadata.name", name, "a lowercase RFC 1123 subdomain must consist of lower case alphanumerics"
        )
    yield from _label_causes(found["metadata"].get("labels", {}), "metadata.labels")
    for key in found["metadata"].get("annotations", {}):
        if not _LABEL_KEY.fullmatch(key.lower()):
            yield invalid_value("metadata.annotations", key, "name part must consist of alphanumeric characters")


def _names_freely(kind: Kind) -> bool:
    """RBAC names and OpenShift's users and tags may hold colons."""
    return kind.group.endswith(("rbac.authorization.k8s.io", "user.openshift.io", "image.openshift.io"))


def _label_causes(labels: Json, path: str) -> Iterator[Cause]:
    for key, value in labels.items():
        if not _LABEL_KEY.fullmatch(key):
            yield invalid_value(path, key, "name part must consist of alphanumeric characters, '-', '_' or '.'")
        if not _LABEL_VALUE.fullmatch(value):
            yield invalid_value(path, value, "a valid label must be an empty string or consist of alphanumerics")


def _pod(found: Json, before: Json | None) -> Iterator[Cause]:
    yield from pod_spec_causes(found["spec"], "spec")


def _template(found: Json, before: Json | None) -> Iterator[Cause]:
    yield from _label_causes(at(found, "spec", "template", "metadata", "labels") or {}, "spec.template.metadata.labels")
    claims = frozenset(claim["metadata"]["name"] for claim in found["spec"].get("volumeClaimTemplates", ()))
    yield from pod_spec_causes(at(found, "spec", "template", "spec") or {}, "spec.template.spec", claims)


def _selector(found: Json, before: Json | None) -> Iterator[Cause]:
    selector = found["spec"]["selector"]
    labels = at(found, "spec", "template", "metadata", "labels") or {}
    if not selector:
        yield invalid_value("spec.selector", "{}", "empty selector is invalid for deployment")
    elif not matches_labels(selector, labels):
        yield invalid_value("spec.template.metadata.labels", str(labels), "`selector` does not match template `labels`")


def _immutable(*path: str) -> Rule:
    def rule(found: Json, before: Json | None) -> Iterator[Cause]:
        if before is not None and at(before, *path) != at(found, *path):
            yield invalid_value(".".join(path), str(at(found, *path)), "field is immutable")

    return rule


def _stateful_set(found: Json, before: Json | None) -> Iterator[Cause]:
    if before is None:
        return
    fields = set(before["spec"]) | set(found["spec"])
    if any(before["spec"].get(name) != found["spec"].get(name) for name in fields - _MUTABLE_STATEFUL_SET_FIELDS):
        listed = "', '".join(sorted(_MUTABLE_STATEFUL_SET_FIELDS))
        yield forbidden_change("spec", f"updates to statefulset spec for fields other than '{listed}' are forbidden")


def _claim(found: Json, before: Json | None) -> Iterator[Cause]:
    if not found["spec"].get("accessModes"):
        yield required("spec.accessModes", "at least 1 access mode is required")
    if not at(found, "spec", "resources", "requests", "storage"):
        yield required("spec.resources[storage]")
    if before is not None:
        fixed = {"accessModes", "storageClassName", "volumeMode", "selector"}
        if any(before["spec"].get(name) != found["spec"].get(name) for name in fixed):
            yield forbidden_change("spec", "spec is immutable after creation except resources.requests")
        capacity, asked = (
            at(before, "status", "capacity", "storage"),
            at(found, "spec", "resources", "requests", "storage"),
        )
        if capacity and asked and quantity(asked) < quantity(capacity):
            yield forbidden_change("spec.resources.requests.storage", "field can not be less than status.capacity")


def _service(found: Json, before: Json | None) -> Iterator[Cause]:
    spec = found["spec"]
    ports = spec.get("ports", ())
    if not ports and spec["type"] != "ExternalName" and spec.get("clusterIP") != "None":
        yield required("spec.ports")
    names = [port.get("name", "") for port in ports]
    if len(ports) > 1 and not all(names):
        yield required("spec.ports[0].name")
    if len(set(names)) < len(names):
        yield Cause("FieldValueDuplicate", f'Duplicate value: "{names[0]}"', "spec.ports[1].name")


def _keys(found: Json, before: Json | None) -> Iterator[Cause]:
    for key in found.get("data", {}):
        if not _DATA_KEY.fullmatch(key):
            yield invalid_value(
                f"data[{key}]", key, "a valid config key must consist of alphanumerics, '-', '_' or '.'"
            )
    if before is not None and before.get("immutable") and before.get("data") != found.get("data"):
        yield forbidden_change("data", "field is immutable when `immutable` is set")


def _disruption_budget(found: Json, before: Json | None) -> Iterator[Cause]:
    if {"minAvailable", "maxUnavailable"} <= set(found["spec"]):
        yield invalid_value("spec", "", "minAvailable and maxUnavailable cannot be both set")


def _cron_job(found: Json, before: Json | None) -> Iterator[Cause]:
    schedule = found["spec"]["schedule"]
    if not schedule.startswith("@") and len(schedule.split()) != _CRON_FIELDS:
        yield invalid_value("spec.schedule", schedule, "expected exactly 5 fields")
    job_spec = found["spec"]["jobTemplate"]["spec"]
    yield from pod_spec_causes(at(job_spec, "template", "spec") or {}, "spec.jobTemplate.spec.template.spec")
    yield from _job_restart_policy(job_spec, "spec.jobTemplate.spec")


def _job(found: Json, before: Json | None) -> Iterator[Cause]:
    yield from _job_restart_policy(found["spec"], "spec")


def _job_restart_policy(job_spec: Json, path: str) -> Iterator[Cause]:
    policy = job_spec["template"]["spec"].get("restartPolicy")
    if policy not in {"OnFailure", "Never"}:
        yield unsupported_value(f"{path}.template.spec.restartPolicy", policy, ["OnFailure", "Never"])


def _route(found: Json, before: Json | None) -> Iterator[Cause]:
    tls = found["spec"].get("tls", {})
    if tls.get("termination") == "passthrough" and tls.get("insecureEdgeTerminationPolicy") == "Allow":
        why = "cannot have both spec.tls.termination: passthrough and spec.tls.insecureEdgeTerminationPolicy: Allow"
        yield invalid_value("spec.tls", "object", why)


def _oauth_client(found: Json, before: Json | None) -> Iterator[Cause]:
    for index, uri in enumerate(found.get("redirectURIs", ())):
        if "#" in uri or not uri:
            yield invalid_value(f"redirectURIs[{index}]", uri, "may not be empty or have a fragment")


_SELECTED_TEMPLATE = (_selector, _template, _immutable("spec", "selector"))
_RULES: dict[str, tuple[Rule, ...]] = {
    "ClusterRoleBinding": (_immutable("roleRef"),),
    "ConfigMap": (_keys,),
    "CronJob": (_cron_job,),
    "DaemonSet": _SELECTED_TEMPLATE,
    "Deployment": _SELECTED_TEMPLATE,
    "Job": (_template, _job, _immutable("spec", "template"), _immutable("spec", "selector")),
    "OAuthClient.oauth.openshift.io": (_oauth_client,),
    "PersistentVolumeClaim": (_claim,),
    "Pod": (_pod,),
    "PodDisruptionBudget": (_disruption_budget,),
    "RoleBinding": (_immutable("roleRef"),),
    "Route.route.openshift.io": (_route,),
    "Secret": (_keys, _immutable("type")),
    "Service": (_service, _immutable("spec", "clusterIP")),
    "StatefulSet": (_stateful_set, _selector, _template),
    "StorageClass": (_immutable("provisioner"), _immutable("parameters")),
}

"""The defaults that the server fills into Kubernetes' own kinds before it stores them.

Source: the `defaults.go` of each API group in kubernetes, reduced to the fields of kinds that a deployment uses.
"""

import base64
import binascii

from .errors import StatusError
from .kinds import Kind
from .pod_defaults import default_pod_spec
from .validation import set_schema_defaults
from .values import Json, at

_ROLLING = {"maxUnavailable": "25%", "maxSurge": "25%"}


def set_defaults(found: Json, kind: Kind) -> None:
    """Fill in, in place.

    Raises:
        StatusError: 400, a Secret's data is not base64.
    """
    if kind.custom:
        set_schema_defaults(found, kind.schema)
        return
    defaulter = _DEFAULTERS.get(kind.kind)
    if defaulter is not None:
        defaulter(found)


def _fill(target: Json, **defaults: object) -> None:
    for name, value in defaults.items():
        target.setdefault(name, dict(value) if isinstance(value, dict) else value)


def _pod(found: Json) -> None:
    default_pod_spec(found["spec"])
    _fill(found["spec"], enableServiceLinks=True)
    for container in (*found["spec"].get("initContainers", ()), *found["spec"]["containers"]):
        limits = container["resources"].get("limits", {})
        if limits:
            container["resources"].setdefault("requests", {})
        for name, value in limits.items():
            container["resources"]["requests"].setdefault(name, value)


def _template(spec: Json) -> None:
    template_spec = at(spec, "template", "spec")
    if template_spec is not None:
        default_pod_spec(template_spec)


def _deployment(found: Json) -> None:
    spec = found["spec"]
    _fill(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600, strategy={})
    _fill(spec["strategy"], type="RollingUpdate")
    if spec["strategy"]["type"] == "RollingUpdate":
        _fill(spec["strategy"], rollingUpdate={})
        _fill(spec["strategy"]["rollingUpdate"], **_ROLLING)
    _template(spec)


def _stateful_set(found: Json) -> None:
    spec = found["spec"]
    _fill(spec, replicas=1, revisionHistoryLimit=10, podManagementPolicy="OrderedReady", updateStrategy={})
    _fill(spec["updateStrategy"], type="RollingUpdate")
    if spec["updateStrategy"]["type"] == "RollingUpdate":
        _fill(spec["updateStrategy"], rollingUpdate={})
        _fill(spec["updateStrategy"]["rollingUpdate"], partition=0)
    _fill(spec, persistentVolumeClaimRetentionPolicy={"whenDeleted": "Retain", "whenScaled": "Retain"})
    for claim in spec.get("volumeClaimTemplates", ()):
        _fill(claim, apiVersion="v1", kind="PersistentVolumeClaim", status={"phase": "Pending"})
        _fill(claim["spec"], volumeMode="Filesystem")
    _template(spec)


def _daemon_set(found: Json) -> None:
    _fill(found["spec"], revisionHistoryLimit=10, updateStrategy={"type": "RollingUpdate"})
    _template(found["spec"])


def _job_spec(spec: Json) -> None:
    _fill(spec, completions=1, parallelism=1, backoffLimit=6, completionMode="NonIndexed", suspend=False)
    _template(spec)


def _job(found: Json) -> None:
    _job_spec(found["spec"])
    uid = found["metadata"]["uid"]
    labels = found["spec"]["template"].setdefault("metadata", {}).setdefault("labels", {})
    _fill(
        labels,
        **{"batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": found["metadata"]["name"]},
    )
    _fill(found["spec"], selector={"matchLabels": {"batch.kubernetes.io/controller-uid": uid}})


def _cron_job(found: Json) -> None:
    _fill(
        found["spec"],
        concurrencyPolicy="Allow",
        suspend=False,
        successfulJobsHistoryLimit=3,
        failedJobsHistoryLimit=1,
    )
    _template(found["spec"]["jobTemplate"]["spec"])


def _service(found: Json) -> None:
    spec = found.setdefault("spec", {})
    _fill(spec, type="ClusterIP", sessionAffinity="None")
    if spec["type"] != "ExternalName":
        _fill(spec, internalTrafficPolicy="Cluster", ipFamilies=["IPv4"], ipFamilyPolicy="SingleStack")
    for port in spec.get("ports", ()):
        _fill(port, protocol="TCP", targetPort=port.get("port"))


def _persistent_volume_claim(found: Json) -> None:
    _fill(found["spec"], volumeMode="Filesystem")
    _fill(found, status={"phase": "Pending"})


def _secret(found: Json) -> None:
    _fill(found, type="Opaque")
    for name, value in found.get("data", {}).items():
        try:
            base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as error:
            message = f'Secret in version "v1" cannot be handled as a Secret: illegal base64 data in data.{name}'
            raise StatusError(400, "BadRequest", message) from error
    plain = found.pop("stringData", None)
    if plain:
        encoded = {name: base64.b64encode(text.encode()).decode() for name, text in plain.items()}
        found["data"] = {**found.get("data", {}), **encoded}


def _network_policy(found: Json) -> None:
    spec = found["spec"]
    _fill(spec, podSelector={}, policyTypes=["Ingress", *(["Egress"] if spec.get("egress") else [])])
    for rule in (*spec.get("ingress", ()), *spec.get("egress", ())):
        for port in rule.get("ports", ()):
            _fill(port, protocol="TCP")


def _role_binding(found: Json) -> None:
    _fill(found["roleRef"], apiGroup="rbac.authorization.k8s.io")
    for subject in found.get("subjects", ()):
        _fill(subject, apiGroup="" if subject["kind"] == "ServiceAccount" else "rbac.authorization.k8s.io")
        if not subject["apiGroup"]:
            del subject["apiGroup"]


def _storage_class(found: Json) -> None:
    _fill(found, reclaimPolicy="Delete", volumeBindingMode="Immediate")


def _namespace(found: Json) -> None:
    found["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = found["metadata"]["name"]
    _fill(found, spec={}, status={"phase": "Active"})
    _fill(found["spec"], finalizers=["kubernetes"])


def _horizontal_pod_autoscaler(found: Json) -> None:
    _fill(found["spec"], minReplicas=1)


_DEFAULTERS = {
    "CronJob": _cron_job,
    "DaemonSet": _daemon_set,
    "Deployment": _deployment,
    "HorizontalPodAutoscaler": _horizontal_pod_autoscaler,
    "Job": _job,
    "Namespace": _namespace,
    "NetworkPolicy": _network_policy,
    "PersistentVolumeClaim": _persistent_volume_claim,
    "Pod": _pod,
    "ClusterRoleBinding": _role_binding,
    "RoleBinding": _role_binding,
    "Secret": _secret,
    "Service": _service,
    "StatefulSet": _stateful_set,
    "StorageClass": _storage_class,
}

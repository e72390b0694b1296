"""The defaults of a pod's spec, wherever it stands: in a Pod or in a workload's template.

Source: kubernetes `pkg/apis/core/v1/defaults.go`. They matter to the tests because a module that compares what it sent
with what is stored sees them as differences.
"""

from .values import Json


def default_pod_spec(spec: Json) -> None:
    """Fill in, in place."""
    _fill(
        spec,
        restartPolicy="Always",
        dnsPolicy="ClusterFirst",
        schedulerName="default-scheduler",
        terminationGracePeriodSeconds=30,
    )
    spec.setdefault("securityContext", {})
    if spec.get("serviceAccountName"):
        spec["serviceAccount"] = spec["serviceAccountName"]
    for container in (*spec.get("initContainers", ()), *spec.get("containers", ())):
        _default_container(container)
    for volume in spec.get("volumes", ()):
        _default_volume(volume)


def _fill(target: Json, **defaults: object) -> None:
    for name, value in defaults.items():
        target.setdefault(name, value)


def _default_container(container: Json) -> None:
    _fill(
        container,
        terminationMessagePath="/dev/termination-log",
        terminationMessagePolicy="File",
        imagePullPolicy="Always" if _is_latest(container.get("image", "")) else "IfNotPresent",
    )
    container.setdefault("resources", {})
    for port in container.get("ports", ()):
        port.setdefault("protocol", "TCP")
    for variable in container.get("env", ()):
        field_reference = variable.get("valueFrom", {}).get("fieldRef")
        if field_reference is not None:
            field_reference.setdefault("apiVersion", "v1")
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if name in container:
            _default_probe(container[name])


def _is_latest(image: str) -> bool:
    if "@" in image:
        return False
    tag = image.rpartition("/")[2].partition(":")[2]
    return tag in {"", "latest"}


def _default_probe(probe: Json) -> None:
    _fill(probe, timeoutSeconds=1, periodSeconds=10, successThreshold=1, failureThreshold=3)
    if "httpGet" in probe:
        _fill(probe["httpGet"], path="/", scheme="HTTP")
    if "grpc" in probe:
        _fill(probe["grpc"], service="")


def _default_volume(volume: Json) -> None:
    for name in ("secret", "configMap", "projected", "downwardAPI"):
        if name in volume:
            _fill(volume[name], defaultMode=420)
    for source in volume.get("projected", {}).get("sources", ()):
        if "serviceAccountToken" in source:
            _fill(source["serviceAccountToken"], expirationSeconds=3600)
    if "hostPath" in volume:
        _fill(volume["hostPath"], type="")
    if not set(volume) - {"name"}:
        volume["emptyDir"] = {}

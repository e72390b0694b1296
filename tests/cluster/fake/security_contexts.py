"""OpenShift's SecurityContextConstraints `restricted-v2`: what it refuses of a pod, and what it fills in.

Source: openshift/apiserver-library-go `securitycontextconstraints`, and the constraint as a cluster ships it.
"""

from collections.abc import Iterator

from .pod_security import containers_of
from .values import Json

UID_RANGE = "openshift.io/sa.scc.uid-range"
GROUPS = "openshift.io/sa.scc.supplemental-groups"
LEVEL = "openshift.io/sa.scc.mcs"
RANGE_SIZE = 10_000
_VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
}


def first_uid(namespace: Json) -> int:
    """The lowest of the user ids that the namespace's pods may have."""
    return int(namespace["metadata"]["annotations"][UID_RANGE].partition("/")[0])


def refusals(spec: Json, namespace: Json) -> list[str]:
    """Why `restricted-v2` does not admit a pod of this spec, in the server's words; empty where it does."""
    found = list(_pod_refusals(spec, namespace))
    for field in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(field, ())):
            where = f".{field}[{index}]"
            found += _container_refusals(container, where, namespace)
    return [f"provider restricted-v2: {why}" for why in found]


def _pod_refusals(spec: Json, namespace: Json) -> Iterator[str]:
    context = spec.get("securityContext", {})
    first = first_uid(namespace)
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(name):
            yield (
                f".spec.securityContext.{name}: Invalid value: true: "
                f"Host {name.removeprefix('host').lower()} is not allowed to be used"
            )
    if "fsGroup" in context and not first <= context["fsGroup"] < first + RANGE_SIZE:
        yield (
            f".spec.securityContext.fsGroup: Invalid value: []int64{{{context['fsGroup']}}}: "
            f"{context['fsGroup']} is not an allowed group"
        )
    yield from _user_refusals(context, ".spec.securityContext", first)
    for index, volume in enumerate(spec.get("volumes", ())):
        for name in sorted(set(volume) - {"name"} - _VOLUMES):
            yield f'spec.volumes[{index}]: Invalid value: "{name}": {name} volumes are not allowed to be used'


def _container_refusals(container: Json, where: str, namespace: Json) -> Iterator[str]:
    context = container.get("securityContext", {})
    if context.get("privileged"):
        yield f"{where}.privileged: Invalid value: true: Privileged containers are not allowed"
    if context.get("allowPrivilegeEscalation"):
        yield (
            f"{where}.allowPrivilegeEscalation: Invalid value: true: "
            "Allowing privilege escalation for containers is not allowed"
        )
    for name in context.get("capabilities", {}).get("add", ()):
        if name != "NET_BIND_SERVICE":
            yield f'{where}.capabilities.add: Invalid value: "{name}": capability may not be added'
    if context.get("seccompProfile", {}).get("type") == "Unconfined":
        yield f"{where}.seccomp: Forbidden: unconfined is not an allowed seccomp profile"
    yield from _user_refusals(context, where, first_uid(namespace))
    for port in container.get("ports", ()):
        if port.get("hostPort"):
            yield f"{where}.hostPort: Invalid value: {port['hostPort']}: Host ports are not allowed to be used"


def _user_refusals(context: Json, where: str, first: int) -> Iterator[str]:
    user = context.get("runAsUser")
    if user is not None and not first <= user < first + RANGE_SIZE:
        yield f"{where}.runAsUser: Invalid value: {user}: must be in the ranges: [{first}, {first + RANGE_SIZE - 1}]"


def fill_in(found: Json, namespace: Json) -> None:
    """Give an admitted pod, in place, the ids of its namespace and the defaults of `restricted-v2`."""
    spec = found["spec"]
    first = first_uid(namespace)
    context = spec.setdefault("securityContext", {})
    context.setdefault("fsGroup", first)
    context.setdefault("seLinuxOptions", {"level": namespace["metadata"]["annotations"][LEVEL]})
    context.setdefault("seccompProfile", {"type": "RuntimeDefault"})
    for container in containers_of(spec):
        own = container.setdefault("securityContext", {})
        own.setdefault("allowPrivilegeEscalation", False)
        own.setdefault("runAsUser", context.get("runAsUser", first))
        own.setdefault("runAsNonRoot", True)
        dropped = own.setdefault("capabilities", {}).setdefault("drop", ["ALL"])
        if "ALL" not in dropped:
            dropped.append("ALL")
    found["metadata"].setdefault("annotations", {})["openshift.io/scc"] = "restricted-v2"

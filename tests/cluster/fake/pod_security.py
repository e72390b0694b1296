"""Pod Security Standards, as a namespace's `pod-security.kubernetes.io/enforce` label asks for them.

Source: Kubernetes documentation, "Pod Security Standards"; the sentences are those of `k8s.io/pod-security-admission`.
"""

from collections.abc import Iterator

from .values import Json, at

ENFORCE = "pod-security.kubernetes.io/enforce"
WARN = "pod-security.kubernetes.io/warn"
_RESTRICTED_VOLUMES = {
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


def violations(spec: Json, level: str) -> list[str]:
    """What a pod's spec breaks of `baseline` or `restricted`; nothing for `privileged`."""
    if level not in {"baseline", "restricted"}:
        return []
    found = list(_baseline(spec))
    if level == "restricted":
        found += _restricted(spec)
    return found


def containers_of(spec: Json) -> list[Json]:
    return [*spec.get("initContainers", ()), *spec.get("containers", ())]


def _quoted(names: list[str]) -> str:
    word = "container" if len(names) == 1 else "containers"
    return word + " " + ", ".join(f'"{name}"' for name in names)


def _names(spec: Json, breaks) -> list[str]:
    return [container["name"] for container in containers_of(spec) if breaks(container.get("securityContext", {}))]


def _baseline(spec: Json) -> Iterator[str]:
    host = [name for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name)]
    if host:
        yield f"host namespaces ({', '.join(f'{name}=true' for name in host)})"
    if any("hostPath" in volume for volume in spec.get("volumes", ())):
        yield "hostPath volumes"
    if privileged := _names(spec, lambda context: context.get("privileged")):
        yield f"privileged ({_quoted(privileged)} must not set securityContext.privileged=true)"
    ports = [port for container in containers_of(spec) for port in container.get("ports", ()) if port.get("hostPort")]
    if ports:
        yield "hostPort"


def _restricted(spec: Json) -> Iterator[str]:
    pod_context = spec.get("securityContext", {})
    if escalating := _names(spec, lambda context: context.get("allowPrivilegeEscalation") is not False):
        yield (
            f"allowPrivilegeEscalation != false ({_quoted(escalating)} must set "
            "securityContext.allowPrivilegeEscalation=false)"
        )
    if capable := _names(spec, _has_capabilities):
        yield f'unrestricted capabilities ({_quoted(capable)} must set securityContext.capabilities.drop=["ALL"])'
    volumes = {name for volume in spec.get("volumes", ()) for name in volume if name != "name"} - _RESTRICTED_VOLUMES
    if volumes:
        yield f"restricted volume types ({', '.join(sorted(volumes))})"
    if rooted := _names(spec, lambda context: not context.get("runAsNonRoot", pod_context.get("runAsNonRoot"))):
        yield f"runAsNonRoot != true (pod or {_quoted(rooted)} must set securityContext.runAsNonRoot=true)"
    if pod_context.get("runAsUser") == 0 or _names(spec, lambda context: context.get("runAsUser") == 0):
        yield "runAsUser=0 (pod or container must not set runAsUser=0)"
    pod_profile = at(pod_context, "seccompProfile", "type")
    allowed = {"RuntimeDefault", "Localhost"}
    if open_ := _names(spec, lambda context: (at(context, "seccompProfile", "type") or pod_profile) not in allowed):
        yield (
            f"seccompProfile (pod or {_quoted(open_)} must set securityContext.seccompProfile.type to "
            '"RuntimeDefault" or "Localhost")'
        )


def _has_capabilities(context: Json) -> bool:
    capabilities = context.get("capabilities", {})
    added = set(capabilities.get("add", ())) - {"NET_BIND_SERVICE"}
    return "ALL" not in capabilities.get("drop", ()) or bool(added)

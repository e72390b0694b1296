"""What a pod's spec must satisfy beyond its schema.

Source: kubernetes `pkg/apis/core/validation/validation.go`, the rules that manifests break in practice.
"""

import re
from collections.abc import Iterator

from .errors import Cause, invalid_value, required
from .values import Json, quantity

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_MAX_PORT = 65535
_PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]([a-z0-9]|-(?!-)){0,13}[a-z0-9]|[a-z]")
_PROBE_ACTIONS = {"exec", "httpGet", "tcpSocket", "grpc"}


def pod_spec_causes(spec: Json, path: str, claims: frozenset[str] = frozenset()) -> Iterator[Cause]:
    """Every rule that the spec breaks; `claims` are volumes that a StatefulSet adds to its pods."""
    volumes = claims | {volume["name"] for volume in spec.get("volumes", ())}
    yield from _volume_causes(spec.get("volumes", ()), path)
    if not spec.get("containers"):
        yield required(f"{path}.containers")
    names: set[str] = set()
    for field in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(field, ())):
            where = f"{path}.{field}[{index}]"
            if container["name"] in names:
                yield Cause("FieldValueDuplicate", f'Duplicate value: "{container["name"]}"', f"{where}.name")
            names.add(container["name"])
            yield from _container_causes(container, volumes, where)


def _volume_causes(volumes: list[Json], path: str) -> Iterator[Cause]:
    seen: set[str] = set()
    for index, volume in enumerate(volumes):
        where = f"{path}.volumes[{index}]"
        if volume["name"] in seen:
            yield Cause("FieldValueDuplicate", f'Duplicate value: "{volume["name"]}"', f"{where}.name")
        seen.add(volume["name"])
        if not LABEL.fullmatch(volume["name"]):
            yield invalid_value(f"{where}.name", volume["name"], "must be a lowercase RFC 1123 label")
        if len(set(volume) - {"name"}) > 1:
            yield Cause("FieldValueForbidden", "Forbidden: may not specify more than 1 volume type", where)


def _container_causes(container: Json, volumes: set[str], where: str) -> Iterator[Cause]:
    if not LABEL.fullmatch(container["name"]):
        yield invalid_value(f"{where}.name", container["name"], "must be a lowercase RFC 1123 label")
    if not container.get("image"):
        yield required(f"{where}.image")
    yield from _mount_causes(container.get("volumeMounts", ()), volumes, where)
    yield from _resource_causes(container.get("resources", {}), where)
    for index, port in enumerate(container.get("ports", ())):
        yield from _port_causes(port, f"{where}.ports[{index}]")
    for index, variable in enumerate(container.get("env", ())):
        if variable.get("value") and "valueFrom" in variable:
            yield invalid_value(f"{where}.env[{index}].valueFrom", "", "may not be specified when `value` is not empty")
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.get(name)
        if probe is not None and len(_PROBE_ACTIONS & set(probe)) != 1:
            yield required(f"{where}.{name}", "must specify a handler type, and only one")


def _mount_causes(mounts: list[Json], volumes: set[str], where: str) -> Iterator[Cause]:
    paths: set[str] = set()
    for index, mount in enumerate(mounts):
        if mount["name"] not in volumes:
            yield Cause("FieldValueNotFound", f'Not found: "{mount["name"]}"', f"{where}.volumeMounts[{index}].name")
        if mount["mountPath"] in paths:
            yield invalid_value(f"{where}.volumeMounts[{index}].mountPath", mount["mountPath"], "must be unique")
        paths.add(mount["mountPath"])


def _port_causes(port: Json, where: str) -> Iterator[Cause]:
    if not 0 < port["containerPort"] <= _MAX_PORT:
        yield invalid_value(f"{where}.containerPort", port["containerPort"], "must be between 1 and 65535, inclusive")
    if "name" in port and not _PORT_NAME.fullmatch(port["name"]):
        yield invalid_value(f"{where}.name", port["name"], "must be an IANA service name of at most 15 characters")


def _resource_causes(resources: Json, where: str) -> Iterator[Cause]:
    limits = resources.get("limits", {})
    for name, value in resources.get("requests", {}).items():
        if name in limits and quantity(value) > quantity(limits[name]):
            why = f"must be less than or equal to {name} limit of {limits[name]}"
            yield invalid_value(f"{where}.resources.requests", value, why)

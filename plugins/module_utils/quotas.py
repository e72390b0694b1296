# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Whether what is to be deployed fits the ResourceQuotas and LimitRanges of its namespace, told before it is deployed.

A rolling update needs room for one more pod meanwhile; whether there is one is left to the update, because pods that were
deployed before may go.
"""

from __future__ import annotations

from decimal import Decimal

from .demand import containers, demand, of_container, of_pod
from .quantities import amount

# Other scopes are about pods that we have none of, or about priorities.
_OUR_SCOPES = frozenset({"NotBestEffort", "NotTerminating"})

_UNITS = (("Gi", 1024**3), ("Mi", 1024**2), ("Ki", 1024))


def shortages(quotas, manifests, present):
    """Compares ResourceQuotas with what is still to come.

    Args:
        quotas: ResourceQuotas of one namespace.
        manifests: Everything that shall be there.
        present: Those of the live objects that the manifests stand for; what they take is in the quotas' use.

    Returns:
        Sentences; none where it fits.
    """
    wanted, there = demand(manifests), demand(present)
    found = []
    for quota in quotas:
        spec = quota.get("spec") or {}
        if spec.get("scopeSelector") or not _OUR_SCOPES.issuperset(spec.get("scopes") or ()):
            continue
        used = (quota.get("status") or {}).get("used") or {}
        for name, hard in sorted((spec.get("hard") or {}).items()):
            more = wanted[name] - there[name]
            left = amount(hard) - amount(used.get(name, 0))
            if more > 0 and more > left:
                found.append(
                    f"{_named(quota)} leaves {_text(name, max(left, Decimal(0)))} of {hard} {name}, and "
                    f"{_text(name, more)} more are needed"
                )
    return found


def breaches(ranges, manifests):
    """Compares LimitRanges with every container, pod and volume.

    Args:
        ranges: LimitRanges of one namespace.
        manifests: Everything that shall be there.

    Returns:
        Sentences; none where all are within.
    """
    found = []
    for limit_range in ranges:
        for rule in limit_range["spec"]["limits"]:
            measure = {"Container": _containers, "Pod": _pods, "PersistentVolumeClaim": _volumes}.get(rule["type"])
            for whose, name, low, high in measure(manifests) if measure else ():
                why = _outside(rule, name, low, high)
                if why:
                    found.append(f"{whose}: {why} of LimitRange {limit_range['metadata']['name']}")
    return found


def _outside(rule, name, low, high):
    least, most = ((rule.get(side) or {}).get(name) for side in ("min", "max"))
    ratio = (rule.get("maxLimitRequestRatio") or {}).get(name)
    if least is not None and low < amount(least):
        return f"{_text(name, low)} {name} is less than the minimum {least}"
    if most is not None and high > amount(most):
        return f"{_text(name, high)} {name} is more than the maximum {most}"
    if ratio is not None and high > low * amount(ratio):
        return f"its limit of {name} {_text(name, high)} is more than {ratio} times its request {_text(name, low)}, the ratio"
    return None


def _named(quota):
    kind = "cluster quota" if "Cluster" in quota.get("kind", "") else "quota"
    return f"{kind} {quota['metadata']['name']}"


def _workloads(manifests):
    return [one for one in manifests if one["kind"] in ("Deployment", "StatefulSet")]


def _containers(manifests):
    for one in _workloads(manifests):
        for container in containers(one["spec"]["template"]["spec"]):
            whose = f"container {container['name']} of {one['kind']} {one['metadata']['name']}"
            for name in ("cpu", "memory"):
                low, high = (of_container(container, side, name) for side in ("requests", "limits"))
                yield whose, name, low, high


def _pods(manifests):
    for one in _workloads(manifests):
        needed = of_pod(one["spec"]["template"]["spec"])
        for name in ("cpu", "memory"):
            whose = f"pods of {one['kind']} {one['metadata']['name']}"
            yield whose, name, needed[f"requests.{name}"], needed[f"limits.{name}"]


def _volumes(manifests):
    for one in manifests:
        claims = [one] if one["kind"] == "PersistentVolumeClaim" else one.get("spec", {}).get("volumeClaimTemplates") or ()
        for claim in claims:
            size = amount(claim["spec"]["resources"]["requests"]["storage"])
            yield f"volume {claim['metadata']['name']} of {one['kind']} {one['metadata']['name']}", "storage", size, size


def _text(name, number):
    """Writes an amount as a person would."""
    if "cpu" in name:
        return f"{int(number * 1000)}m"
    if "memory" in name or "storage" in name:
        for unit, factor in _UNITS:
            if number >= factor:
                return f"{(number / factor).quantize(Decimal('0.01')).normalize():f}{unit}"
    return f"{Decimal(number).normalize():f}"

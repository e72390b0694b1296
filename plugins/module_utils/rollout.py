# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""When is an object ready? The rules, as C(kubectl rollout status) and the OpenShift router's conditions state them."""

from __future__ import annotations


def pending(live):
    """Says what an object still waits for.

    Args:
        live: A Deployment, StatefulSet, Job or Route.

    Returns:
        What is missing, in a few words; None when the object is ready.
    """
    return _RULES[live["kind"]](live)


def refused(live):
    """Says why an object can never become ready as it stands.

    Args:
        live: A Deployment, StatefulSet, Job or Route.

    Returns:
        The server's own words; None where there is hope.
    """
    if live["kind"] == "Route":
        for condition in _admissions(live):
            if condition.get("status") == "False":
                return f"the router refuses host {live['spec'].get('host')}: {_words(condition)}"
        return None
    for condition in (live.get("status") or {}).get("conditions") or ():
        failed = condition["type"] == "ReplicaFailure" and condition["status"] == "True"
        late = condition["type"] == "Progressing" and condition.get("reason") == "ProgressDeadlineExceeded"
        ended = live["kind"] == "Job" and condition["type"] == "Failed" and condition["status"] == "True"
        if failed or late or ended:
            return _words(condition)
    return None


def _deployment(live):
    wanted = _replicas(live)
    status = live.get("status") or {}
    if not _observed(live):
        return "its controller has not seen it yet"
    for field, word in (("updatedReplicas", "updated"), ("availableReplicas", "ready")):
        if (status.get(field) or 0) < wanted:
            return f"{status.get(field) or 0} of {wanted} pods {word}"
    old = (status.get("replicas") or 0) - (status.get("updatedReplicas") or 0)
    return f"{old} pods of the old version remain" if old > 0 else None


def _stateful_set(live):
    wanted = _replicas(live)
    status = live.get("status") or {}
    if not _observed(live):
        return "its controller has not seen it yet"
    if (status.get("readyReplicas") or 0) < wanted:
        return f"{status.get('readyReplicas') or 0} of {wanted} pods ready"
    if status.get("updateRevision") != status.get("currentRevision"):
        return "pods of the old version remain"
    return None


def _job(live):
    conditions = (live.get("status") or {}).get("conditions") or ()
    complete = any(one["type"] == "Complete" and one["status"] == "True" for one in conditions)
    return None if complete else "it has not ended"


def _route(live):
    admitted = any(condition.get("status") == "True" for condition in _admissions(live))
    return None if admitted else "no router has admitted it"


_RULES = {"Deployment": _deployment, "StatefulSet": _stateful_set, "Job": _job, "Route": _route}
KINDS = tuple(_RULES)


def _replicas(live):
    wanted = live["spec"].get("replicas")
    return 1 if wanted is None else wanted


def _observed(live):
    seen = (live.get("status") or {}).get("observedGeneration") or 0
    return seen >= live["metadata"].get("generation", 0)


def _admissions(live):
    for router in (live.get("status") or {}).get("ingress") or ():
        yield from (condition for condition in router.get("conditions") or () if condition["type"] == "Admitted")


def _words(condition):
    return " ".join(part for part in (condition.get("reason"), condition.get("message")) if part)

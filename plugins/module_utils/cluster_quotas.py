# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""OpenShift's quotas over several namespaces together, as far as who deploys may see them.

Cluster admins list C(ClusterResourceQuota); everybody else is told in each of their namespaces, as
C(AppliedClusterResourceQuota), which hold there.
"""

from __future__ import annotations

from .errors import ApiError

QUOTAS = "quota.openshift.io/v1"


def over(resources, namespaces):
    """Reads the quotas that hold for at least one of some namespaces.

    Args:
        resources: Kinds of the cluster.
        namespaces: Names of namespaces that exist.

    Returns:
        Pairs of those namespaces that share a quota, and the quota in the form of a ResourceQuota.
    """
    if resources.find(QUOTAS, "ClusterResourceQuota") is None:
        return []
    shared = []
    for quota in _visible(resources, namespaces):
        status = quota.get("status") or {}
        held = {one["namespace"] for one in status.get("namespaces") or ()}
        names = [name for name in namespaces if name in held]
        if names:
            shared.append((names, dict(quota, spec=quota["spec"]["quota"], status=status.get("total") or {})))
    return shared


def _visible(resources, namespaces):
    try:
        return resources.list(QUOTAS, "ClusterResourceQuota")[0]
    except ApiError as error:
        if error.status != 403:
            raise
    applied = {}
    for namespace in namespaces:
        try:
            found, _version = resources.list(QUOTAS, "AppliedClusterResourceQuota", namespace)
        except ApiError as error:
            if error.status != 403:
                raise
            continue
        applied.update({one["metadata"]["name"]: one for one in found})
    return list(applied.values())

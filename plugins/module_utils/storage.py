# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Which storage class: the given one, that of the volumes that exist, the cloud's preferred one, the default."""

from __future__ import annotations

from .errors import ClusterError

# Where a cloud's installer leaves several classes, this is the one for databases.
PREFERRED = {
    "aws": "gp3-csi",
    "azure": "managed-premium",
    "gcp": "standard-rwo",
    "vsphere": "thin-csi",
    "openstack": "standard",
    "baremetal": "ocs-external-storagecluster-ceph-rbd",
}
DEFAULT_MARK = "storageclass.kubernetes.io/is-default-class"


def choose(given, existing, cloud, classes):
    """Chooses the storage class of the volumes.

    Args:
        given: What the operator asks for; may be empty.
        existing: Class of the volumes that a former run made; None where there are none. A volume keeps its class.
        cloud: Name of the cloud; may be empty.
        classes: StorageClass objects; None where we may not list them.

    Returns:
        The name of a class; empty to leave the choice to the cluster.

    Raises:
        ClusterError: There is no class that would do.
    """
    if existing and given and given != existing:
        message = f"The volumes are of storage class {existing} and cannot move to {given}: leave the class out, or remove first."
        raise ClusterError(message)
    if existing:
        return existing
    if classes is None:
        return given
    names = sorted(found["metadata"]["name"] for found in classes)
    there = f"Storage classes that exist: {', '.join(names) or 'none'}."
    if given:
        if given not in names:
            message = f"There is no storage class {given}. {there}"
            raise ClusterError(message)
        return given
    if PREFERRED.get(cloud) in names:
        return PREFERRED[cloud]
    for found in classes:
        if (found["metadata"].get("annotations") or {}).get(DEFAULT_MARK) == "true":
            return found["metadata"]["name"]
    message = f"No storage class is the default: set ocp4_workload_litemaas_postgres_storage_class. {there}"
    raise ClusterError(message)

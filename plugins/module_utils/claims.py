# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What is in the way, or already there: namespaces, hosts of Routes, volumes of a former run."""

from __future__ import annotations

from . import cluster_quotas
from .errors import ApiError, ClusterError
from .manifest import OWNER_LABEL
from .ownership import applied
from .platform import ROUTES


class Claims:
    """Reads what the namespaces of a deployment hold and what others claim."""

    def __init__(self, connection, resources, owner):
        self._connection = connection
        self._resources = resources
        self._selector = f"{OWNER_LABEL}={owner}"
        self._owner = owner

    def namespaces(self, names):
        """Finds out whose each namespace is.

        Args:
            names: The namespaces.

        Returns:
            By name C(absent), C(ours) or C(foreign).

        Raises:
            ClusterError: One is being deleted.
        """
        if len(names) == 1:
            found = {names[0]: self._namespace(names[0])}
        else:
            live, _version = self._resources.list("v1", "Namespace")
            found = {one["metadata"]["name"]: one for one in live}
        return {name: self._whose(name, found.get(name)) for name in names}

    def _namespace(self, name):
        try:
            return self._connection.get_or_none(f"/api/v1/namespaces/{name}")
        except ApiError as error:
            if error.status == 403:
                return None  # so answers a server to those who may not know; whether they may make it is asked later
            raise

    def other_labs(self, names):
        """Lists the namespaces of lab users besides these."""
        live, _version = self._resources.list("v1", "Namespace", None, f"{self._selector},user")
        return sorted({one["metadata"]["name"] for one in live} - set(names))

    def _whose(self, name, live):
        if live is None:
            return "absent"
        if live["metadata"].get("deletionTimestamp"):
            message = f"Namespace {name} is still being deleted: try again in a moment."
            raise ClusterError(message)
        return "ours" if (live["metadata"].get("labels") or {}).get(OWNER_LABEL) == self._owner else "foreign"

    def check_hosts(self, instances):
        """Refuses hosts that a Route in another namespace holds.

        Raises:
            ClusterError: At least one is held; the message names host and namespace.
        """
        wanted = {
            one[host]: one["namespace"] for one in instances for host in ("admin_host", "api_host", "frontend_host")
        }
        try:
            routes, _version = self._resources.list(ROUTES, "Route")
        except ApiError as error:
            if error.status == 403:
                return  # a project admin sees only their own; the router will say
            raise
        held = {
            route["spec"].get("host"): route["metadata"]["namespace"]
            for route in routes
            if wanted.get(route["spec"].get("host"), route["metadata"]["namespace"]) != route["metadata"]["namespace"]
        }
        if held:
            words = "; ".join(f"{host} is held by namespace {namespace}" for host, namespace in sorted(held.items()))
            message = f"Hosts are taken: {words}. Set other hosts or another ocp4_workload_litemaas_route_name."
            raise ClusterError(message)

    def route_hosts(self, namespaces):
        """Lists the hosts of our Routes in some namespaces."""
        return {
            route["spec"].get("host") for route in self._resources.list_in(ROUTES, "Route", namespaces, self._selector)
        }

    def autoscaled(self, namespace, name):
        """Tells whether the replicas of a Deployment are no longer ours: an autoscaler has set them since."""
        live = self._connection.get_or_none(f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
        return live is not None and "replicas" not in (applied(live, self._owner) or {}).get("spec", {})

    def bounded(self, namespaces):
        """Lists those of some namespaces for which a quota or a LimitRange holds; none where we may not know."""
        found = {name for names, _quota in cluster_quotas.over(self._resources, namespaces) for name in names}
        for kind in ("ResourceQuota", "LimitRange"):
            try:
                found |= {one["metadata"]["namespace"] for one in self._resources.list_in("v1", kind, namespaces)}
            except ApiError as error:
                if error.status != 403:
                    raise
        return [name for name in namespaces if name in found]

    def volume_class(self, namespaces):
        """Finds the storage class of our volumes; None where there are none."""
        for claim in self._resources.list_in("v1", "PersistentVolumeClaim", namespaces, self._selector):
            if claim["spec"].get("storageClassName"):
                return claim["spec"]["storageClassName"]
        return None

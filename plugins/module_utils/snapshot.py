# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What of ours is there before a run: read with one list for each kind, not one request for each object."""

from __future__ import annotations

from . import inventory
from .manifest import OWNER_LABEL, identity
from .resources import MANY_NAMESPACES


class Snapshot:
    """The owner's objects in some namespaces, by identity."""

    def __init__(self, connection, resources, owner):
        self._connection = connection
        self._resources = resources
        self._selector = f"{OWNER_LABEL}={owner}"
        self._objects = {}
        self._loaded = set()

    def load(self, manifests, namespaces, inventory_name=None):
        """Reads every kind that is wanted, and every kind that an inventory says was there.

        Args:
            manifests: What is wanted, as a list.
            namespaces: Where to look.
            inventory_name: Name of the inventories' ConfigMaps, or None where nothing is to be pruned.
        """
        if inventory_name:
            self._load("v1", "ConfigMap", namespaces)
        kinds = {(manifest["apiVersion"], manifest["kind"]) for manifest in manifests}
        stubs = []
        for namespace in namespaces if inventory_name else ():
            listed = inventory.read(self.get(_config_map(inventory_name, namespace)))
            kinds |= {tuple(line.split()[:2]) for line in listed}
            stubs += [inventory.stub(line, namespace) for line in listed if inventory.is_cluster_scoped(line)]
        for api_version, kind in sorted(kinds):
            resource = self._resources.find(api_version, kind)
            if resource and resource.namespaced:
                self._load(api_version, kind, namespaces)
            elif resource:
                self._load_cluster_scoped([one for one in manifests + stubs if one["kind"] == kind])

    def get(self, manifest):
        """Returns the live twin of a manifest; None where there is none or it is not the owner's."""
        return self._objects.get(identity(manifest))

    def _load(self, api_version, kind, namespaces):
        if (api_version, kind) in self._loaded:
            return
        self._loaded.add((api_version, kind))
        self._keep(self._resources.list_in(api_version, kind, namespaces, self._selector))

    def _keep(self, objects):
        self._objects.update({identity(found): found for found in objects})

    def _load_cluster_scoped(self, manifests):
        if len(manifests) >= MANY_NAMESPACES:
            objects, _version = self._resources.list(
                manifests[0]["apiVersion"], manifests[0]["kind"], None, self._selector
            )
            self._keep(objects)
            return
        for manifest in manifests:
            found = self._connection.get_or_none(self._resources.path(manifest))
            if found:
                self._objects[identity(manifest)] = found


def _config_map(name, namespace):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}}

# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""From a kind to its address: one discovery request for each group and version, whatever the number of objects."""

from __future__ import annotations

import threading
from collections import namedtuple

from .errors import ApiError, ClusterError

Resource = namedtuple("Resource", "api_version kind plural namespaced")

PAGE = 500

# From this number on one request over all namespaces is cheaper than one in each.
MANY_NAMESPACES = 4


class Resources:
    """Knows the paths of the kinds that the connected API server offers."""

    def __init__(self, connection):
        self._connection = connection
        self._versions = {}
        self._lock = threading.Lock()

    def find(self, api_version, kind):
        """Finds a kind.

        Args:
            api_version: Group and version, such as C(apps/v1).
            kind: Such as C(Deployment).

        Returns:
            The Resource, or None where the server does not offer it.
        """
        with self._lock:
            if api_version not in self._versions:
                self._versions[api_version] = self._discover(api_version)
        return self._versions[api_version].get(kind)

    def collection(self, api_version, kind, namespace=None):
        """Builds the path of a collection.

        Args:
            api_version: Group and version.
            kind: Kind of the objects.
            namespace: Namespace, or None for cluster-scoped kinds and for all namespaces.

        Returns:
            The path.

        Raises:
            ClusterError: The server does not offer this kind.
        """
        resource = self.find(api_version, kind)
        if resource is None:
            message = f"This cluster does not offer {kind} ({api_version})."
            raise ClusterError(message)
        scope = f"/namespaces/{namespace}" if resource.namespaced and namespace else ""
        return f"{_root(api_version)}{scope}/{resource.plural}"

    def path(self, manifest):
        """Builds the path of the object that a manifest describes; see collection."""
        metadata = manifest["metadata"]
        collection = self.collection(manifest["apiVersion"], manifest["kind"], metadata.get("namespace"))
        return f"{collection}/{metadata['name']}"

    def list(self, api_version, kind, namespace=None, selector=None):
        """Lists objects page by page.

        Args:
            api_version: Group and version.
            kind: Kind of the objects.
            namespace: Namespace, or None for all.
            selector: Label selector.

        Returns:
            The objects, each with its C(apiVersion) and C(kind), and the list's resource version.
        """
        path = self.collection(api_version, kind, namespace)
        items, token = [], None
        while True:
            page = self._connection.get(path, labelSelector=selector, limit=PAGE, **{"continue": token})
            items += [dict(item, apiVersion=api_version, kind=kind) for item in page.get("items") or ()]
            token = page["metadata"].get("continue")
            if not token:
                return items, page["metadata"].get("resourceVersion")

    def list_scopes(self, api_version, kind, namespaces, selector=None):
        """Lists objects of some namespaces with few requests: many at once, where we may, else one by one.

        Args:
            api_version: Group and version.
            kind: Kind of the objects.
            namespaces: Where to look.
            selector: Label selector.

        Returns:
            Triples of scope (a namespace, or None for all), objects and resource version.
        """
        if len(namespaces) >= MANY_NAMESPACES:
            try:
                return [(None, *self.list(api_version, kind, None, selector))]
            except ApiError as error:
                if error.status != 403:
                    raise
        return [(scope, *self.list(api_version, kind, scope, selector)) for scope in namespaces]

    def list_in(self, api_version, kind, namespaces, selector=None):
        """Lists the objects of some namespaces; see list_scopes."""
        scopes = self.list_scopes(api_version, kind, namespaces, selector)
        return [found for _scope, objects, _version in scopes for found in objects]

    def _discover(self, api_version):
        try:
            answer = self._connection.get(_root(api_version))
        except ApiError as error:
            if error.status == 404:
                return {}
            raise
        return {
            entry["kind"]: Resource(api_version, entry["kind"], entry["name"], entry["namespaced"])
            for entry in answer.get("resources") or ()
            if "/" not in entry["name"]
        }


def _root(api_version):
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def label(manifest):
    """Names an object in messages: C(Deployment litellm)."""
    return f"{manifest['kind']} {manifest['metadata']['name']}"

# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Remembers in each namespace what was applied there, or in the cluster on behalf of its instance, so that what a later version drops can be taken away.

An object is taken away only if it is listed here and still carries our label: neither a copied label nor a stale list
is enough to lose something.
"""

from __future__ import annotations

KEY = "objects"


def build(name, namespace, lines):
    """Builds the ConfigMap that holds an inventory.

    Args:
        name: Name of the ConfigMap.
        namespace: Its namespace.
        lines: What it shall list; see lines_of.

    Returns:
        The manifest.
    """
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace},
        "data": {KEY: "\n".join(sorted(lines)) + "\n"},
    }


def lines_of(manifests):
    """Writes each manifest as one line: C(apps/v1 Deployment litellm)."""
    return {
        f"{manifest['apiVersion']} {manifest['kind']} {manifest['metadata']['name']}"
        for manifest in manifests
        if manifest["kind"] != "Namespace"
    }


def read(config_map):
    """Reads the lines of an inventory; none for None."""
    text = ((config_map or {}).get("data") or {}).get(KEY, "")
    return {line for line in text.splitlines() if len(line.split()) == 3}


def stub(line, namespace):
    """Builds from a line what is needed to address the object; kinds that are called Cluster… lie in no namespace."""
    api_version, kind, name = line.split()
    place = {} if is_cluster_scoped(line) else {"namespace": namespace}
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, **place}}


def is_cluster_scoped(line):
    """Tells whether a line names an object of the cluster."""
    return line.split()[1].startswith("Cluster")

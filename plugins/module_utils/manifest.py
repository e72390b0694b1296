# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""The documents of a deployment: read from YAML text, marked as ours, grouped by namespace, put into an order."""

from __future__ import annotations

from .errors import ClusterError

OWNER_LABEL = "app.kubernetes.io/managed-by"

# Names the namespace to whose instance an object of the cluster belongs: it comes, and goes, with it.
INSTANCE_LABEL = "litemaas.io/instance"

# What others need comes first; a kind that is not named comes last, with the Routes.
ORDER = (
    "Namespace",
    "ServiceAccount",
    "ConfigMap",
    "Secret",
    "Role",
    "RoleBinding",
    "NetworkPolicy",
    "Service",
    "PodDisruptionBudget",
    "StatefulSet",
    "Deployment",
)


def read(text):
    """Reads manifests.

    Args:
        text: YAML with one or more documents; empty ones are passed over.

    Returns:
        The manifests in the order in which they should be applied.

    Raises:
        ClusterError: A document is not a manifest.
    """
    import yaml  # noqa: PLC0415  (comes with the kubernetes package, which may be missing)

    if not (text or "").strip():
        return []  # a template may render nothing, which some releases of Ansible pass on as None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        manifests = [document for document in yaml.load_all(text, Loader=loader) if document]  # noqa: S506  (safe loaders)
    except yaml.YAMLError as error:
        message = f"The manifests are not valid YAML: {error}"
        raise ClusterError(message) from error
    for manifest in manifests:
        if not isinstance(manifest, dict) or not {"apiVersion", "kind", "metadata"} <= manifest.keys():
            message = f"Not a Kubernetes manifest: {str(manifest)[:80]}"
            raise ClusterError(message)
    return sorted(manifests, key=_place)


def mark(manifest, owner):
    """Labels a manifest as the owner's, in place."""
    labels = manifest["metadata"].get("labels") or {}
    manifest["metadata"]["labels"] = {**labels, OWNER_LABEL: owner}


def by_namespace(manifests):
    """Groups manifests by their home, in order of appearance; see home.

    Returns:
        A dictionary of lists.
    """
    groups = {}
    for manifest in manifests:
        groups.setdefault(home(manifest), []).append(manifest)
    return groups


def home(manifest):
    """Returns the namespace that a manifest makes, lies in, or belongs to by its label; empty where there is none."""
    metadata = manifest["metadata"]
    belongs = (metadata.get("labels") or {}).get(INSTANCE_LABEL) or ""
    return metadata["name"] if manifest["kind"] == "Namespace" else metadata.get("namespace") or belongs


def identity(manifest):
    """Returns what makes an object the same one: kind, namespace, name, and the API group without its version."""
    metadata = manifest["metadata"]
    group = manifest["apiVersion"].rpartition("/")[0]
    return group, manifest["kind"], metadata.get("namespace") or "", metadata["name"]


def _place(manifest):
    kind = manifest["kind"]
    return ORDER.index(kind) if kind in ORDER else len(ORDER)

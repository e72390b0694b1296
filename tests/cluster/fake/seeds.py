"""What a new cluster already has: system namespaces, classes, and OpenShift's own configuration."""

from pathlib import Path

import yaml

from .admission import DEFAULT_CLASS
from .cluster import Cluster
from .values import Json

_DEFINITIONS = Path(__file__).parent / "openshift"
_NAMESPACES = ("default", "kube-system", "kube-public")
_OPENSHIFT_NAMESPACES = ("openshift", "openshift-config", "openshift-ingress", "openshift-image-registry")


def seed(cluster: Cluster) -> None:
    """Fill a cluster that is still empty."""
    if cluster.profile == "openshift":
        for path in sorted(_DEFINITIONS.glob("*.yaml")):
            cluster.define(yaml.safe_load_all(path.read_text()))
        cluster.behaviour.switches.security_context_constraints = "pods"
    for name in (*_NAMESPACES, *(_OPENSHIFT_NAMESPACES if cluster.profile == "openshift" else ())):
        cluster.create("namespaces", "", {"metadata": {"name": name}})
    set_storage_classes(cluster, [{"name": "standard", "provisioner": "example.com/standard", "default": True}])
    if cluster.profile == "openshift":
        _seed_openshift(cluster)
    else:
        metadata = {"name": "nginx", "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"}}
        body = {"metadata": metadata, "spec": {"controller": "k8s.io/ingress-nginx"}}
        cluster.create("ingressclasses", "networking.k8s.io", body)


def set_storage_classes(cluster: Cluster, classes: list[Json]) -> None:
    """Replace all storage classes: `[{"name", "provisioner", "default", "expansion"}]`, at most one the default."""
    kind = cluster.kind("storageclasses", "storage.k8s.io")
    for existing in list(cluster.store.select(kind)):
        cluster.remove(kind.plural, kind.group, "", existing["metadata"]["name"])
    for wanted in classes:
        annotations = {DEFAULT_CLASS: "true"} if wanted.get("default") else {}
        metadata = {"name": wanted["name"], "annotations": annotations}
        body = {
            "metadata": metadata,
            "provisioner": wanted.get("provisioner", "example.com/provisioner"),
            "allowVolumeExpansion": wanted.get("expansion", False),
        }
        cluster.create(kind.plural, kind.group, body)


def set_platform(cluster: Cluster, platform: str) -> None:
    """Say which cloud the cluster runs on: the `Infrastructure` status, for example `AWS` or `None`."""
    found = cluster.find("infrastructures", "config.openshift.io", "", "cluster")
    status = {
        "infrastructureName": "cluster-x7k2p",
        "apiServerURL": cluster.server_url,
        "apiServerInternalURI": cluster.server_url,
        "platform": platform,
        "platformStatus": {"type": platform},
        "controlPlaneTopology": "HighlyAvailable",
        "infrastructureTopology": "HighlyAvailable",
    }
    cluster.set_status("infrastructures", "config.openshift.io", found, status)


def set_ingress_domain(cluster: Cluster, domain: str) -> None:
    """Change the domain of Routes without a host, and what `Ingress/cluster` says; empty removes that object."""
    cluster.remove("ingresses", "config.openshift.io", "", "cluster")
    cluster.behaviour.switches.ingress_domain = domain
    if domain:
        body = {"metadata": {"name": "cluster"}, "spec": {"domain": domain}}
        cluster.create("ingresses", "config.openshift.io", body)


def _seed_openshift(cluster: Cluster) -> None:
    config = "config.openshift.io"
    cluster.create("infrastructures", config, {"metadata": {"name": "cluster"}, "spec": {}})
    set_platform(cluster, "None")
    set_ingress_domain(cluster, cluster.behaviour.switches.ingress_domain)
    cluster.create("oauths", config, {"metadata": {"name": "cluster"}, "spec": {"identityProviders": []}})
    version = cluster.create(
        "clusterversions", config, {"metadata": {"name": "version"}, "spec": {"channel": "stable"}}
    )
    minor = int(cluster.version.partition(".")[2]) - 13  # OpenShift 4.12 is Kubernetes 1.25, and so on
    desired = {"desired": {"version": f"4.{minor}.0"}, "history": [{"state": "Completed", "version": f"4.{minor}.0"}]}
    cluster.set_status("clusterversions", config, version, desired)
    registry = {"metadata": {"name": "cluster"}, "spec": {"managementState": "Managed"}}
    cluster.create("configs", "imageregistry.operator.openshift.io", registry)
    constraint = {
        "metadata": {"name": "restricted-v2"},
        "allowHostDirVolumePlugin": False,
        "allowHostIPC": False,
        "allowHostNetwork": False,
        "allowHostPID": False,
        "allowHostPorts": False,
        "allowPrivilegeEscalation": False,
        "allowPrivilegedContainer": False,
        "allowedCapabilities": ["NET_BIND_SERVICE"],
        "readOnlyRootFilesystem": False,
        "requiredDropCapabilities": ["ALL"],
        "defaultAddCapabilities": [],
        "priority": 0,
        "runAsUser": {"type": "MustRunAsRange"},
        "fsGroup": {"type": "MustRunAs"},
        "seLinuxContext": {"type": "MustRunAs"},
        "supplementalGroups": {"type": "RunAsAny"},
        "seccompProfiles": ["runtime/default"],
        "volumes": ["configMap", "csi", "downwardAPI", "emptyDir", "persistentVolumeClaim", "projected", "secret"],
    }
    cluster.create("securitycontextconstraints", "security.openshift.io", constraint)

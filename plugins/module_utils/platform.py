# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Facts about the cluster as such: its version, kinds, application domain, cloud, OAuth issuer, authorities."""

from __future__ import annotations

from urllib.parse import urlsplit

from .building import BUILDS
from .errors import ApiError, ClusterError

MINIMUM_VERSION = (1, 25)
ROUTES = "route.openshift.io/v1"
MONITORING = "monitoring.coreos.com/v1"
OAUTH = "oauth.openshift.io/v1"
DEFAULT_INGRESS_CLASS = "ingressclass.kubernetes.io/is-default-class"
_NO_OAUTH = "This cluster has no OpenShift OAuth: set ocp4_workload_litemaas_oauth_provider to oidc or google."
_CONFIG = "/apis/config.openshift.io/v1"
_CLOUDS = {
    "aws": "aws",
    "azure": "azure",
    "gcp": "gcp",
    "vsphere": "vsphere",
    "openstack": "openstack",
    "baremetal": "baremetal",
    "none": "baremetal",
}


class Platform:
    """Reads facts; what we may not read counts as not there."""

    def __init__(self, connection, resources):
        self._connection = connection
        self._resources = resources

    def check_version(self):
        """Reads the server's version.

        Returns:
            The version, such as C(1.30).

        Raises:
            ClusterError: It is too old for our manifests.
        """
        answer = self._connection.get("/version")
        numbers = tuple(int("".join(filter(str.isdigit, answer[part])) or 0) for part in ("major", "minor"))
        if numbers < MINIMUM_VERSION:
            message = f"Kubernetes {answer['major']}.{answer['minor']} is too old: OpenShift 4.12 or Kubernetes 1.25 is needed."
            raise ClusterError(message)
        return f"{numbers[0]}.{numbers[1]}"

    def has_routes(self):
        """Tells whether this is an OpenShift, or at least has its Routes."""
        return self._resources.find(ROUTES, "Route") is not None

    def has_monitoring(self):
        """Tells whether this cluster knows the kinds of Prometheus' operator, as OpenShift does."""
        return all(self._resources.find(MONITORING, kind) is not None for kind in ("ServiceMonitor", "PrometheusRule"))

    def check_ingress_class(self, given):
        """Refuses a cluster in which no controller would serve our Ingress.

        Args:
            given: Name of the class that the operator asks for; empty means the cluster's default.

        Raises:
            ClusterError: There is no such class, or no default.
        """
        try:
            classes, _version = self._resources.list("networking.k8s.io/v1", "IngressClass")
        except ApiError as error:
            if error.status != 403:
                raise
            return
        names = sorted(found["metadata"]["name"] for found in classes)
        there = f"Classes that exist: {', '.join(names) or 'none'}."
        if given and given not in names:
            message = f"There is no IngressClass {given}. {there}"
            raise ClusterError(message)
        marks = [(found["metadata"].get("annotations") or {}).get(DEFAULT_INGRESS_CLASS) for found in classes]
        if not given and "true" not in marks:
            message = (
                "This cluster has no Routes and no IngressClass is the default: "
                f"set ocp4_workload_litemaas_ingress_class. {there}"
            )
            raise ClusterError(message)

    def check_builds(self):
        """Refuses a cluster that cannot build images.

        Raises:
            ClusterError: It has no BuildConfigs, as a plain Kubernetes or an OpenShift without that capability.
        """
        if self._resources.find(BUILDS, "BuildConfig") is None:
            message = (
                "This cluster cannot build images: set ocp4_workload_litemaas_image to a published image of LiteMaaS."
            )
            raise ClusterError(message)

    def domain(self, given):
        """Finds the domain of applications.

        Args:
            given: What the operator says; wins.

        Returns:
            The domain.

        Raises:
            ClusterError: It cannot be known.
        """
        if given:
            return given
        found = ((self._read(f"{_CONFIG}/ingresses/cluster") or {}).get("spec") or {}).get("domain")
        if found:
            return found
        # Who may not read Ingress/cluster can still tell: installers name the API api.<base>, applications *.apps.<base>.
        host = urlsplit(self._connection.host).hostname or ""
        if self.has_routes() and host.startswith("api."):
            return "apps." + host[len("api.") :]
        message = "The domain of the cluster's applications is not known: set ocp4_workload_litemaas_cluster_domain."
        raise ClusterError(message)

    def cloud(self, given):
        """Finds the cloud; empty where it is unknown."""
        if given:
            return given.lower()
        status = (self._read(f"{_CONFIG}/infrastructures/cluster") or {}).get("status") or {}
        name = (status.get("platformStatus") or {}).get("type") or status.get("platform") or ""
        return _CLOUDS.get(name.lower(), "")

    def oauth_issuer(self, domain, strict):
        """Finds the issuer of OpenShift's OAuth.

        Args:
            domain: Domain of applications, for the usual host.
            strict: Whether a cluster that does not announce it is an error.

        Returns:
            The issuer's URL.

        Raises:
            ClusterError: There is none.
        """
        if self._resources.find(OAUTH, "OAuthClient") is None:
            raise ClusterError(_NO_OAUTH)
        announced = self._read("/.well-known/oauth-authorization-server") or {}
        if announced.get("issuer"):
            return announced["issuer"]
        if strict:
            raise ClusterError(_NO_OAUTH)
        return f"https://oauth-openshift.{domain}"

    def authorities(self, namespace):
        """Collects the authorities that sign the cluster's own certificates.

        Args:
            namespace: One we may read, where the cluster publishes the authorities of its API and services.

        Returns:
            PEM text, empty where nothing may be read.
        """
        sources = (
            ("openshift-config-managed", "default-ingress-cert", "ca-bundle.crt"),
            (namespace, "kube-root-ca.crt", "ca.crt"),
            (namespace, "openshift-service-ca.crt", "service-ca.crt"),
        )
        found = [self._config_map(space, name).get(key, "").strip() for space, name, key in sources]
        return "".join(text + "\n" for text in dict.fromkeys(found) if text)

    def _config_map(self, namespace, name):
        return (self._read(f"/api/v1/namespaces/{namespace}/configmaps/{name}") or {}).get("data") or {}

    def _read(self, path):
        try:
            return self._connection.get(path)
        except ApiError as error:
            if error.status in (403, 404):
                return None
            raise

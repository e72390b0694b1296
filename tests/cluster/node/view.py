"""What the machine has to know of the cluster, asked from a thread that sees the host's network."""

from concurrent.futures import ThreadPoolExecutor

from kubernetes import config
from kubernetes.dynamic import DynamicClient

from cluster.fake.launch import FakeCluster

Target = tuple[str, int]


def primed() -> ThreadPoolExecutor:
    """One thread that is there already, so that it has the network of the caller, not that of its first user."""
    executor = ThreadPoolExecutor(1)
    executor.submit(lambda: None).result()
    return executor


class View:
    """Reads Routes and Endpoints; every method blocks."""

    def __init__(self, fake: FakeCluster) -> None:
        self._api = config.new_client_from_config(fake.kubeconfig)
        self._resources = DynamicClient(self._api).resources

    def close(self) -> None:
        self._api.close()

    def services(self, namespace: str) -> dict[str, str]:
        """The address of a pod of each service that has one; of a ready one, if there is any."""
        found = self._list("v1", "Endpoints", namespace)
        pods = {each["metadata"]["name"]: _addresses(each) + _addresses(each, "notReadyAddresses") for each in found}
        return {name: addresses[0] for name, addresses in pods.items() if addresses}

    def targets(self, host: str, path: str) -> list[Target]:
        """Where requests for a host and path may go: the Route with the longest path that leads there."""
        routes = [
            route
            for route in self._list("route.openshift.io/v1", "Route")
            if route["spec"]["host"] == host and _leads(route["spec"].get("path", "/"), path)
        ]
        if not routes:
            return []
        route = max(routes, key=lambda each: len(each["spec"].get("path", "")))
        namespace, service = route["metadata"]["namespace"], route["spec"]["to"]["name"]
        wanted = route["spec"]["port"]["targetPort"]
        return [
            (address, port["port"])
            for each in self._list("v1", "Endpoints", namespace)
            if each["metadata"]["name"] == service
            for subset in each.get("subsets", ())
            for port in subset["ports"]
            if wanted in (port.get("name"), port["port"])
            for address in _addresses(each)
        ]

    def _list(self, api_version: str, kind: str, namespace: str | None = None) -> list[dict]:
        resource = self._resources.get(api_version=api_version, kind=kind)
        return resource.get(namespace=namespace).to_dict()["items"]


def _addresses(endpoints: dict, which: str = "addresses") -> list[str]:
    return [each["ip"] for subset in endpoints.get("subsets", ()) for each in subset.get(which, ())]


def _leads(prefix: str, path: str) -> bool:
    return path == prefix or path.startswith(prefix.rstrip("/") + "/")

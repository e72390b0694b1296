"""OpenShift's router: admits the oldest Route of each host, and refuses the others with the reason that people meet.

Source: openshift/router `pkg/router/controller/unique_host.go`.
"""

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cluster.fake.store import Event
from cluster.fake.values import Json

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

_GROUP = "route.openshift.io"


class RouteController:
    """Keys are (`""`, host): all Routes of one host are judged together."""

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster
        self._sequence = itertools.count()
        self._age: dict[str, int] = {}  # creation times have only seconds; this orders within one

    def concerned(self, event: Event) -> Iterable[tuple[str, str]]:
        if event.kind.key != (_GROUP, "routes"):
            return []
        if event.type == "ADDED":
            self._age[event.after["metadata"]["uid"]] = next(self._sequence)
        states = (event.before, event.after)
        return {("", state["spec"]["host"]) for state in states if state is not None and "host" in state["spec"]}

    def reconcile(self, namespace: str, name: str) -> None:
        if not self._cluster.behaviour.switches.router:
            return
        routes = self._cluster.store.select(self._cluster.kind("routes", _GROUP))
        claims = [route for route in routes if route["spec"].get("host") == name]
        claims.sort(key=lambda route: self._age[route["metadata"]["uid"]])
        for position, route in enumerate(claims):
            self._cluster.set_status("routes", _GROUP, route, self._status(route, claims[:position]))

    def _status(self, route: Json, older: list[Json]) -> Json:
        condition: Json = {"type": "Admitted", "status": "True"}
        if refusal := _refusal(route, older):
            condition |= {"status": "False", "reason": "HostAlreadyClaimed", "message": refusal}
        previous = route.get("status", {}).get("ingress", [{}])[0].get("conditions", [{}])[0]
        unchanged = all(previous.get(name) == condition.get(name) for name in ("status", "reason", "message"))
        time = previous["lastTransitionTime"] if unchanged else route["metadata"]["creationTimestamp"]
        admission = {
            "host": route["spec"]["host"],
            "routerName": "default",
            "routerCanonicalHostname": f"router-default.{self._cluster.behaviour.switches.ingress_domain}",
            "wildcardPolicy": route["spec"].get("wildcardPolicy", "None"),
            "conditions": [{**condition, "lastTransitionTime": time}],
        }
        return {"ingress": [admission]}


def _refusal(route: Json, older: list[Json]) -> str:
    host = route["spec"]["host"]
    for other in older:
        if other["metadata"]["namespace"] != route["metadata"]["namespace"]:
            return f"a route in another namespace holds {host} and is older than {route['metadata']['name']}"
        if other["spec"].get("path", "") == route["spec"].get("path", ""):
            return f"route {other['metadata']['name']} already exposes {host} and is older"
    return ""

"""The control API: plain JSON over HTTP, by which a test decides how the cluster behaves and sees what it was asked.

| method and path | body | effect |
|---|---|---|
| PATCH /switches | `{"strict": false, …}` | settings of the cluster, see `behaviour.Switches`; answers all |
| PUT /storage-classes | `[{"name", "provisioner", "default", "expansion"}]` | replaces all storage classes |
| PUT /platform | `{"platform": "AWS"}` | the cloud that `Infrastructure/cluster` names |
| PUT /ingress-domain | `{"domain": "apps.example.com"}` | domain of generated hosts; empty removes `Ingress/cluster` |
| POST, DELETE /rollouts | `{"outcome", "namespace", "name", "message", "log"}` | adds a rule; forgets all rules |
| POST, DELETE /faults | `{"code", "count", "verb", "resource", "retry_after"}` | fails the next requests; stops that |
| POST, DELETE /denials | `{"user", "verb", "group", "resource", "namespace"}` | denies a permission; gives all back |
| POST /users | `{"name", "groups", "cluster_admin", "namespaces"}` | a user; answers their token and kubeconfig |
| POST /routes | `{"host", "namespace"}` | a Route of someone else that holds the host |
| GET, DELETE /requests | | counters of requests; back to none |
| GET /requests/log | | each request with its time, user, verb, resource and status |
| GET /kubelet/pods?after=N&wait=S | | pods that are to be started or stopped, see `kubelet` |
| POST /kubelet/status | `{"namespace", "name", "phase", …}` | how a pod fares |
| POST /compact | | forgets the history: older watches and lists are answered 410 |
| POST /reset | | a new, empty cluster under the same address |
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from . import seeds
from .behaviour import Fault, Outcome, RolloutRule
from .cluster import Cluster
from .errors import StatusError
from .kubeconfig import write_kubeconfig
from .users import Denial, User

Handler = Callable[[web.Request], Awaitable[web.Response]]


def control_application(cluster: Cluster, folder: Path) -> web.Application:
    """The control API of a cluster; kubeconfigs of new users are written to the folder."""
    control = _Control(cluster, folder)
    application = web.Application(middlewares=[_refusals])
    application.add_routes(
        [
            web.patch("/switches", control.switch),
            web.put("/storage-classes", control.set_storage_classes),
            web.put("/platform", control.set_platform),
            web.put("/ingress-domain", control.set_ingress_domain),
            web.post("/rollouts", control.add_rollout),
            web.delete("/rollouts", control.clear_rollouts),
            web.post("/faults", control.add_fault),
            web.delete("/faults", control.clear_faults),
            web.post("/denials", control.add_denial),
            web.delete("/denials", control.clear_denials),
            web.post("/users", control.add_user),
            web.post("/routes", control.claim_host),
            web.get("/requests", control.count_requests),
            web.delete("/requests", control.clear_requests),
            web.get("/requests/log", control.list_requests),
            web.get("/kubelet/pods", control.list_pods),
            web.post("/kubelet/status", control.report_pod),
            web.post("/compact", control.compact),
            web.post("/reset", control.reset),
        ]
    )
    return application


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What a test got wrong is answered with a sentence, not with a stack trace."""
    try:
        return await handler(request)
    except StatusError as error:
        return web.json_response(error.to_json(), status=error.code)
    except (KeyError, TypeError, ValueError) as error:
        return web.json_response({"message": f"{type(error).__name__}: {error}"}, status=400)


class _Control:
    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self._cluster = cluster
        self._folder = folder

    async def switch(self, request: web.Request) -> web.Response:
        self._cluster.behaviour.switch(await request.json())
        self._cluster.controllers.resync()
        return web.json_response(asdict(self._cluster.behaviour.switches))

    async def set_storage_classes(self, request: web.Request) -> web.Response:
        seeds.set_storage_classes(self._cluster, await request.json())
        return web.json_response({})

    async def set_platform(self, request: web.Request) -> web.Response:
        seeds.set_platform(self._cluster, (await request.json())["platform"])
        return web.json_response({})

    async def set_ingress_domain(self, request: web.Request) -> web.Response:
        seeds.set_ingress_domain(self._cluster, (await request.json())["domain"])
        return web.json_response({})

    async def add_rollout(self, request: web.Request) -> web.Response:
        rule = await request.json()
        self._cluster.behaviour.rollouts.append(RolloutRule(**{**rule, "outcome": Outcome(rule["outcome"])}))
        self._cluster.controllers.resync()
        return web.json_response({})

    async def clear_rollouts(self, request: web.Request) -> web.Response:
        self._cluster.behaviour.rollouts.clear()
        self._cluster.controllers.resync()
        return web.json_response({})

    async def add_fault(self, request: web.Request) -> web.Response:
        self._cluster.behaviour.faults.append(Fault(**await request.json()))
        return web.json_response({})

    async def clear_faults(self, request: web.Request) -> web.Response:
        self._cluster.behaviour.faults.clear()
        return web.json_response({})

    async def add_denial(self, request: web.Request) -> web.Response:
        self._cluster.directory.denials.append(Denial(**await request.json()))
        return web.json_response({})

    async def clear_denials(self, request: web.Request) -> web.Response:
        self._cluster.directory.denials.clear()
        return web.json_response({})

    async def add_user(self, request: web.Request) -> web.Response:
        asked = await request.json()
        groups = tuple(asked.get("groups", ("system:authenticated",)))
        namespaces = frozenset(asked.get("namespaces", ()))
        user = User(asked["name"], groups, asked.get("cluster_admin", False), namespaces)
        token = self._cluster.directory.add(user)
        authority = self._cluster.certificate_authority.encode()
        path = write_kubeconfig(self._folder, user.name, url=self._cluster.server_url, authority=authority, token=token)
        return web.json_response({"token": token, "kubeconfig": str(path)})

    async def claim_host(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if self._cluster.find("namespaces", "", "", asked["namespace"]) is None:
            self._cluster.create("namespaces", "", {"metadata": {"name": asked["namespace"]}})
        metadata = {"generateName": "claims-host-", "namespace": asked["namespace"]}
        spec = {"host": asked["host"], "to": {"kind": "Service", "name": "somebody-elses"}}
        self._cluster.create("routes", "route.openshift.io", {"metadata": metadata, "spec": spec})
        return web.json_response({})

    async def count_requests(self, request: web.Request) -> web.Response:
        return web.json_response(self._cluster.requests.counts())

    async def clear_requests(self, request: web.Request) -> web.Response:
        self._cluster.requests.clear()
        return web.json_response({})

    async def list_requests(self, request: web.Request) -> web.Response:
        return web.json_response(self._cluster.requests.entries())

    async def list_pods(self, request: web.Request) -> web.Response:
        after, wait = int(request.query.get("after", 0)), float(request.query.get("wait", 0))
        return web.json_response(await self._cluster.kubelet.notices(after, wait))

    async def report_pod(self, request: web.Request) -> web.Response:
        self._cluster.kubelet.report(await request.json())
        return web.json_response({})

    async def compact(self, request: web.Request) -> web.Response:
        self._cluster.store.compact()
        return web.json_response({})

    async def reset(self, request: web.Request) -> web.Response:
        self._cluster.reset()
        return web.json_response({})

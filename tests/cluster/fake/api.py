"""The API server: answers requests, with authentication, permissions and faults in the order of a real server."""

from dataclasses import dataclass, field

from . import discovery, virtual
from .cluster import Cluster
from .decoding import Write
from .errors import StatusError, bad_request, no_such_path, unauthorized, unsupported_media_type
from .kinds import Kind
from .listing import Query, list_objects
from .routing import APPLY, PATCHES, Request, Target, access_of, parse, verb_of
from .tables import table
from .users import User
from .values import Json
from .watch import Watch

_OK, _CREATED = 200, 201


@dataclass
class Answer:
    """`body` is JSON, plain text, or a watch whose lines are to be sent."""

    status: int
    body: Json | str | Watch
    warnings: list[str] = field(default_factory=list)


class Api:
    """Answers requests on one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def answer(self, request: Request, user: User | None, target: Target | None) -> Answer:
        """The answer to one request.

        Raises:
            StatusError: the request is refused.
        """
        if target is None:
            return self._outside_of_resources(request, user)
        if user is None:
            raise unauthorized()
        verb = verb_of(request, target)
        self._check_access(user, verb, target)
        answered = virtual.answer(self._cluster, request, user, target)
        if answered is not None:
            return Answer(_CREATED if verb == "create" else _OK, answered)
        kind = self._cluster.kinds.find(target.group, target.version, target.plural)
        if kind is None or (kind.namespaced and not target.namespace and verb not in {"list", "watch"}):
            raise no_such_path()
        if verb in {"get", "list", "watch"}:
            return self._read(request, verb, kind, target)
        if verb in {"delete", "deletecollection"}:
            return self._delete(request, verb, kind, target)
        return self._write(request, user, verb, kind, target)

    def _outside_of_resources(self, request: Request, user: User | None) -> Answer:
        cluster = self._cluster
        parts = request.path.strip("/").split("/")
        match parts:
            case ["version"]:
                return Answer(_OK, discovery.version_info(cluster.version))
            case ["healthz" | "readyz" | "livez"]:
                return Answer(_OK, "ok")
            case [".well-known", "oauth-authorization-server"] if cluster.profile == "openshift":
                return Answer(_OK, virtual.oauth_endpoints(cluster))
        if user is None:
            raise unauthorized()
        match parts:
            case ["api"]:
                body = discovery.api_versions(cluster.server_url)
            case ["apis"]:
                body = discovery.group_list(cluster.kinds)
            case ["apis", group]:
                body = discovery.group(cluster.kinds, group)
            case ["api", version]:
                body = discovery.resource_list(cluster.kinds, "", version)
            case ["apis", group, version]:
                body = discovery.resource_list(cluster.kinds, group, version)
            case _:
                raise no_such_path()
        return Answer(_OK, body)

    def _check_access(self, user: User, verb: str, target: Target) -> None:
        access = access_of(verb, target)
        if self._cluster.directory.allows(user, access):
            return
        qualified = f"{target.plural}.{target.group}" if target.group else target.plural
        subject = f'{qualified} "{target.name}"' if target.name else qualified
        where = f'in the namespace "{target.namespace}"' if target.namespace else "at the cluster scope"
        message = (
            f'{subject} is forbidden: User "{user.name}" cannot {verb} resource "{access.resource}" '
            f'in API group "{target.group}" {where}'
        )
        details = {"name": target.name, "group": target.group, "kind": target.plural}
        raise StatusError(403, "Forbidden", message, {key: value for key, value in details.items() if value})

    def _read(self, request: Request, verb: str, kind: Kind, target: Target) -> Answer:
        cluster = self._cluster
        as_table = "as=Table" in request.accept
        if verb == "watch":
            query = dict(request.query)
            if target.name:
                query["fieldSelector"] = f"metadata.name={target.name}"
            return Answer(_OK, Watch(cluster.store, kind, target.namespace, query))
        if verb == "get":
            found = cluster.resources.get(kind, target.namespace, target.name)
            metadata = {"resourceVersion": found["metadata"]["resourceVersion"]}
            return Answer(_OK, table(kind, [found], metadata) if as_table else found)
        query = Query(
            request.query.get("labelSelector", ""),
            request.query.get("fieldSelector", ""),
            int(request.query.get("limit") or 0),
            request.query.get("continue", ""),
        )
        items, metadata = list_objects(cluster.store, kind, target.namespace, query)
        return Answer(_OK, table(kind, items, metadata) if as_table else _list_of(kind, items, metadata))

    def _delete(self, request: Request, verb: str, kind: Kind, target: Target) -> Answer:
        cluster = self._cluster
        options = parse(request) if request.body else {}
        dry_run = request.query.get("dryRun") == "All" or options.get("dryRun") == ["All"]
        policy = options.get("propagationPolicy") or request.query.get("propagationPolicy")
        if verb == "deletecollection":
            query = Query(request.query.get("labelSelector", ""), request.query.get("fieldSelector", ""))
            items, metadata = list_objects(cluster.store, kind, target.namespace, query)
            for each in items:
                where, name = each["metadata"].get("namespace", ""), each["metadata"]["name"]
                cluster.resources.delete(kind, where, name, {}, dry_run=dry_run)
            return Answer(_OK, _list_of(kind, items, metadata))
        if policy == "Orphan" and not dry_run:
            cluster.release_dependents(cluster.resources.get(kind, target.namespace, target.name))
        gone = cluster.resources.delete(kind, target.namespace, target.name, options, dry_run=dry_run)
        left = cluster.store.get(kind, target.namespace, target.name)
        if left is not None and not dry_run:
            return Answer(_OK, left)
        details = {"name": target.name, "group": kind.group, "kind": kind.plural, "uid": gone["metadata"]["uid"]}
        success = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}
        return Answer(_OK, success)

    def _write(self, request: Request, user: User, verb: str, kind: Kind, target: Target) -> Answer:
        if target.subresource and not (target.subresource == "status" and kind.has_status):
            raise no_such_path()
        write = self._write_options(request, user)
        resources, namespace, name = self._cluster.resources, target.namespace, target.name
        if verb == "create":
            stored = resources.create(kind, namespace, parse(request), write)
            return Answer(_CREATED, stored, write.warnings)
        if verb == "update":
            body = parse(request)
            stored = resources.replace(kind, namespace, name, body, write, subresource=target.subresource)
            return Answer(_OK, stored, write.warnings)
        how = PATCHES.get(request.content_type)
        if how is None or (how == "strategic" and kind.custom):
            accepted = [each for each in PATCHES if not (kind.custom and "strategic" in each)]
            raise unsupported_media_type(request.content_type, accepted)
        body = parse(request)
        if how == "apply":
            stored, created = resources.apply(kind, namespace, name, body, write, subresource=target.subresource)
            return Answer(_CREATED if created else _OK, stored, write.warnings)
        stored = resources.patch(kind, namespace, name, body, write, how=how, subresource=target.subresource)
        return Answer(_OK, stored, write.warnings)

    def _write_options(self, request: Request, user: User) -> Write:
        query = request.query
        dry_run = query.get("dryRun", "")
        if dry_run not in {"", "All"}:
            raise bad_request(f'Invalid value: "{dry_run}": supported values: "All"')
        manager = query.get("fieldManager", "")
        if not manager and request.content_type != APPLY:
            manager = request.agent.partition("/")[0] or "unknown"
        default = "Strict" if self._cluster.behaviour.switches.strict else "Warn"
        validation = query.get("fieldValidation") or default
        return Write(user, manager, dry_run == "All", request.flag("force"), validation)


def _list_of(kind: Kind, items: list[Json], metadata: Json) -> Json:
    return {"kind": f"{kind.kind}List", "apiVersion": kind.api_version, "metadata": metadata, "items": items}

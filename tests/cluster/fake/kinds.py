"""Which kinds the server knows, and what discovery says of each.

The structure of a kind comes from its schema; what a schema does not say (plural, scope, subresources) is in the table
below for Kubernetes' own kinds and in the CustomResourceDefinition for all others.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .schemas import Schemas
from .values import Json

READ = ("get", "list", "watch")
ALL = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind in one version, as discovery lists it."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool
    schema: Json
    short_names: tuple[str, ...] = ()
    has_status: bool = False
    has_scale: bool = False
    counts_generations: bool = False
    custom: bool = False  # defined by a CustomResourceDefinition: no strategic merge, defaults from its schema
    verbs: tuple[str, ...] = ALL
    columns: tuple[Json, ...] = ()

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified_plural(self) -> str:
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def singular(self) -> str:
        return self.kind.lower()

    @property
    def key(self) -> tuple[str, str]:
        return (self.group, self.plural)


# group/version, kind, plural, namespaced, short names, flags: s status, c scale, g counts generations
_BUILT_IN = """
v1 Namespace namespaces - ns s
v1 Node nodes - no s
v1 PersistentVolume persistentvolumes - pv s
v1 ConfigMap configmaps + cm
v1 Endpoints endpoints + ep
v1 Event events + ev
v1 LimitRange limitranges + limits
v1 PersistentVolumeClaim persistentvolumeclaims + pvc s
v1 Pod pods + po s
v1 ReplicationController replicationcontrollers + rc scg
v1 ResourceQuota resourcequotas + quota s
v1 Secret secrets +
v1 Service services + svc s
v1 ServiceAccount serviceaccounts + sa
apps/v1 DaemonSet daemonsets + ds sg
apps/v1 Deployment deployments + deploy scg
apps/v1 ReplicaSet replicasets + rs scg
apps/v1 StatefulSet statefulsets + sts scg
autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers + hpa s
batch/v1 CronJob cronjobs + cj sg
batch/v1 Job jobs + - sg
discovery.k8s.io/v1 EndpointSlice endpointslices + - g
networking.k8s.io/v1 Ingress ingresses + ing sg
networking.k8s.io/v1 IngressClass ingressclasses - - g
networking.k8s.io/v1 NetworkPolicy networkpolicies + netpol g
policy/v1 PodDisruptionBudget poddisruptionbudgets + pdb sg
rbac.authorization.k8s.io/v1 ClusterRole clusterroles -
rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings -
rbac.authorization.k8s.io/v1 Role roles +
rbac.authorization.k8s.io/v1 RoleBinding rolebindings +
scheduling.k8s.io/v1 PriorityClass priorityclasses - pc g
storage.k8s.io/v1 StorageClass storageclasses - sc
apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions - crd,crds sg
"""


def split_api_version(api_version: str) -> tuple[str, str]:
    """`apps/v1` → (`apps`, `v1`); the core group is the empty string."""
    group, _, version = api_version.rpartition("/")
    return group, version


def built_in_kinds(schemas: Schemas) -> Iterator[Kind]:
    for line in _BUILT_IN.strip().splitlines():
        api_version, name, plural, scope, *rest = line.split()
        group, version = split_api_version(api_version)
        short_names = tuple(rest[0].split(",")) if rest and rest[0] != "-" else ()
        flags = rest[1] if len(rest) > 1 else ""
        yield Kind(
            group=group,
            version=version,
            kind=name,
            plural=plural,
            namespaced=scope == "+",
            schema=schemas.of_kind(group, version, name),
            short_names=short_names,
            has_status="s" in flags,
            has_scale="c" in flags,
            counts_generations="g" in flags,
        )


def custom_kinds(definition: Json, schemas: Schemas) -> Iterator[Kind]:
    """The kinds that a CustomResourceDefinition serves: one for each served version."""
    spec = definition["spec"]
    names = spec["names"]
    for version in spec["versions"]:
        if not version.get("served", True):
            continue
        subresources = version.get("subresources", {})
        yield Kind(
            group=spec["group"],
            version=version["name"],
            kind=names["kind"],
            plural=names["plural"],
            namespaced=spec["scope"] == "Namespaced",
            schema=schemas.of_custom_resource(version["schema"]["openAPIV3Schema"]),
            short_names=tuple(names.get("shortNames", ())),
            has_status="status" in subresources,
            has_scale="scale" in subresources,
            counts_generations=True,
            custom=True,
            verbs=tuple(spec.get("x-verbs", ALL)),
            columns=tuple(version.get("additionalPrinterColumns", ())),
        )


@dataclass
class KindRegistry:
    """All kinds served at this moment, found by path or by name."""

    _by_path: dict[tuple[str, str, str], Kind] = field(default_factory=dict)

    def add(self, kinds: Iterable[Kind]) -> None:
        for kind in kinds:
            self._by_path[kind.group, kind.version, kind.plural] = kind

    def remove(self, group: str, plural: str) -> None:
        for path in [path for path in self._by_path if path[0] == group and path[2] == plural]:
            del self._by_path[path]

    def find(self, group: str, version: str, plural: str) -> Kind | None:
        return self._by_path.get((group, version, plural))

    def named(self, plural: str, group: str = "") -> Kind:
        """The kind of this plural, in whichever version it is served.

        Raises:
            KeyError: the server does not have it.
        """
        for kind in self._by_path.values():
            if kind.plural == plural and kind.group == group:
                return kind
        raise KeyError(f"{plural}.{group}")

    def has(self, plural: str, group: str = "") -> bool:
        return any(kind.plural == plural and kind.group == group for kind in self._by_path.values())

    def groups(self) -> dict[str, list[str]]:
        """Every named group with its versions, in the order they were added."""
        found: dict[str, list[str]] = {}
        for group, version, _ in self._by_path:
            versions = found.setdefault(group, [])
            if version not in versions:
                versions.append(version)
        return found

    def in_group(self, group: str, plural: str) -> list[Kind]:
        """One kind in all the versions it is served in."""
        return [kind for kind in self._by_path.values() if kind.key == (group, plural)]

    def in_version(self, group: str, version: str) -> list[Kind]:
        return [kind for kind in self._by_path.values() if (kind.group, kind.version) == (group, version)]

    def __iter__(self) -> Iterator[Kind]:
        return iter(list(self._by_path.values()))

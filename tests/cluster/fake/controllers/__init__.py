"""The controllers of the cluster: each looks at one kind of object and makes the world agree with it, at once.

Not there: DaemonSets, ReplicaSets between a Deployment and its pods, PersistentVolumes, EndpointSlices, autoscaling,
and CronJobs that start by the clock.
"""

from typing import TYPE_CHECKING

from .builds import BuildController
from .claims import ClaimController
from .custom_resources import CustomResourceController
from .deployments import DeploymentController
from .endpoints import EndpointsController
from .ingresses import IngressController
from .jobs import JobController
from .namespaces import NamespaceController
from .ownership import GarbageCollector
from .pods import PodController
from .queue import Controller, WorkQueue
from .routes import RouteController
from .stateful_sets import StatefulSetController

if TYPE_CHECKING:
    from cluster.fake.cluster import Cluster

__all__ = ["WorkQueue", "assemble"]


def assemble(cluster: "Cluster") -> list[Controller]:
    """The controllers that a cluster of this profile runs."""
    controllers: list[Controller] = [
        GarbageCollector(cluster),
        CustomResourceController(cluster),
        NamespaceController(cluster),
        ClaimController(cluster),
        DeploymentController(cluster),
        StatefulSetController(cluster),
        JobController(cluster),
        PodController(cluster),
        EndpointsController(cluster),
        IngressController(cluster),
    ]
    if cluster.profile == "openshift":
        controllers += [RouteController(cluster), BuildController(cluster)]
    return controllers

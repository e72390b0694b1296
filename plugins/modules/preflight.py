#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Reads the cluster, checks what a deployment needs, and lays out its instances."""

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight
short_description: Check a cluster and lay out the instances of a deployment
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Reads the cluster's version, application domain, cloud, storage classes, OAuth issuer and certificate authorities.
  - Fails with one sentence when something that the deployment needs is missing or in the way.
  - Changes nothing.
extends_documentation_fragment:
  - rhpds.litemaas.cluster
  - rhpds.litemaas.cluster.reading
options:
  checks:
    description: Whether to check permissions, storage, hosts and OAuth; a removal needs none of it.
    type: bool
    default: true
  namespace:
    description: Namespace of a single instance.
    type: str
    required: true
  users:
    description: Number of lab users; 0 means a single instance.
    type: int
    default: 0
  user_prefix:
    description: Prefix of the lab users.
    type: str
    default: user
  route_name:
    description: Last part of the API hosts.
    type: str
    default: rhpds
  hosts:
    description: Hosts of a single instance that replace the computed ones, by C(admin), C(api) and C(frontend).
    type: dict
    default: {}
  cluster_domain:
    description: Domain of applications; empty means that of the cluster.
    type: str
    default: ""
  cloud_provider:
    description: Cloud; empty means that of the cluster.
    type: str
    default: ""
  storage_class:
    description: Storage class; empty means a choice.
    type: str
    default: ""
  storage:
    description: Whether volumes are needed.
    type: bool
    default: true
  volume_sizes:
    description: Size that the volumes of StatefulSets shall have, by name of the StatefulSet.
    type: dict
    default: {}
  ingress_class:
    description: Class of the Ingress where there are no Routes; empty means the cluster's default.
    type: str
    default: ""
  openshift_oauth:
    description: Whether people log in through OpenShift.
    type: bool
    default: false
  build:
    description: Whether the image is built in the cluster.
    type: bool
    default: false
  kinds:
    description: Other kinds that are applied, as C(group/resource), for which permission is needed.
    type: list
    elements: str
    default: []
  monitoring:
    description: Whether Prometheus shall be told of the deployment, where it can be.
    type: bool
    default: false
  autoscaled:
    description: Deployment whose replicas an autoscaler may have set; empty where there is none.
    type: str
    default: ""
  strict:
    description: Whether an OAuth server that does not announce itself, or an Ingress that nobody would serve, is an error.
    type: bool
    default: true
  owner:
    description: Value of the label C(app.kubernetes.io/managed-by).
    type: str
    default: rhpds.litemaas
"""

EXAMPLES = r"""
- name: Look at the cluster
  rhpds.litemaas.preflight:
    namespace: litemaas
  register: preflight
"""

RETURN = r"""
version:
  description: Version of Kubernetes.
  returned: always
  type: str
  sample: "1.30"
routes:
  description: Whether the cluster has OpenShift's Routes.
  returned: always
  type: bool
domain:
  description: Domain of applications.
  returned: always
  type: str
  sample: apps.example.com
cloud:
  description: Cloud; empty where unknown.
  returned: always
  type: str
  sample: aws
storage_class:
  description: Storage class of the volumes; empty leaves it to the cluster.
  returned: always
  type: str
  sample: gp3-csi
growing:
  description: Whether volumes that exist have to grow first; see M(rhpds.litemaas.volumes).
  returned: always
  type: bool
bounded:
  description: Namespaces that exist and have a quota or a limit range; see M(rhpds.litemaas.quota_check).
  returned: always
  type: list
  elements: str
oauth_issuer:
  description: Issuer of OpenShift's OAuth; empty where it is not asked for.
  returned: always
  type: str
monitoring:
  description: Whether Prometheus shall be told, this cluster has the kinds for it, and we may use them.
  returned: always
  type: bool
authorities:
  description: Certificate authorities of the cluster as PEM text.
  returned: always
  type: str
other_labs:
  description: Namespaces of other lab users; where there are none, what labs share can go.
  returned: when O(checks=false)
  type: list
  elements: str
redirect_uris:
  description: Redirect URIs of all instances, and of the Routes that exist.
  returned: always
  type: list
  elements: str
instances:
  description: The instances with their names, hosts and URLs.
  returned: always
  type: list
  elements: dict
  contains:
    namespace:
      description: The namespace.
      type: str
    namespace_state:
      description: Whether it is C(absent), C(ours) or C(foreign).
      type: str
    user:
      description: The lab user; empty for a single instance.
      type: str
    number:
      description: Number of the lab user; 0 for a single instance.
      type: int
    autoscaled:
      description: Whether an autoscaler has set the replicas of O(autoscaled).
      type: bool
    admin_url:
      description: URL of the admin UI.
      type: str
    api_url:
      description: URL for API clients.
      type: str
    frontend_url:
      description: URL of the user UI.
      type: str
"""

from concurrent.futures import ThreadPoolExecutor

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils import instances as layout
from ansible_collections.rhpds.litemaas.plugins.module_utils import permissions, storage
from ansible_collections.rhpds.litemaas.plugins.module_utils.claims import Claims
from ansible_collections.rhpds.litemaas.plugins.module_utils.connection import ARGUMENT_SPEC, connect
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ApiError, ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.platform import Platform
from ansible_collections.rhpds.litemaas.plugins.module_utils.resources import Resources
from ansible_collections.rhpds.litemaas.plugins.module_utils.volumes import Volumes

THREADS = 8


class Preflight:
    """One look at a cluster on behalf of one deployment."""

    def __init__(self, params, connection):
        self._params = params
        self._connection = connection
        self._resources = Resources(connection)
        self._platform = Platform(connection, self._resources)
        self._claims = Claims(connection, self._resources, params["owner"])

    def look(self):
        """Reads the facts and lays out the instances; see RETURN."""
        params = self._params
        facts = {"version": self._platform.check_version(), "routes": self._platform.has_routes()}
        facts["domain"] = self._domain()
        facts["instances"] = self._instances(facts["domain"])
        facts["redirect_uris"] = [uri for one in facts["instances"] for uri in one["redirect_uris"]]
        facts.update(cloud="", storage_class="", oauth_issuer="", authorities="", monitoring=False, growing=False, bounded=[])
        if not params["checks"]:
            facts["redirect_uris"] += self._routes_redirect_uris(facts)
            names = [one["namespace"] for one in facts["instances"]]
            facts["other_labs"] = self._claims.other_labs(names) if params["users"] else []
            return facts
        states = self._claims.namespaces([one["namespace"] for one in facts["instances"]])
        for instance in facts["instances"]:
            instance["namespace_state"] = states[instance["namespace"]]
        if params["build"]:
            self._platform.check_builds()
        self._check_permissions(facts)
        if facts["routes"]:
            self._claims.check_hosts(facts["instances"])
        elif params["strict"]:
            self._platform.check_ingress_class(params["ingress_class"])
        facts["cloud"] = self._platform.cloud(params["cloud_provider"])
        there = [name for name, state in states.items() if state != "absent"]
        facts["bounded"] = self._claims.bounded(there) if there else []
        if params["storage"]:
            facts["storage_class"] = self._storage_class(facts)
            volumes = Volumes(self._connection, self._resources, params["owner"])
            facts["growing"] = bool(there and volumes.plan(there, params["volume_sizes"]))
        if params["openshift_oauth"]:
            facts["oauth_issuer"] = self._platform.oauth_issuer(facts["domain"], params["strict"])
        readable = params["namespace"] if states.get(params["namespace"]) == "foreign" else "default"
        facts["monitoring"] = self._monitoring()
        for instance in facts["instances"]:
            name = params["autoscaled"]
            instance["autoscaled"] = bool(name) and self._claims.autoscaled(instance["namespace"], name)
        facts["authorities"] = self._platform.authorities(readable)
        return facts

    def _domain(self):
        try:
            return self._platform.domain(self._params["cluster_domain"])
        except ClusterError:
            if self._params["checks"]:
                raise
            return ""  # to remove something its domain need not be known: the Routes tell their hosts

    def _instances(self, domain):
        params = self._params
        if params["users"]:
            return layout.lab(params["user_prefix"], params["users"], domain, params["route_name"])
        return [layout.single(params["namespace"], domain, params["route_name"], params["hosts"])]

    def _routes_redirect_uris(self, facts):
        if not facts["routes"]:
            return []
        hosts = self._claims.route_hosts([one["namespace"] for one in facts["instances"]])
        return [f"https://{host}{layout.CALLBACK_PATH}" for host in sorted(hosts)]

    def _check_permissions(self, facts):
        params = self._params
        absent = any(one["namespace_state"] == "absent" for one in facts["instances"])
        asks = permissions.needed(
            namespace="" if params["users"] else params["namespace"],
            routes=facts["routes"],
            new_namespaces=absent,
            oauth_client=params["openshift_oauth"],
            build=params["build"],
            more=params["kinds"],
        )
        with ThreadPoolExecutor(THREADS) as workers:
            permissions.check(self._connection, asks, workers)

    def _monitoring(self):
        if not self._params["monitoring"] or not self._platform.has_monitoring():
            return False
        kinds = ("servicemonitors", "prometheusrules")
        namespace = "" if self._params["users"] else self._params["namespace"]
        asks = [ask for kind in kinds for ask in permissions.applying("monitoring.coreos.com", kind, namespace)]
        return permissions.granted(self._connection, asks)

    def _storage_class(self, facts):
        try:
            classes, _version = self._resources.list("storage.k8s.io/v1", "StorageClass")
        except ApiError as error:
            if error.status != 403:
                raise
            classes = None
        existing = self._claims.volume_class([one["namespace"] for one in facts["instances"]])
        return storage.choose(self._params["storage_class"], existing, facts["cloud"], classes)


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            ARGUMENT_SPEC,
            checks={"type": "bool", "default": True},
            namespace={"type": "str", "required": True},
            users={"type": "int", "default": 0},
            user_prefix={"type": "str", "default": "user"},
            route_name={"type": "str", "default": "rhpds"},
            hosts={"type": "dict", "default": {}},
            cluster_domain={"type": "str", "default": ""},
            cloud_provider={"type": "str", "default": ""},
            storage_class={"type": "str", "default": ""},
            storage={"type": "bool", "default": True},
            volume_sizes={"type": "dict", "default": {}},
            ingress_class={"type": "str", "default": ""},
            openshift_oauth={"type": "bool", "default": False},
            build={"type": "bool", "default": False},
            kinds={"type": "list", "elements": "str", "default": []},
            monitoring={"type": "bool", "default": False},
            autoscaled={"type": "str", "default": ""},
            strict={"type": "bool", "default": True},
            owner={"type": "str", "default": "rhpds.litemaas"},
        ),
        supports_check_mode=True,
    )
    try:
        facts = Preflight(module.params, connect(module.params, connections=THREADS)).look()
    except ClusterError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **facts)


if __name__ == "__main__":
    main()

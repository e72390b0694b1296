#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Tells beforehand that a deployment does not fit its namespaces."""

from __future__ import annotations

DOCUMENTATION = r"""
module: quota_check
short_description: Compare a deployment with the quotas of its namespaces
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Adds up what the manifests take, and fails with one sentence where a ResourceQuota or a ClusterResourceQuota leaves less, or where
    a LimitRange allows less for a container, a pod or a volume.
  - What is deployed already counts once.
  - Changes nothing.
extends_documentation_fragment:
  - rhpds.litemaas.cluster
  - rhpds.litemaas.cluster.reading
options:
  manifests:
    description: YAML documents of one instance.
    type: str
    required: true
  namespaces:
    description: Namespaces that each shall hold such an instance.
    type: list
    elements: str
    required: true
  owner:
    description: Value of the label C(app.kubernetes.io/managed-by) of what was deployed before.
    type: str
    default: rhpds.litemaas
"""

EXAMPLES = r"""
- name: Compare what is to be deployed with what there is room for
  rhpds.litemaas.quota_check:
    manifests: "{{ lookup('ansible.builtin.template', 'everything.yaml.j2') }}"
    namespaces: [litemaas]
"""

RETURN = r"""
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils import cluster_quotas
from ansible_collections.rhpds.litemaas.plugins.module_utils import manifest as documents
from ansible_collections.rhpds.litemaas.plugins.module_utils.connection import ARGUMENT_SPEC, connect
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.failures import told
from ansible_collections.rhpds.litemaas.plugins.module_utils.manifest import OWNER_LABEL
from ansible_collections.rhpds.litemaas.plugins.module_utils.quotas import breaches, shortages
from ansible_collections.rhpds.litemaas.plugins.module_utils.resources import Resources

ADVICE = (
    "Ask for more room, or set smaller requests, limits and sizes "
    "(ocp4_workload_litemaas_…_request, …_limit, …_storage_size)."
)


def check(resources, manifests, namespaces, selector):
    """Compares; see DOCUMENTATION.

    Raises:
        ClusterError: It does not fit.
    """

    def by_namespace(api_version, kind, labels=None):
        found = {name: [] for name in namespaces}
        for one in resources.list_in(api_version, kind, namespaces, labels):
            found.get(one["metadata"]["namespace"], []).append(one)
        return found

    kinds = {(one["apiVersion"], one["kind"]) for one in manifests if resources.find(one["apiVersion"], one["kind"])}
    names = {(one["kind"], one["metadata"]["name"]) for one in manifests}
    live = [by_namespace(api_version, kind, selector) for api_version, kind in sorted(kinds)]
    quotas, ranges = by_namespace("v1", "ResourceQuota"), by_namespace("v1", "LimitRange")

    def present(name):
        return [one for found in live for one in found[name] if (one["kind"], one["metadata"]["name"]) in names]

    problems = {
        name: shortages(quotas[name], manifests, present(name)) + breaches(ranges[name], manifests) for name in namespaces
    }
    for shared, quota in cluster_quotas.over(resources, namespaces):
        there = [one for name in shared for one in present(name)]
        for name in shared:
            problems[name] += shortages([quota], manifests * len(shared), there)
    failed = [(name, "; ".join(found)) for name, found in problems.items() if found]
    if failed:
        message = f"There is not enough room. {told(failed)}. {ADVICE}"
        raise ClusterError(message)


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            ARGUMENT_SPEC,
            manifests={"type": "str", "required": True},
            namespaces={"type": "list", "elements": "str", "required": True},
            owner={"type": "str", "default": "rhpds.litemaas"},
        ),
        supports_check_mode=True,
    )
    params = module.params
    try:
        resources = Resources(connect(params))
        check(resources, documents.read(params["manifests"]), params["namespaces"], f"{OWNER_LABEL}={params['owner']}")
    except ClusterError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Applies rendered manifests of many namespaces at once, and waits once."""

from __future__ import annotations

DOCUMENTATION = r"""
module: manifests
short_description: Apply manifests of many namespaces at once
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Server-side-applies manifests with one field manager, several namespaces at the same time, and waits once for all.
  - Sends nothing for an object whose fields already are what they should be.
  - A failure in one namespace does not stop the others; the module fails when O(partial) is false or nothing succeeded.
extends_documentation_fragment:
  - rhpds.litemaas.cluster
attributes:
  check_mode:
    description: The server is asked what it would do.
    support: full
  diff_mode:
    description: Shows the fields that the manifests set, before and after.
    support: full
options:
  state:
    description: Whether the manifests shall be applied, or what was applied shall be removed.
    type: str
    choices: [present, absent]
    default: present
  manifests:
    description: YAML documents; required when O(state=present).
    type: str
  namespaces:
    description:
      - Namespaces to clear when O(state=absent).
      - One that this module made is deleted; from any other only the owner's objects are.
    type: list
    elements: str
  owner:
    description: Name of the field manager, and value of the label C(app.kubernetes.io/managed-by) of every object.
    type: str
    default: rhpds.litemaas
  inventory:
    description:
      - Name of a ConfigMap that remembers in each namespace what was applied, so that what is dropped later is deleted.
      - Without it nothing is pruned.
    type: str
  wait_for:
    description: Kinds whose objects must become ready; with O(state=absent) any entry waits for namespaces to be gone.
    type: list
    elements: str
    choices: [Deployment, StatefulSet, Job, Route, Namespace]
    default: []
  wait_timeout:
    description: Seconds to wait in all.
    type: int
    default: 600
  give_up_after:
    description: Seconds that a namespace may show a problem that seldom passes by itself.
    type: int
    default: 120
  concurrency:
    description: Namespaces that are changed at the same time.
    type: int
    default: 8
  partial:
    description: Report failed namespaces in RV(instances) instead of failing, as long as one succeeded.
    type: bool
    default: false
  recreated:
    description:
      - StatefulSets, as namespace and name, that an earlier task takes away so that they can be applied anew.
      - In check mode they are still there, and the server would refuse what cannot be changed on them.
    type: list
    elements: str
    default: []
  progress_path:
    description: File to which a line is appended for each namespace; the action plugin sets it and shows the lines.
    type: path
"""

EXAMPLES = r"""
- name: Apply a folder's manifests and wait for the rollouts
  rhpds.litemaas.manifests:
    manifests: "{{ lookup('ansible.builtin.template', 'everything.yaml.j2') }}"
    inventory: litemaas-inventory
    wait_for: [Deployment, StatefulSet]
"""

RETURN = r"""
instances:
  description: What happened in each namespace.
  returned: when the module does not fail, or O(partial) is true
  type: list
  elements: dict
  contains:
    namespace:
      description: The namespace.
      type: str
    changed:
      description: Whether anything in it changed.
      type: bool
    objects:
      description: What changed, as kind and name.
      type: list
      elements: str
    error:
      description: Why it failed; empty where it did not.
      type: str
  sample:
    - {namespace: litemaas, changed: true, objects: [Deployment litellm], error: ""}
"""

import gc
from concurrent.futures import ThreadPoolExecutor

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils import manifest as documents
from ansible_collections.rhpds.litemaas.plugins.module_utils import rollout
from ansible_collections.rhpds.litemaas.plugins.module_utils.apply import Applier
from ansible_collections.rhpds.litemaas.plugins.module_utils.connection import ARGUMENT_SPEC, connect
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.failures import told
from ansible_collections.rhpds.litemaas.plugins.module_utils.progress import Progress
from ansible_collections.rhpds.litemaas.plugins.module_utils.removal import Removal
from ansible_collections.rhpds.litemaas.plugins.module_utils.resources import Resources
from ansible_collections.rhpds.litemaas.plugins.module_utils.snapshot import Snapshot
from ansible_collections.rhpds.litemaas.plugins.module_utils.waiting import Waiting


def apply(module, connection, workers):
    """Applies what the module was given; see the option C(manifests)."""
    params, resources = module.params, Resources(connection)
    groups = documents.by_namespace(documents.read(params["manifests"]))
    snapshot = Snapshot(connection, resources, params["owner"])
    everything = [manifest for group in groups.values() for manifest in group]
    snapshot.load(everything, [name for name in groups if name], params["inventory"])
    applier = Applier(connection, resources, snapshot, params["owner"], module.check_mode, params["recreated"])
    outcomes = list(
        workers.map(lambda name: applier.apply(name, groups[name], params["inventory"] if name else None), groups)
    )
    applied = {outcome.namespace for outcome in outcomes if not outcome.error}
    if params["wait_for"] and not module.check_mode:
        ready = _ready(outcomes)
        waited = {
            name: [one for one in group if one["kind"] in params["wait_for"] and documents.identity(one) not in ready]
            for name, group in groups.items()
            if name in applied
        }
        waiting = Waiting(connection, resources, params["owner"], Progress(params["progress_path"]))
        _add_errors(outcomes, waiting.until_ready(waited, params["wait_timeout"], params["give_up_after"]))
    return outcomes


def _ready(outcomes):
    """Names what was ready before the run and has not been touched, so that nobody need wait for it."""
    untouched = [live for outcome in outcomes for live in outcome.untouched if live["kind"] in rollout.KINDS]
    return {documents.identity(live) for live in untouched if not rollout.pending(live)}


def remove(module, connection, workers):
    """Removes what was applied; see the option C(namespaces)."""
    params, resources = module.params, Resources(connection)
    removal = Removal(connection, resources, params["owner"], module.check_mode)
    outcomes = list(workers.map(lambda name: removal.remove(name, params["inventory"]), params["namespaces"]))
    if params["wait_for"] and not module.check_mode:
        going = [outcome.namespace for outcome in outcomes if outcome.going]
        if going:
            _add_errors(outcomes, removal.until_gone(going, params["wait_timeout"], Progress(params["progress_path"])))
    return outcomes


def _add_errors(outcomes, errors):
    for outcome in outcomes:
        outcome.error = outcome.error or errors.get(outcome.namespace)


def _result(outcomes):
    instances = [
        {
            "namespace": outcome.namespace,
            "changed": bool(outcome.changed),
            "objects": outcome.changed,
            "error": outcome.error or "",
        }
        for outcome in outcomes
    ]
    return {
        "changed": any(one["changed"] for one in instances),
        "instances": instances,
    }


def _as_text(diff):
    """Writes both sides as YAML, the language of the templates."""
    import yaml  # noqa: PLC0415  (comes with the kubernetes package, which may be missing)

    return dict(diff, **{side: yaml.safe_dump(diff[side]) if diff[side] else "" for side in ("before", "after")})


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            ARGUMENT_SPEC,
            state={"type": "str", "choices": ["present", "absent"], "default": "present"},
            manifests={"type": "str"},
            namespaces={"type": "list", "elements": "str"},
            owner={"type": "str", "default": "rhpds.litemaas"},
            inventory={"type": "str"},
            wait_for={
                "type": "list",
                "elements": "str",
                "choices": ["Deployment", "StatefulSet", "Job", "Route", "Namespace"],
                "default": [],
            },
            wait_timeout={"type": "int", "default": 600},
            give_up_after={"type": "int", "default": 120},
            concurrency={"type": "int", "default": 8},
            partial={"type": "bool", "default": False},
            recreated={"type": "list", "elements": "str", "default": []},
            progress_path={"type": "path"},
        ),
        required_if=[("state", "present", ["manifests"]), ("state", "absent", ["namespaces", "inventory"])],
        supports_check_mode=True,
    )
    concurrency = module.params["concurrency"]
    # This process only builds up, and ends soon: a collector would walk a lab's objects over and over, and free none.
    gc.disable()
    try:
        # Two more sockets than workers: the watches stay open meanwhile.
        connection = connect(module.params, connections=concurrency + 2)
        with ThreadPoolExecutor(concurrency) as workers:
            outcomes = (apply if module.params["state"] == "present" else remove)(module, connection, workers)
    except ClusterError as error:
        module.fail_json(msg=str(error))
    result = _result(outcomes)
    if module._diff:  # noqa: SLF001  (Ansible's documented way to ask for --diff)
        result["diff"] = [_as_text(diff) for outcome in outcomes for diff in outcome.diffs]
    failed = [(outcome.namespace or "cluster", outcome.error) for outcome in outcomes if outcome.error]
    if failed and (not module.params["partial"] or len(failed) == len(outcomes)):
        details = result if module.params["partial"] else {"changed": result["changed"]}
        module.fail_json(msg=f"{len(failed)} of {len(outcomes)} failed. {told(failed)}", **details)
    module.exit_json(**result)


if __name__ == "__main__":
    main()

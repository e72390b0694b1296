#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Lets the volumes of StatefulSets grow."""

from __future__ import annotations

DOCUMENTATION = r"""
module: volumes
short_description: Let the volumes of StatefulSets grow
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Compares the volumes of StatefulSets with the sizes that they shall have, and fails with one sentence where one
    cannot become as it shall be; nothing is changed then.
  - Lets the claims grow and deletes the StatefulSet without its pods. M(rhpds.litemaas.manifests) has to apply it anew
    afterwards, because a StatefulSet's own size cannot be changed.
extends_documentation_fragment:
  - rhpds.litemaas.cluster
attributes:
  check_mode:
    description: Tells what would grow, and changes nothing.
    support: full
  diff_mode:
    description: Shows the sizes.
    support: full
options:
  namespaces:
    description: Where to look.
    type: list
    elements: str
    required: true
  sizes:
    description: Size of the volumes by name of the StatefulSet.
    type: dict
    required: true
  owner:
    description: Value of the label C(app.kubernetes.io/managed-by) of what may be changed.
    type: str
    default: rhpds.litemaas
"""

EXAMPLES = r"""
- name: Give the database 50 GiB
  rhpds.litemaas.volumes:
    namespaces: [litemaas]
    sizes:
      postgres: 50Gi
"""

RETURN = r"""
grown:
  description: StatefulSets whose volumes have grown, as namespace and name; they have to be applied anew.
  returned: always
  type: list
  elements: str
  sample: [litemaas/postgres]
"""

from concurrent.futures import ThreadPoolExecutor

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.connection import ARGUMENT_SPEC, connect
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.resources import Resources
from ansible_collections.rhpds.litemaas.plugins.module_utils.volumes import Volumes

THREADS = 8


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            ARGUMENT_SPEC,
            namespaces={"type": "list", "elements": "str", "required": True},
            sizes={"type": "dict", "required": True},
            owner={"type": "str", "default": "rhpds.litemaas"},
        ),
        supports_check_mode=True,
    )
    try:
        connection = connect(module.params, connections=THREADS)
        volumes = Volumes(connection, Resources(connection), module.params["owner"])
        growths = volumes.plan(module.params["namespaces"], module.params["sizes"])
        if not module.check_mode:
            with ThreadPoolExecutor(THREADS) as workers:
                list(workers.map(volumes.grow, growths))
    except ClusterError as error:
        module.fail_json(msg=str(error))
    names = [f"{one.namespace}/{one.stateful_set}" for one in growths]
    before, after = ({name: getattr(one, side) for name, one in zip(names, growths)} for side in ("before", "after"))
    module.exit_json(changed=bool(growths), grown=names, diff={"before": before, "after": after})


if __name__ == "__main__":
    main()

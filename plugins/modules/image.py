#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Builds the program's image inside the cluster, once for the same source."""

from __future__ import annotations

DOCUMENTATION = r"""
module: image
short_description: Build the image of LiteMaaS in an OpenShift cluster
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Sends the source to a BuildConfig, and waits until the image is in the cluster's registry.
  - Nothing is built when an image of the same source is there.
extends_documentation_fragment:
  - rhpds.litemaas.cluster
attributes:
  check_mode:
    description: Nothing is built; an image that is not there is named by its tag.
    support: full
  diff_mode:
    description: There is nothing to show.
    support: none
options:
  namespace:
    description: Namespace of the image; it must exist, unless in check mode.
    type: str
    required: true
  name:
    description: Name of the image.
    type: str
    default: litemaas
  source:
    description: Folder with the C(Containerfile), a clone or an installed collection.
    type: path
    required: true
  timeout:
    description: Seconds that the build may take.
    type: int
    default: 1800
  owner:
    description: Name of the field manager, and value of the label C(app.kubernetes.io/managed-by).
    type: str
    default: rhpds.litemaas
  progress_path:
    description: File to which a line is appended for each phase; the action plugin sets it and shows the lines.
    type: path
"""

EXAMPLES = r"""
- name: Build the image
  rhpds.litemaas.image:
    namespace: litemaas
    source: "{{ playbook_dir | dirname }}"
  register: image
"""

RETURN = r"""
image:
  description: Reference of the image.
  returned: always
  type: str
  sample: image-registry.openshift-image-registry.svc:5000/litemaas/litemaas@sha256:0f1e
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils import source
from ansible_collections.rhpds.litemaas.plugins.module_utils.building import ImageBuild
from ansible_collections.rhpds.litemaas.plugins.module_utils.connection import ARGUMENT_SPEC, connect
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.progress import Progress


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            ARGUMENT_SPEC,
            namespace={"type": "str", "required": True},
            name={"type": "str", "default": "litemaas"},
            source={"type": "path", "required": True},
            timeout={"type": "int", "default": 1800},
            owner={"type": "str", "default": "rhpds.litemaas"},
            progress_path={"type": "path"},
        ),
        supports_check_mode=True,
    )
    params = module.params
    try:
        paths = source.files(params["source"])
        tag = source.digest(params["source"], paths)
        build = ImageBuild(connect(module.params), params["namespace"], params["name"], params["owner"])
        image = build.find(tag)
        if image:
            module.exit_json(changed=False, image=image)
        if module.check_mode:
            module.exit_json(changed=True, image=f"{params['name']}:{tag}")
        archive = source.archive(params["source"], paths)
        image = build.build(tag, archive, params["timeout"], Progress(params["progress_path"]))
    except ClusterError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=True, image=image)


if __name__ == "__main__":
    main()

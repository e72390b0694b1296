#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Reads models."""

from __future__ import annotations

DOCUMENTATION = r"""
module: model_info
short_description: Read models of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Deployments with their addresses, limits and prices, without their keys; left out options do not narrow the list.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.reading
options:
  model_name:
    description: Public name of the models to list.
    type: str
  model_id:
    description: Id of one deployment.
    type: str
seealso:
  - module: rhpds.litemaas.model
"""

EXAMPLES = r"""
- name: Read all models
  rhpds.litemaas.model_info:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
"""

RETURN = r"""
models:
  description: The models; empty where there are none.
  returned: success
  type: list
  elements: dict
"""

from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import inform
from ansible_collections.rhpds.litemaas.plugins.module_utils.models import find


def main():
    """Runs the module."""
    inform("models", find, model_name={"type": "str"}, model_id={"type": "str"})


if __name__ == "__main__":
    main()

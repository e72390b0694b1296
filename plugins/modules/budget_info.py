#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Reads budgets."""

from __future__ import annotations

DOCUMENTATION = r"""
module: budget_info
short_description: Read budgets of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Limits with a name, as the gateway has them.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.reading
options:
  budget_id:
    description: Its name; left out, all budgets are listed.
    type: str
seealso:
  - module: rhpds.litemaas.budget
"""

EXAMPLES = r"""
- name: Read all budgets
  rhpds.litemaas.budget_info:
  environment:
    LITEMAAS_URL: https://litellm-admin.apps.example.com
    LITELLM_MASTER_KEY: "{{ master_key }}"
"""

RETURN = r"""
budgets:
  description: The budgets; empty where there are none.
  returned: success
  type: list
  elements: dict
"""

from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import inform
from ansible_collections.rhpds.litemaas.plugins.module_utils.budgets import find


def main():
    """Runs the module."""
    inform("budgets", find, budget_id={"type": "str"})


if __name__ == "__main__":
    main()

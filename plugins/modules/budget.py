#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Makes budgets that many keys, users and teams share."""

from __future__ import annotations

DOCUMENTATION = r"""
module: budget
short_description: Manage shared budgets of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Limits with a name, which keys, users and teams take over by O(rhpds.litemaas.virtual_key#module:budget_id) and the like.
  - A budget that somebody shares cannot be deleted.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.writing
  - rhpds.litemaas.gateway.limits
options:
  budget_id:
    description: Its name.
    type: str
    required: true
seealso:
  - module: rhpds.litemaas.budget_info
"""

EXAMPLES = r"""
- name: Give students five dollars a month
  rhpds.litemaas.budget:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
    budget_id: student
    max_budget: 5
    budget_duration: 30d
"""

RETURN = r"""
budget:
  description: The budget; null where there is none.
  returned: success
  type: dict
  sample: {budget_id: student, max_budget: 5, budget_duration: 30d}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import STATE_SPEC, run
from ansible_collections.rhpds.litemaas.plugins.module_utils.management import ARGUMENT_SPEC
from ansible_collections.rhpds.litemaas.plugins.module_utils.budgets import OPTIONS, Budget


def main():
    """Runs the module."""
    module = AnsibleModule(argument_spec=dict(ARGUMENT_SPEC, **STATE_SPEC, **OPTIONS), supports_check_mode=True)
    run(module, Budget)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Makes users ahead of their first login, or without one."""

from __future__ import annotations

DOCUMENTATION = r"""
module: user
short_description: Manage users of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - A user has models and limits that hold for all their keys together.
  - A user who is deleted takes their keys and memberships with them.
  - The role of people who log in through OAuth is set anew from their groups at each login.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.writing
  - rhpds.litemaas.gateway.limits
  - rhpds.litemaas.gateway.holder
options:
  user_id:
    description: Their id.
    type: str
    required: true
  user_email:
    description: E-mail address.
    type: str
  user_alias:
    description: Their name for people.
    type: str
  user_role:
    description: What they may do in the web UI.
    type: str
    choices: [admin, admin-readonly, user]
seealso:
  - module: rhpds.litemaas.user_info
"""

EXAMPLES = r"""
- name: Let Ada spend ten dollars a month
  rhpds.litemaas.user:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
    user_id: ada
    user_email: ada@example.com
    max_budget: 10
    budget_duration: 1mo
"""

RETURN = r"""
user:
  description: The user; null where there is none.
  returned: success
  type: dict
  sample: {user_id: ada, user_role: internal_user, spend: 0.25}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import STATE_SPEC, run
from ansible_collections.rhpds.litemaas.plugins.module_utils.management import ARGUMENT_SPEC
from ansible_collections.rhpds.litemaas.plugins.module_utils.users import OPTIONS, User


def main():
    """Runs the module."""
    module = AnsibleModule(argument_spec=dict(ARGUMENT_SPEC, **STATE_SPEC, **OPTIONS), supports_check_mode=True)
    run(module, User)


if __name__ == "__main__":
    main()

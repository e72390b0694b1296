#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Reads users."""

from __future__ import annotations

DOCUMENTATION = r"""
module: user_info
short_description: Read users of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Users with their models, limits, teams and spend.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.reading
options:
  user_id:
    description: Their id; left out, all users are listed.
    type: str
seealso:
  - module: rhpds.litemaas.user
"""

EXAMPLES = r"""
- name: Read all users
  rhpds.litemaas.user_info:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
"""

RETURN = r"""
users:
  description: The users; empty where there are none.
  returned: success
  type: list
  elements: dict
"""

from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import inform
from ansible_collections.rhpds.litemaas.plugins.module_utils.users import find


def main():
    """Runs the module."""
    inform("users", find, user_id={"type": "str"})


if __name__ == "__main__":
    main()

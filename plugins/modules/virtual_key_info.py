#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Reads virtual keys."""

from __future__ import annotations

DOCUMENTATION = r"""
module: virtual_key_info
short_description: Read virtual keys of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Keys with their models, limits, state and spend, without their text; left out options do not narrow the list.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.reading
options:
  key_alias:
    description: Name of one key.
    type: str
  key_hash:
    description: Hash of one key.
    type: str
  user_id:
    description: Whose keys to list.
    type: str
  team_id:
    description: Of which team to list the keys.
    type: str
seealso:
  - module: rhpds.litemaas.virtual_key
"""

EXAMPLES = r"""
- name: Read the keys of a team
  rhpds.litemaas.virtual_key_info:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
    team_id: data-science
"""

RETURN = r"""
virtual_keys:
  description: The virtual keys; empty where there are none.
  returned: success
  type: list
  elements: dict
"""

from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import inform
from ansible_collections.rhpds.litemaas.plugins.module_utils.virtual_keys import find


def main():
    """Runs the module."""
    inform(
        "virtual_keys",
        find,
        key_alias={"type": "str", "no_log": False},
        key_hash={"type": "str", "no_log": False},
        user_id={"type": "str"},
        team_id={"type": "str"},
    )


if __name__ == "__main__":
    main()

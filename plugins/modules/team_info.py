#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Reads teams."""

from __future__ import annotations

DOCUMENTATION = r"""
module: team_info
short_description: Read teams of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Teams with their models, limits, members and spend.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.reading
options:
  team_id:
    description: Its id; left out, all teams are listed.
    type: str
seealso:
  - module: rhpds.litemaas.team
"""

EXAMPLES = r"""
- name: Read a team
  rhpds.litemaas.team_info:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
    team_id: data-science
"""

RETURN = r"""
teams:
  description: The teams; empty where there are none.
  returned: success
  type: list
  elements: dict
"""

from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import inform
from ansible_collections.rhpds.litemaas.plugins.module_utils.teams import find


def main():
    """Runs the module."""
    inform("teams", find, team_id={"type": "str"})


if __name__ == "__main__":
    main()

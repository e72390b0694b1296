#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Makes teams and says who is in them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: team
short_description: Manage teams of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - A team has models, limits and members; keys may belong to it and then share both.
  - A team that is deleted takes its keys with it.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.writing
  - rhpds.litemaas.gateway.limits
  - rhpds.litemaas.gateway.holder
options:
  team_id:
    description: Its id.
    type: str
    required: true
  team_alias:
    description: Its name for people.
    type: str
  model_aliases:
    description: Other names of models for this team, by alias.
    type: dict
  members:
    description: All members; who is not in the list is taken out. Who is no user yet becomes one.
    type: list
    elements: dict
    suboptions:
      user_id:
        description: The user.
        type: str
        required: true
      role:
        description: What they are in the team.
        type: str
        choices: [user, admin]
        default: user
seealso:
  - module: rhpds.litemaas.team_info
"""

EXAMPLES = r"""
- name: Make a team with two models and a budget
  rhpds.litemaas.team:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
    team_id: data-science
    models: [granite-3-2-8b-instruct, nomic-embed-text]
    max_budget: 1000
    budget_duration: 1mo
    members:
      - {user_id: ada, role: admin}
      - {user_id: grace}
"""

RETURN = r"""
team:
  description: The team; null where there is none.
  returned: success
  type: dict
  sample: {team_id: data-science, models: [granite-3-2-8b-instruct], spend: 12.5}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import STATE_SPEC, run
from ansible_collections.rhpds.litemaas.plugins.module_utils.management import ARGUMENT_SPEC
from ansible_collections.rhpds.litemaas.plugins.module_utils.teams import OPTIONS, Team


def main():
    """Runs the module."""
    module = AnsibleModule(argument_spec=dict(ARGUMENT_SPEC, **STATE_SPEC, **OPTIONS), supports_check_mode=True)
    run(module, Team)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Adds guardrails, changes and deletes them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: guardrail
short_description: Manage guardrails of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Rules about what may not be said to a model, or by one. What they find is blocked, masked, or only noted.
  - A guardrail guards nobody until it is bound to virtual keys, teams or models, or is for all.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.writing
options:
  name:
    description: Its name.
    type: str
    required: true
  kind:
    description:
      - What it looks for; needed for a new one, and never changed.
      - V(personal_data) needs an image with the extra C(pii).
    type: str
    choices: [pattern, secrets, personal_data]
  action:
    description: What is done with what it finds; V(block) if it is left out of a new one.
    type: str
    choices: [block, mask, log]
  sides:
    description: Whether questions, answers or both are looked at; both if it is left out of a new one.
    type: list
    elements: str
    choices: [input, output]
  patterns:
    description: Regular expressions in RE2's syntax, of kind V(pattern).
    type: list
    elements: str
  entities:
    description: Personal data to look for, such as V(EMAIL_ADDRESS), of kind V(personal_data).
    type: list
    elements: str
  for_all:
    description: Whether it guards all calls, whatever it is bound to.
    type: bool
  keys:
    description: Aliases or hashes of the virtual keys whose calls it guards, in all.
    type: list
    elements: str
  teams:
    description: Ids of the teams whose calls it guards, in all.
    type: list
    elements: str
  models:
    description: Public names of the models whose calls it guards, in all.
    type: list
    elements: str
seealso:
  - module: rhpds.litemaas.guardrail_info
"""

EXAMPLES = r"""
- name: Keep project names from a model of somebody else
  rhpds.litemaas.guardrail:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
    name: project-names
    kind: pattern
    patterns: ["(?i)project (aurora|borealis)"]
    action: mask
    sides: [input]
    models: [gpt-5]
"""

RETURN = r"""
guardrail:
  description: The guardrail; null where there is none.
  returned: success
  type: dict
  sample: {name: project-names, kind: pattern, action: mask, sides: [input], for_all: false}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import STATE_SPEC, run
from ansible_collections.rhpds.litemaas.plugins.module_utils.guardrails import OPTIONS, Guardrail
from ansible_collections.rhpds.litemaas.plugins.module_utils.management import ARGUMENT_SPEC


def main():
    """Runs the module."""
    module = AnsibleModule(argument_spec=dict(ARGUMENT_SPEC, **STATE_SPEC, **OPTIONS), supports_check_mode=True)
    run(module, Guardrail)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""A deployment counts when its gateways answer from outside."""

from __future__ import annotations

DOCUMENTATION = r"""
module: gateway_check
short_description: Wait until gateways answer through their Routes
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Asks each gateway for its models with its master key, all at the same time, until it answers.
  - A gateway that does not answer is reported in RV(instances); the module does not fail.
extends_documentation_fragment:
  - rhpds.litemaas.gateway.many
attributes:
  check_mode:
    description: Nothing is asked.
    support: full
  diff_mode:
    description: Nothing changes.
    support: none
options:
  timeout:
    description: Seconds to go on asking.
    type: int
    default: 300
"""

EXAMPLES = r"""
- name: Wait until the gateway answers
  rhpds.litemaas.gateway_check:
    gateways:
      - namespace: litemaas
        url: https://litellm-admin.apps.example.com
        key: "{{ master_key }}"
"""

RETURN = r"""
instances:
  description: By gateway its namespace and the error, empty where it answered.
  returned: always
  type: list
  elements: dict
  sample:
    - {namespace: litemaas, error: ""}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.answering import opener, until_answers
from ansible_collections.rhpds.litemaas.plugins.module_utils.many_gateways import ARGUMENT_SPEC, at_once


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(ARGUMENT_SPEC, timeout={"type": "int", "default": 300}), supports_check_mode=True
    )
    browser = opener(module.params["authorities"])

    def ask(one):
        problem = None
        if not module.check_mode:
            problem = until_answers(one["url"], one["key"], browser, module.params["timeout"])
        return {"namespace": one["namespace"], "error": problem or ""}

    module.exit_json(changed=False, instances=at_once(ask, module.params["gateways"]))


if __name__ == "__main__":
    main()

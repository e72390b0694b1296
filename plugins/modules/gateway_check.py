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
attributes:
  check_mode:
    description: Nothing is asked.
    support: full
  diff_mode:
    description: Nothing changes.
    support: none
options:
  gateways:
    description: The gateways.
    type: list
    elements: dict
    required: true
    suboptions:
      namespace:
        description: Namespace of the gateway, for the result.
        type: str
        required: true
      url:
        description: Its URL.
        type: str
        required: true
      key:
        description: Its master key.
        type: str
        required: true
  authorities:
    description: More certificate authorities to trust, as PEM text.
    type: str
    default: ""
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

from concurrent.futures import ThreadPoolExecutor

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.answering import opener, until_answers

THREADS = 16


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec={
            "gateways": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "namespace": {"type": "str", "required": True},
                    "url": {"type": "str", "required": True},
                    "key": {"type": "str", "required": True, "no_log": True},
                },
            },
            "authorities": {"type": "str", "default": ""},
            "timeout": {"type": "int", "default": 300},
        },
        supports_check_mode=True,
    )
    gateways = module.params["gateways"]
    if module.check_mode:
        module.exit_json(changed=False, instances=[{"namespace": one["namespace"], "error": ""} for one in gateways])
    browser = opener(module.params["authorities"])
    with ThreadPoolExecutor(THREADS) as workers:
        problems = workers.map(
            lambda one: until_answers(one["url"], one["key"], browser, module.params["timeout"]), gateways
        )
        instances = [{"namespace": one["namespace"], "error": error or ""} for one, error in zip(gateways, problems)]
    module.exit_json(changed=False, instances=instances)


if __name__ == "__main__":
    main()

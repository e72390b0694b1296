#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Issues virtual keys, changes and revokes them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: virtual_key
short_description: Manage virtual keys of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - A key is named by its alias, or by its hash.
  - Its text is in the result of the run that issues it and never again, unless O(key) gives it; keep the result from the log with C(no_log).
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.writing
  - rhpds.litemaas.gateway.limits
  - rhpds.litemaas.gateway.holder
options:
  key_alias:
    description: Name of the key; no two keys have the same.
    type: str
  key_hash:
    description: Hash of a key that is there.
    type: str
  key:
    description: The key's text, which begins with C(sk-); left out, the gateway makes it. A key that has another text gets this one.
    type: str
  user_id:
    description: Whose key it is; who is no user yet becomes one.
    type: str
  team_id:
    description: The team to which it belongs.
    type: str
  duration:
    description: Life from the issue on, such as V(30d), or V(never). Of a key that is there only V(never) changes the expiry.
    type: str
  allowed_routes:
    description: Paths that it may call, or V(llm_api_routes) for all on which models are called.
    type: list
    elements: str
  tags:
    description: Words for reports.
    type: list
    elements: str
  aliases:
    description: Other names of models for this key, by alias.
    type: dict
  model_max_budget:
    description: By model an amount in US dollars, or a dictionary with C(max_budget) and C(budget_duration).
    type: dict
  model_rpm_limit:
    description: Requests per minute by model.
    type: dict
  model_tpm_limit:
    description: Tokens per minute by model.
    type: dict
  uses_cache:
    description: Whether it may be answered from the response cache of a model that has one.
    type: bool
seealso:
  - module: rhpds.litemaas.virtual_key_info
"""

EXAMPLES = r"""
- name: Issue a key for a month
  rhpds.litemaas.virtual_key:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
    key_alias: workshop
    models: [granite-3-2-8b-instruct]
    max_budget: 5
    duration: 30d
  register: workshop
  no_log: true

- name: Revoke it
  rhpds.litemaas.virtual_key:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
    key_alias: workshop
    state: absent
"""

RETURN = r"""
virtual_key:
  description: The key; null where there is none. Its C(key) is there only when this run has issued it.
  returned: success
  type: dict
  sample: {key_alias: workshop, key_name: sk-...3kQx, status: active, spend: 0.5}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import STATE_SPEC, run
from ansible_collections.rhpds.litemaas.plugins.module_utils.management import ARGUMENT_SPEC
from ansible_collections.rhpds.litemaas.plugins.module_utils.virtual_keys import OPTIONS, VirtualKey


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(ARGUMENT_SPEC, **STATE_SPEC, **OPTIONS, key_hash={"type": "str", "no_log": False}),
        supports_check_mode=True,
        required_one_of=[("key_alias", "key_hash")],
        mutually_exclusive=[("key_alias", "key_hash")],
    )
    run(module, VirtualKey)


if __name__ == "__main__":
    main()

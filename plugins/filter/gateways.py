# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""From instances to what the module C(gateway_check) asks."""

from __future__ import annotations

DOCUMENTATION = r"""
name: gateways
short_description: Pick the gateways of instances that have no error
version_added: 0.2.0
description:
  - Builds the option O(rhpds.litemaas.gateway_check#module:gateways).
options:
  _input:
    description: The instances with their credentials.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Wait until all answer
  rhpds.litemaas.gateway_check:
    gateways: "{{ instances | rhpds.litemaas.gateways }}"
"""

RETURN = r"""
_value:
  description: For each instance its namespace, URL and master key.
  type: list
  elements: dict
"""


def gateways(instances):
    """Picks the gateways; see DOCUMENTATION."""
    return [
        {"namespace": one["namespace"], "url": one["admin_url"], "key": one["values"]["LITELLM_MASTER_KEY"]}
        for one in instances
        if not one["error"]
    ]


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"gateways": gateways}

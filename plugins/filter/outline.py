# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What may be told of instances: everything but their credentials."""

from __future__ import annotations

DOCUMENTATION = r"""
name: outline
short_description: Outline instances for the result of a play
version_added: 0.2.0
description:
  - Keeps of each instance its namespace and URLs, whether it changed, and its error.
options:
  _input:
    description: The instances.
    type: list
    elements: dict
    required: true
  frontend:
    description: Whether the user UI has a host of its own; else people use the admin host.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Tell what changed
  rhpds.litemaas.report:
    instances: "{{ instances | rhpds.litemaas.outline }}"
"""

RETURN = r"""
_value:
  description: For each instance C(namespace), C(admin_url), C(api_url), C(frontend_url), C(changed), C(error).
  type: list
  elements: dict
"""

_KEPT = ("namespace", "admin_url", "api_url", "changed", "error")


def outline(instances, frontend=False):
    """Outlines the instances; see DOCUMENTATION."""
    return [
        dict({name: one[name] for name in _KEPT}, frontend_url=one["frontend_url" if frontend else "admin_url"])
        for one in instances
    ]


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"outline": outline}

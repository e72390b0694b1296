# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Half of a quantity, for a program that must stay within its container's memory also while it copies what it holds."""

from __future__ import annotations

DOCUMENTATION = r"""
name: half
short_description: Half of a quantity of memory
version_added: 0.2.0
description:
  - Reads a quantity as Kubernetes writes it, and answers half of it in bytes.
options:
  _input:
    description: The quantity, such as V(512Mi).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Tell Redis how much it may hold
  ansible.builtin.debug:
    msg: "maxmemory {{ '512Mi' | rhpds.litemaas.half }}"
"""

RETURN = r"""
_value:
  description: Bytes.
  type: int
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.quantities import amount


def half(quantity):
    """Halves a quantity; see DOCUMENTATION."""
    try:
        return int(amount(quantity) / 2)
    except ClusterError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"half": half}

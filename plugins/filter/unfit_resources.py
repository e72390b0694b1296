# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Finds requests and limits that a cluster would refuse, and names the variables that hold them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: unfit_resources
short_description: Find requests and limits that a cluster would refuse
version_added: 0.2.0
description:
  - Says of each quantity that is none, and of each request that is above its limit.
options:
  _input:
    description: By component C(requests) and C(limits), each with C(cpu) and C(memory).
    type: dict
    required: true
  variables:
    description: By component what the names of its variables begin with.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Say what is wrong
  ansible.builtin.debug:
    msg: "{{ resources | rhpds.litemaas.unfit_resources({'gateway': 'litellm'}) }}"
"""

RETURN = r"""
_value:
  description: Sentences; none where all is well.
  type: list
  elements: str
"""

from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.quantities import amount


def unfit_resources(resources, variables):
    """Finds them; see DOCUMENTATION."""
    found = []
    for component, stated in resources.items():
        for name in ("cpu", "memory"):
            request, limit = (f"{variables[component]}_{name}_{side}" for side in ("request", "limit"))
            amounts = []
            for variable, side in ((request, "requests"), (limit, "limits")):
                try:
                    amounts.append(amount(stated[side][name]))
                except ClusterError as error:
                    found.append(f"{variable}: {error}")
            if len(amounts) == 2 and amounts[0] > amounts[1]:
                found.append(f"{request}, {stated['requests'][name]}, is above {limit}, {stated['limits'][name]}.")
    return found


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"unfit_resources": unfit_resources}

# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Puts together what several steps say about the same instances."""

from __future__ import annotations

DOCUMENTATION = r"""
name: outcomes
short_description: Merge the results of several steps into a list of instances
version_added: 0.2.0
description:
  - Each result is a list of dictionaries with C(namespace), and perhaps C(changed), C(error) and more.
  - An instance has changed if any step changed it, and failed with the first error that a step reports.
options:
  _input:
    description: The instances.
    type: list
    elements: dict
    required: true
  results:
    description: The steps' results; what a step did not do may be left undefined or empty.
    type: list
    elements: list
    required: true
"""

EXAMPLES = r"""
- name: Go on with the instances that have no error
  ansible.builtin.set_fact:
    good: "{{ instances | rhpds.litemaas.outcomes([applied.instances]) | selectattr('error', 'equalto', '') }}"
"""

RETURN = r"""
_value:
  description: The instances, each with C(changed), C(error), and all else that the steps say of it.
  type: list
  elements: dict
"""


def outcomes(instances, results):
    """Merges results by namespace; see DOCUMENTATION."""
    merged = {one["namespace"]: dict(one, changed=False, error="") for one in instances}
    for result in results:
        for said in result or ():
            one = merged.get(said["namespace"])
            if one is not None:
                changed = one["changed"] or bool(said.get("changed"))
                error = one["error"] or said.get("error") or ""
                one.update(said, changed=changed, error=error)
    return list(merged.values())


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"outcomes": outcomes}

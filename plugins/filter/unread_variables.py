# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Finds variables that look like ours and that nobody reads: a slip of the pen would else be silent."""

from __future__ import annotations

DOCUMENTATION = r"""
name: unread_variables
short_description: Find variables that nobody reads
version_added: 0.2.0
description:
  - Says of each name that is not known what it may have meant.
options:
  _input:
    description: Names of variables that are set.
    type: list
    elements: str
    required: true
  known:
    description: Names of variables that are read.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Say what is not read
  ansible.builtin.debug:
    msg: "{{ ['colour'] | rhpds.litemaas.unread_variables(['color']) }}"
"""

RETURN = r"""
_value:
  description: Sentences; none where all are known.
  type: list
  elements: str
"""

from difflib import get_close_matches


def unread_variables(names, known):
    """Finds them; see DOCUMENTATION."""
    return [_sentence(name, get_close_matches(name, known, n=1)) for name in sorted(set(names) - set(known))]


def _sentence(name, meant):
    return f"Nobody reads {name}." + (f" Is {meant[0]} meant?" if meant else "")


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"unread_variables": unread_variables}

# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What a play says at its end: where everything is, and how to read the password; no secret itself."""

from __future__ import annotations

DOCUMENTATION = r"""
name: summary
short_description: Say where the instances are and how to log in
version_added: 0.2.0
description:
  - URLs, user name, and the command that prints the password.
options:
  _input:
    description: The instances.
    type: list
    elements: dict
    required: true
  username:
    description: User name of the admin UI.
    type: str
    required: true
  frontend:
    description: Whether the user UI has a host of its own.
    type: bool
    default: false
  client:
    description: Command line client of the cluster.
    type: str
    default: oc
"""

EXAMPLES = r"""
- name: Say where it is
  ansible.builtin.debug:
    msg: "{{ instances | rhpds.litemaas.summary('admin') }}"
"""

RETURN = r"""
_value:
  description: Lines of text.
  type: list
  elements: str
"""


def summary(instances, username, frontend=False, client="oc"):
    """Writes the lines; see DOCUMENTATION."""
    lines = []
    for instance in instances:
        lines.append(f"LiteMaaS in namespace {instance['namespace']}:")
        lines.append(f"  Admin UI:  {instance['admin_url']}")
        lines.append(f"  API:       {instance['api_url']}")
        if frontend:
            lines.append(f"  User UI:   {instance['frontend_url']}")
    if instances:
        namespace = instances[0]["namespace"] if len(instances) == 1 else "NAMESPACE"
        command = f"{client} get secret litellm-secret -n {namespace} -o jsonpath='{{.data.UI_PASSWORD}}' | base64 -d"
        lines += [f"User name: {username}", f"Password:  {command}"]
    return lines


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"summary": summary}

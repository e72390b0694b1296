#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Reads guardrails."""

from __future__ import annotations

DOCUMENTATION = r"""
module: guardrail_info
short_description: Read guardrails of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Guardrails with what they look for, what they do, and whose calls they guard.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.reading
options:
  name:
    description: Its name; left out, all guardrails are listed.
    type: str
seealso:
  - module: rhpds.litemaas.guardrail
"""

EXAMPLES = r"""
- name: Read all guardrails
  rhpds.litemaas.guardrail_info:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
"""

RETURN = r"""
guardrails:
  description: The guardrails; empty where there are none.
  returned: success
  type: list
  elements: dict
"""

from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import inform
from ansible_collections.rhpds.litemaas.plugins.module_utils.guardrails import find


def main():
    """Runs the module."""
    inform("guardrails", find, name={"type": "str"})


if __name__ == "__main__":
    main()

# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""From declared virtual keys to the Secret that keeps their texts, because a gateway tells them only once."""

from __future__ import annotations

DOCUMENTATION = r"""
name: key_texts
short_description: Describe the Secret with the texts of declared virtual keys
version_added: 0.2.0
description:
  - Builds one entry of the option O(rhpds.litemaas.credentials#module:secrets).
options:
  _input:
    description: Virtual keys as options of M(rhpds.litemaas.virtual_key).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Make the texts once
  rhpds.litemaas.credentials:
    digest_key: LITEMAAS_SALT_KEY
    namespaces: [litemaas]
    secrets:
      virtual-keys-secret: "{{ virtual_keys | rhpds.litemaas.key_texts }}"
"""

RETURN = r"""
_value:
  description: By alias what the text shall be; keys that shall be absent are left out.
  type: dict
"""

LENGTH = 32
PREFIX = "sk-"


def key_texts(virtual_keys):
    """Describes the Secret; see DOCUMENTATION."""
    return {
        one["key_alias"]: {"value": one.get("key") or "", "length": LENGTH, "prefix": PREFIX}
        for one in virtual_keys
        if one.get("state") != "absent"
    }


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"key_texts": key_texts}

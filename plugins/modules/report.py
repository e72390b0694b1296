# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Documents the action of the same name, which does all the work on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: report
short_description: Say at the end of a play what there is, and fail if an instance failed
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Shows lines of text, and holds in its result the instances for programs that read the output of a play.
attributes:
  check_mode:
    description: It changes nothing.
    support: full
  diff_mode:
    description: It changes nothing.
    support: none
options:
  instances:
    description: The instances, as the filter P(rhpds.litemaas.outline#filter) makes them.
    type: list
    elements: dict
    required: true
  lines:
    description: What to show.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Say where everything is
  rhpds.litemaas.report:
    instances: "{{ instances | rhpds.litemaas.outline }}"
    lines: "{{ instances | rhpds.litemaas.summary('admin') }}"
"""

RETURN = r"""
instances:
  description: The instances.
  returned: always
  type: list
  elements: dict
  sample:
    - namespace: litemaas
      admin_url: https://litellm-admin.apps.example.com
      api_url: https://litellm-rhpds.apps.example.com
      frontend_url: https://litellm-frontend.apps.example.com
      changed: true
      error: ""
"""
